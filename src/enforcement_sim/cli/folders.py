"""Commands about folders of finished results: what is in them, put together, asked, and taken out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..studies.disk import located
from .options import AnswerForm


def status(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", parser=located, help="Folder that `run`, `compare` or `sweep` has written.")
    ],
) -> None:
    """Say what is finished in a folder of results, and whether it is of today's program."""
    from .status import tell_status

    tell_status(folder)


def merge(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", parser=located, help="Folders with parts of the same study.")
    ],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", parser=located, help="Folder that takes them in; may hold some already."),
    ],
) -> None:
    """Put together what several machines have finished of the same study."""
    from ..studies.merging import merge as put_together

    typer.echo(f"{put_together(out, folders)} replications are new in {out}")


def query(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", parser=located, help="Folder that `run`, `compare` or `sweep` has written.")
    ],
    question: Annotated[
        str, typer.Argument(metavar="SQL", help="Over the views findings, runs, times, machines and scenarios.")
    ] = "SUMMARIZE findings",
    form: Annotated[AnswerForm, typer.Option("--format", help="table for people; csv and json for programs.")] = (
        AnswerForm.table
    ),
) -> None:
    """Ask finished results a question in SQL (DuckDB's)."""
    from .status import answer

    answer(folder, question, form.value)


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", parser=located, help="Folder that `run` has written.")],
    replication: Annotated[
        int, typer.Option("--replication", "-k", min=0, help="Which replication, counted from 0.")
    ] = 0,
    scenario: Annotated[
        str | None, typer.Option("--scenario", help="Which scenario, if the folder holds several.")
    ] = None,
) -> None:
    """Write the event log of one replication as CSV and XES."""
    from .running import export_log

    export_log(folder, replication, scenario)
