"""The decorator of compiled functions, with its cache on disk."""

from __future__ import annotations

from functools import partial

import numba

njit = partial(numba.njit, cache=True)
