"""All tables of one replication, as one value."""

from __future__ import annotations

import pandas as pd

from ..journal.log import EventLog
from ..plan.tables import Plan
from . import backlog, clocks, flows, registers, staff, start, stays
from .frame import stacked
from .visits import visits


def findings(log: EventLog, plan: Plan) -> pd.DataFrame:
    """The long table of everything that is measured in one replication.

    Columns: measure, jurisdiction, field, item, period, value. `period` is a year, or for `backlog` the number
    of the day since the start; `all` stands for a total. Units are told by the measures themselves.
    """
    seen = visits(log)
    return stacked(
        [
            flows.flows(log, plan, seen),
            start.start_findings(log, plan, seen),
            backlog.backlog(log, plan, seen),
            clocks.clock_findings(log, plan, seen),
            stays.stays(plan, seen),
            stays.resolution(log, plan, seen),
            staff.staff(log, plan, seen),
            staff.line_waits(plan, seen),
            registers.register_findings(log, plan),
        ]
    )
