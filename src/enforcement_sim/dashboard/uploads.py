"""Scenario files that a browser sends."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from pathlib import PurePosixPath

from ..errors import Problem, ResultsError, ScenarioError
from ..files.opened import Opened
from .workspace import Workspace, title_in

LARGEST = 1_000_000
"""Bytes of a scenario file that is sent."""
LARGEST_REQUEST = 2 * LARGEST
"""Bytes of any request: a file comes in letters of six bits, with some words around it."""
_OTHER = re.compile(r"[^\w.-]+")


def upload(workspace: Workspace, name: str, text: str, folder: str) -> Opened:
    """A text read and checked as if it stood in a folder of the workspace.

    Raises ScenarioError with the file's own name, line and column for what is wrong with it.
    """
    beside = beside_of(name, folder)
    try:
        return workspace.open_text(text, beside)
    except ScenarioError as error:
        raise ScenarioError([_own(fault, beside, name) for fault in error.problems]) from None


def beside_of(name: str, folder: str) -> str:
    """Where an upload would stand. No file has such a name, so that it is never taken for one of the workspace."""
    return (PurePosixPath(folder) / f".upload-{name}").as_posix()


def _own(fault: Problem, beside: str, name: str) -> Problem:
    return replace(fault, file=name if fault.file == beside else fault.file)


def text_of(contents: str) -> str:
    """The text of a file as a browser sends it, `data:…;base64,…`; ResultsError if it is none or too large."""
    _, _, coded = contents.partition(",")
    if len(coded) > LARGEST * 4 // 3 + 8:
        raise _too_large()
    try:
        content = base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError):
        raise ResultsError("the file did not arrive whole", try_="once more") from None
    if len(content) > LARGEST:
        raise _too_large()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ResultsError(f"not a UTF-8 text (byte {error.start})", try_="save the file as UTF-8") from None


def _too_large() -> ResultsError:
    return ResultsError(
        f"the file has more than {LARGEST / 1e6:.0f} MB", try_="a scenario is told in kilobytes: is this another file?"
    )


def name_of(filename: str) -> str:
    """The name of a file without the folders before it, and without letters that no name should have."""
    last = filename.replace("\\", "/").rsplit("/", 1)[-1]
    told = _OTHER.sub("-", last).strip(".-")[:80]
    return told or "scenario.yaml"


def check_kind(text: str, name: str) -> None:
    """ScenarioError for a sweep, which is no scenario. Anything else is for the reader to judge."""
    if title_in(text, name) is None and re.search(r"^sweep\s*:", text, re.MULTILINE):
        raise ScenarioError(Problem("this is a sweep, not a scenario", file=name, try_="run it: enforcement-sim sweep"))
