"""Commands as a user types them, in the process of the test: to open the program anew takes longer than most of them."""

from __future__ import annotations

import contextlib
import gc
import io
import sys
import traceback
import warnings
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock

from enforcement_sim.cli import main


def command(*words: object, cwd: Path | None = None) -> CompletedProcess[str]:
    """What a command has printed, and the code that it ended with; 1 and a traceback for what it did not catch."""
    line = ["enforcement-sim", *map(str, words)]
    out, told = io.StringIO(), io.StringIO()
    code: object = 0
    thresholds = gc.get_threshold()
    with (
        mock.patch.object(sys, "argv", line),
        contextlib.chdir(cwd or Path.cwd()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(told),
        warnings.catch_warnings(),  # which also puts back how they are shown
    ):
        warnings.simplefilter("default")
        try:
            main()
        except SystemExit as end:
            code = end.code
        except Exception:
            traceback.print_exc()
            code = 1
    gc.set_threshold(*thresholds)
    return CompletedProcess(line, int(str(code or 0)), out.getvalue(), told.getvalue())
