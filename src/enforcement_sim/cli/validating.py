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
from ..studies.disk import write_text
from ..studies.validation import EFFORTS, Effort, catalogue, docs_table, validate
from ..studies.workers import processors
from .progress import Told

_PAGE = """# Validation: cases with known answers

{passed} of {count} cases pass; {waiting} wait for a construct that is not modelled yet. Each case is a scenario file of
`scenarios/validation/` that goes through the same reading, checking, planning, running and measuring as any other.
Written by `enforcement-sim validate --effort {effort} --write docs/validation.md`. The last column says how wide the
net was: the largest standard error of a case's answers, relative to the answer.

- **Answers** come from closed formulas, linear solves and uniformisation; `scenarios/validation/expected.yaml` holds
  them. A mean over independent replications must lie within four standard errors. With {answers} answers chance alone
  sends one beyond that now and then; such a case is run again with fresh seeds and four times the replications before
  it is called a failure.
- **Published simulations** (group K) are read over the window and by the definitions of their sources. Their expected
  values were simulated too, so the standard error of the source is added to ours; where a source printed a half-width,
  its own value must agree as well.
- **Traces** (group J) can be followed by hand and must agree to the second.
- One unit of a queueing case is one day here, so that whole seconds round nothing away.

{table}"""


def validate_folder(folder: Path, cases: list[str], effort: str, workers: int | None, write: Path | None) -> None:
    """Run cases, print a line each, and end with exit code 1 if one fails."""
    found = catalogue(folder)
    unknown = [case for case in cases if case not in found.cases]
    if unknown:
        raise ResultsError(f"no case '{unknown[0]}' in {folder}", try_=nearest(unknown[0], found.cases))
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
    if write is not None:
        table = docs_table(found, results)
        waiting = len(found.waiting)
        page = _PAGE.format(
            passed=passed, count=len(found.cases) + waiting, waiting=waiting, effort=effort, table=table,
            answers=sum(len(body["expected"]) for body in found.cases.values()),
        )  # fmt: skip
        write_text(write, page)
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
            told("validation", len(tables), len(cases))
    return pd.concat([tables[case] for case in cases], ignore_index=True)
