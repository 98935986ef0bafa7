"""Which means are no level: those of open cases and of waiting where more comes than can be done."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

OF_JURISDICTION = {"backlog", "backlog_mean", "backlog_at_end", "open_at_end", "overdue_share"} | {
    f"{what}_{how}" for what in ("days", "stay", "resolution") for how in ("mean", "median", "p90")
}
"""Measures that grow with the length of the run where the jurisdiction of their cases is overloaded."""
OF_TEAM = {"wait_mean", "wait_p90"}
"""The same where the team is, whose name stands in the item before the stage's."""


def overloaded(verdicts: pd.DataFrame) -> list[str]:
    """The jurisdictions and teams that are overloaded, of a table of `measures.overload.overload_table`."""
    return [str(name) for name in verdicts["name"][verdicts["verdict"] == "overloaded"]]


def without_level(table: pd.DataFrame, names: Collection[str]) -> pd.Series:
    """Whether each row of a table with measure, jurisdiction and item tells of what is overloaded.

    `names` are the jurisdictions and teams that are.
    """
    team = table["item"].astype(str).str.split("/").str[0]
    of_place = table["measure"].isin(OF_JURISDICTION) & table["jurisdiction"].isin(names)
    return of_place | (table["measure"].isin(OF_TEAM) & team.isin(names))
