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


class Op(IntEnum):
    """What a stage asks of the engine."""

    WORK = 0
    WAIT = 1
    GATE = 2
    DECIDE = 3
    EXIT = 4


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
    """A fact known at the door that a way out can follow; SHARE means by chance."""

    SHARE = 0
    KIND = 1
    ORIGIN = 2
    VISIT = 3


NONE = -1
"""No team, no stage, no way out."""

DAY = 86_400
HOUR = 3_600
