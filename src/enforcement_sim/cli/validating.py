"""The command that holds the engine against cases with known answers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import typer

from ..errors import ResultsError
from ..files.explain import nearest
from ..studies.book import keep_answers
from ..studies.disk import make_folder
from ..studies.validation import EFFORTS, catalogue, validate
from .several import several


def validate_folder(folder: Path, cases: list[str], effort: str, workers: int | None, keep: Path | None) -> None:
    """Run cases, print a line each, keep the answers if asked, and end with exit code 1 if one fails."""
    found = catalogue(folder)
    unknown = [case for case in cases if case not in found.cases]
    if unknown:
        raise ResultsError(f"no case '{unknown[0]}' in {folder}", try_=nearest(unknown[0], found.cases))
    if keep is not None and cases:
        raise ResultsError("the book has every case, and only some are asked for", try_="--keep without --case")
    if keep is not None:
        make_folder(keep)  # before the work, and not after it
    chosen = cases or list(found.cases)
    pieces = [(found, case, EFFORTS[effort]) for case in chosen]
    results = pd.concat(several("validation", "cases", validate, pieces, workers), ignore_index=True)
    for case in chosen:
        rows = results[results["case"] == case]
        verdict = "passes" if bool(rows["passes"].all()) else "FAILS"
        typer.echo(f"{case}  {verdict}  {len(rows)} answers, largest z or error {rows['z'].abs().max():.2g}")
        for row in rows[~rows["passes"]].to_dict("records"):
            typer.echo(f"     {row['metric']}: expected {row['expected']:.6g}, got {row['got']:.6g} ± {row['se']:.2g}")
    passed = int(results.groupby("case")["passes"].all().sum())
    typer.echo(f"{passed} of {len(chosen)} cases pass, {len(found.waiting)} wait for a construct")
    if keep is not None:
        keep_answers(keep, found, results, effort)
    if passed < len(chosen):
        raise typer.Exit(1)
