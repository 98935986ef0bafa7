"""Which findings somebody wants, by the names of the table of findings, and which measures that table has."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .figures import Strict

ItemKind = Literal[
    "clock", "stage", "procedure", "team", "line", "label", "phase", "cases", "all", "age", "class", "origin"
]
"""What the items of a measure name. `line` is a team and a stage, TEAM/STAGE; `class` and `origin` begin with the
register, REGISTER/CLASS."""

MEASURES: dict[str, ItemKind] = {
    "count": "label",
    **dict.fromkeys(("open_at_start", "filed", "closed", "open_at_end"), "cases"),
    "start_age": "age",
    "backlog": "phase",
    "backlog_mean": "all",
    **dict.fromkeys(
        ("clock_started", "overdue_share", "extended_share", "days_mean", "days_median", "days_p90"), "clock"
    ),
    **dict.fromkeys(("stay_mean", "stay_median", "stay_p90"), "stage"),
    **dict.fromkeys(("resolution_mean", "resolution_median", "resolution_p90"), "procedure"),
    **dict.fromkeys(("officer_hours", "work_hours", "overtime_hours", "use"), "team"),
    **dict.fromkeys(("wait_mean", "wait_p90"), "line"),
    **dict.fromkeys(
        ("entity_visits", "entity_findings", "visits_each", "entities_visited", "most_visits", "class_size"), "class"
    ),
    "cap_hits": "origin",
}
"""Every measure of the table of findings, and what its items name."""

BY_DAY = "backlog"
"""The one measure whose period is a day, counted from the start, and no year."""


class WantedFinding(Strict):
    """Findings by name; what is left out means every one."""

    measure: str = Field(description="Measure as in the table of findings, e.g. `days_median`.")
    jurisdiction: str | None = Field(None, description="Jurisdiction (default: every one).")
    field: str | None = Field(None, description="Field of enforcement (default: every one).")
    item: str | None = Field(None, description="Item of the measure, e.g. a team or a stage (default: every one).")
    period: str | int | None = Field(None, description="Year, or day of the backlog (default: every one).")

    @property
    def told(self) -> str:
        """What is wanted, in the words of the table of findings, such as `use binhai_market 2025`."""
        parts = (self.measure, self.jurisdiction, self.field, self.item, self.period)
        return " ".join(str(part) for part in parts if part is not None and part != "all")
