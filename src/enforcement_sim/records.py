"""The numbers that plan, engines and log share; names a reader of a log can say aloud."""

from __future__ import annotations

from enum import IntEnum


class What(IntEnum):
    """What happened to a case, one row of the event log each."""

    ARRIVED = 0
    ENTERED = 1
    STARTED = 2
    ENDED = 3
    GAVE_UP = 4
    TURNED_AWAY = 5
    CLOSED = 6
    BROKEN_OFF = 7  # work stopped before its end; the case is back in line
    EXTENDED = 8  # a clock was extended; the team column holds the number of the clock
    RAN_OUT = 9  # a clock ran out; the team column holds the number of the clock
    LAPSED = 10  # the case left its stage because a clock had run out
    TAKEN = 11  # a named officer takes part in the work; the team column holds teams + number of the officer
    RUNNING = 12  # a clock has started before the run, at this second; the team column holds the number of the clock


class Op(IntEnum):
    """What a stage asks of the engine."""

    WORK = 0
    WAIT = 1
    GATE = 2
    DECIDE = 3
    EXIT = 4
    FORK = 5


class Family(IntEnum):
    """Families of distributions; parameters in `decisions.durations`."""

    FIXED = 0
    EXPONENTIAL = 1
    ERLANG = 2
    LOGNORMAL = 3
    HYPEREXPONENTIAL = 4
    UNIFORM = 5
    TRIANGULAR = 6
    DISCRETE = 7
    NORMAL = 8
    WEIBULL = 9
    LISTED = 10


class Days(IntEnum):
    """How a wait's length is turned into an instant."""

    SECONDS = 0
    CALENDAR_DAYS = 1
    WORKING_DAYS = 2
    MONTHS = 3


class AtClose(IntEnum):
    """What becomes of work in hand when the office closes."""

    SUSPEND = 0
    OVERTIME = 1
    RESTART = 2
    REDRAW = 3


class QueueRule(IntEnum):
    """Whom a team serves first within one priority class."""

    FIRST_COME = 0
    EARLIEST_DUE = 1
    SEVERITY = 2


class Attribute(IntEnum):
    """A fact that a way out can follow; SHARE means by chance."""

    SHARE = 0
    KIND = 1
    ORIGIN = 2
    VISIT = 3
    SEVERITY = 4
    JURISDICTION = 5  # the one that handles the case
    OUTCOME = 6  # how the child matter ended that closed last
    FILED = 7  # when the case was filed
    NOW = 8
    MOVED = 9  # whether a reform has moved it
    OFFENCE = 10  # whether it is its entity's first finding
    CREDIT = 11  # its entity's credit class when it was visited


class Measure(IntEnum):
    """What an evaluation of delegated powers looks at."""

    OPEN_EACH = 0  # open moved cases for each officer
    OVERDUE_SHARE = 1  # share of moved cases of which a clock has run out


NONE = -1
"""No team, no stage, no way out."""

DAY = 86_400
HOUR = 3_600
