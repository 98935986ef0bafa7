"""The command that holds the engine against cases with known answers."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import pandas as pd
import typer

from ..engines.choice import prepare
from ..errors import ResultsError
from ..files.explain import nearest
from ..studies.book import keep_answers
from ..studies.disk import make_folder
from ..studies.validation import EFFORTS, Effort, catalogue, validate
from ..studies.workers import processors
from .progress import Told


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
    results = _run(folder, chosen, EFFORTS[effort], workers or processors())
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


def _run(folder: Path, cases: list[str], effort: Effort, workers: int) -> pd.DataFrame:
    context = multiprocessing.get_context("spawn")
    prepare("fast", typer.echo)
    with Told() as told, ProcessPoolExecutor(min(workers, len(cases)), mp_context=context) as pool:
        waiting = {pool.submit(validate, catalogue(folder), case, effort): case for case in cases}
        tables: dict[str, pd.DataFrame] = {}
        for future in as_completed(waiting):
            tables[waiting[future]] = future.result()
            told("validation", len(tables), len(cases), "cases")
    return pd.concat([tables[case] for case in cases], ignore_index=True)
