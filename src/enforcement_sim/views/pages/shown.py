"""What a report is made of; pages format and draw it and compute nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from ...measures.comparison import Compared
from ...measures.tables import ScenarioTables
from ...model.figures import Language, Title
from ..animation_table import Movements
from ..charts import Series
from ..html import both
from ..questions import Answers
from ..sweep_tables import SweepTables
from ..theme import colour
from ..words import Names, word


def _empty() -> pd.DataFrame:
    return pd.DataFrame()


@dataclass(frozen=True)
class Traced:
    """What the log of one replication tells beyond its findings.

    `ways` has a row for each way that cases took: phase, stage, to_phase, to (a stage or an outcome), is_return (had
    been there before), is_end, cases. `register` is that of `measures.register`, dated. `cases`, `stays` and `clocks`
    are those of `studies.histories`.
    """

    replication: int
    digest: str
    ways: pd.DataFrame
    register: pd.DataFrame
    cases: pd.DataFrame
    stays: pd.DataFrame
    clocks: pd.DataFrame


@dataclass(frozen=True)
class Shown:
    """Scenarios beside a base, and the sweep that they are points of, if any.

    `tables` has the base first, `others` says of each of the rest what it does beside the base, `totals` has the
    summary of all findings of each. `traced` is of one replication of the last; `movements` are those of the same
    replication, with the base beside them; `terms` names parts of procedures.
    `sure` has a row for each scenario and measure: how far its mean can be trusted; `staffing` what `staffing_curves`
    gives; `origin` are facts about the results, by a word.
    """

    title: Title
    names: Names
    tables: Sequence[ScenarioTables]
    others: Sequence[Compared] = ()
    totals: Sequence[pd.DataFrame] = ()
    traced: Traced | None = None
    movements: Movements | None = None
    terms: Names = field(default_factory=dict)
    sweep: SweepTables | None = None
    answers: Answers | None = None
    sensitivity: pd.DataFrame = field(default_factory=_empty)
    staffing: pd.DataFrame = field(default_factory=_empty)
    sure: pd.DataFrame = field(default_factory=_empty)
    origin: Mapping[str, str] = field(default_factory=dict)

    @property
    def base(self) -> ScenarioTables:
        """The scenario that the others are held against."""
        return self.tables[0]

    @property
    def places(self) -> list[str]:
        """The jurisdictions that have cases in some scenario, all together first."""
        found = pd.concat([one.balance["jurisdiction"] for one in self.tables]).unique().tolist()
        return sorted(map(str, found), key=lambda place: place != "all")

    @property
    def told_places(self) -> list[str]:
        """Those of which pages tell in detail: with many scenarios not those that none of them moves."""
        if len(self.tables) < MANY:
            return self.places
        return [place for place in self.places if is_moved(self.others, place)]

    @property
    def reform_on(self) -> dt.date | None:
        """The day of the first reform among the scenarios."""
        return min((one.reform_on for one in self.tables if one.reform_on is not None), default=None)


MANY = 3
"""From so many scenarios on, places that none of them moves are left to the overview."""


def is_moved(others: Sequence[Compared], place: str) -> bool:
    """Whether chance does not explain what some scenario does to a place; the total is always worth a look."""
    rows = pd.concat([one.open_cases for one in others])
    here = rows[rows["jurisdiction"] == place]
    return place == "all" or bool(((here["low"] > 0) | (here["high"] < 0)).any())


def series(shown: Shown, rows: Sequence[pd.DataFrame], language: Language, first: int = 0) -> list[Series]:
    """Tables of the scenarios from the `first` on, with the label and colour that each scenario has in all charts."""
    return [
        Series(told(one.title, language), colour(number), table)
        for number, (one, table) in enumerate(zip(shown.tables[first:], rows, strict=True), start=first)
    ]


def told(title: Title, language: Language) -> str:
    """A title in one language."""
    return title.en if language == "en" else title.zh


def from_one(shown: Shown, traced: Traced) -> str:
    """A line that says of which scenario and replication a log is."""
    facts = {"replication": traced.replication, "digest": traced.digest[:12]}
    said = both(lambda code: word("from_one", code).format(title=told(shown.tables[-1].title, code), **facts))
    return f'<p class="how">{said}</p>'
