"""Words to calls: the command line. Heavy rooms are opened only by the command that needs them."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command; whatever a user can cause ends with a message and exit code 2, never with a traceback."""
    from ..errors import EnforcementSimError
    from .app import app

    try:
        app(standalone_mode=True)
    except EnforcementSimError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:
        print(f"{error.filename or 'file system'}: {error.strerror or error}", file=sys.stderr)
        print("  try:  another folder with --out, or free some space", file=sys.stderr)
        sys.exit(2)
