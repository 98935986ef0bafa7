"""What the validation book is made of: every answer of every case, and runs that both engines tell, kept as tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..engines.choice import engine
from ..errors import ResultsError
from ..files.read import load
from ..journal.log import EventLog
from ..model.scenario import Scenario
from ..plan.build import build
from ..records import What
from .backtest import errors
from .disk import write_text
from .provenance import digest, environment, scenario_digest
from .validation import Catalogue

ANSWERS, RUNS, BACKTESTS, ABOUT = "answers.csv", "runs.csv", "backtests.csv", "about.json"
RUN_COLUMNS = ("scenario", "of", "rows", "filed", "closed", "open", "log", "reference")
LIMIT = 1.96
LEFT = (What.ENDED, What.GAVE_UP, What.TURNED_AWAY, What.LAPSED)


@dataclass(frozen=True)
class Kept:
    """The tables of a book and what is told of the run that made them."""

    answers: pd.DataFrame
    runs: pd.DataFrame
    backtests: pd.DataFrame
    about: Mapping[str, Any]


def case_digest(found: Catalogue, case: str) -> str:
    """A short checksum of all that a case is: its scenarios and its answers."""
    scenarios = [of_file(path) for path in found.files(case).values()]
    return digest([scenarios, found.cases[case]])[:12]


def of_file(path: Path) -> str:
    """A short checksum of all that moves a result of a scenario file."""
    return _short(load(path))


def _short(scenario: Scenario) -> str:
    return scenario_digest(scenario)[:12]


def keep_answers(folder: Path, found: Catalogue, answers: pd.DataFrame, effort: str) -> None:
    """Write the answers of all cases, and of which program and effort they are."""
    digests = {case: case_digest(found, case) for case in dict.fromkeys(answers["case"])}
    write_text(folder / ANSWERS, answers.assign(of=answers["case"].map(digests)).to_csv(index=False))
    write_text(folder / ABOUT, json.dumps({"effort": effort, "environment": environment()}, indent=1) + "\n")


def told_by(file: Path, name: str, by_reference: bool) -> tuple[Any, ...]:
    """One replication of a scenario: rows, cases filed, closed and open, and the logs' checksums; RUN_COLUMNS.

    Open cases are counted by where they are, entered and not left, and not as what is missing of the filed. `reference`
    is the checksum of the reference engine's log, or says that it was not asked.
    """
    scenario = load(file)
    plan = build(scenario)
    log = engine("fast")(plan, 0)
    reference = engine("reference")(plan, 0).digest if by_reference else "not asked"
    return name, _short(scenario), len(log), *counted(log), log.digest, reference


def counted(log: EventLog) -> tuple[int, int, int]:
    """Cases filed, closed, and open at the end."""
    filed, closed = int(log.rows(What.ARRIVED).sum()), int(log.rows(What.CLOSED).sum())
    return filed, closed, int(log.rows(What.ENTERED).sum() - np.isin(log.what, LEFT).sum())


def keep_runs(folder: Path, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write what `told_by` found of several scenarios."""
    write_text(folder / RUNS, pd.DataFrame(rows, columns=list(RUN_COLUMNS)).to_csv(index=False))


def keep_backtests(folder: Path, forecasts: pd.DataFrame) -> None:
    """Write the errors of back-tests on published series."""
    write_text(folder / BACKTESTS, errors(forecasts).to_csv(index=False))


def kept(folder: Path) -> Kept:
    """The tables of a folder. Raises ResultsError where one is missing or cannot be read."""
    return Kept(
        _read(folder / ANSWERS, _table),
        _read(folder / RUNS, _table),
        _read(folder / BACKTESTS, _table),
        _read(folder / ABOUT, lambda path: json.loads(path.read_bytes())),
    )


def _read(path: Path, reader: Callable[[Path], Any]) -> Any:
    try:
        return reader(path)
    except (OSError, ValueError) as error:
        raise ResultsError(
            f"{path} is missing or spoilt: {error}", try_="enforcement-sim validate --keep DIR"
        ) from None


@dataclass(frozen=True)
class Spread:
    """Of all z values of answers with chance in them: how many, mean, standard deviation, and the share beyond LIMIT.

    `expected` is the share that chance alone would send there, as standard errors are themselves known from few
    replications (Student's t).
    """

    count: int
    mean: float
    sd: float
    beyond: float
    expected: float


def spread(answers: pd.DataFrame) -> Spread:
    """How the z values of a table of answers lie."""
    from scipy.special import stdtr

    z, n = answers.loc[answers["se"] > 0, "z"], answers.loc[answers["se"] > 0, "n"]
    expected = float(np.mean(2.0 * stdtr(n.to_numpy() - 1.0, -LIMIT)))
    return Spread(len(z), float(z.mean()), float(z.std()), float((z.abs() > LIMIT).mean()), expected)


def _table(path: Path) -> pd.DataFrame:
    # Checksums are no numbers, also where all their digits are decimal.
    return pd.read_csv(path, dtype=dict.fromkeys(("case", "metric", "of", "log", "reference"), str))


def outdated(found: Catalogue, answers: pd.DataFrame) -> list[str]:
    """Cases whose scenario or expected answers are others than those that were run, or that were not run."""
    then = answers.groupby("case")["of"].agg(set)
    return [case for case in found.cases if then.get(case) != {case_digest(found, case)}]
