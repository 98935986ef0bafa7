"""Words to calls: the command line. Heavy rooms are opened only by the command that needs them."""

from __future__ import annotations

import gc
import io
import sys
import warnings


def main() -> None:
    """Run the command; whatever a user can cause ends with a message and exit code 2, never with a traceback."""
    # Opening the rooms makes some hundred thousand objects that stay: a collector that starts every few hundred would
    # look through all of them again and again, for a tenth of a small run.
    gc.set_threshold(100_000, 50, 50)
    warnings.showwarning = _told
    _speakable()
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


def _speakable() -> None:
    """Titles are Chinese too: where the system's letters lack some (Windows, into a pipe), they are told by number.

    Else a print would end the command, after the work was done. JSON reads such a number as the letter.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # not what a test or a notebook has put in its place
            stream.reconfigure(errors="backslashreplace")


def _told(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:  # noqa: ARG001
    """A warning is told as a sentence: where in the program it was raised helps no user."""
    print(f"note: {message}", file=sys.stderr)
