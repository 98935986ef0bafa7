"""The command with which who has installed the program, and not cloned the project, begins."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from ..errors import ResultsError
from ..files.repository import SCENARIOS, shipped
from ..studies.disk import written


def start(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that takes them in; made if it is not there.")],
) -> None:
    """Copy the scenarios, procedures, laws and cases that come with the program, to run them and to change them."""
    into, part = folder / SCENARIOS, folder / f".{SCENARIOS}.part"
    if into.exists():
        raise ResultsError(f"{into} is there already, and is left as it is", try_="another folder")
    with written(folder):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(part, ignore_errors=True)  # of a copy that was broken off
        shutil.copytree(shipped(), part)
        part.rename(into)
    count = sum(file.is_file() for file in into.rglob("*"))
    typer.echo(f"{count} files in {into}; try: enforcement-sim run {into / 'tianjin' / 'shift_without_staff.yaml'}")
