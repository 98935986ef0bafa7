"""What holds for the whole suite."""

import os

# The kernel's functions run as plain Python here: what they do is tested, not what a compiler makes of them.
os.environ["NUMBA_DISABLE_JIT"] = "1"
