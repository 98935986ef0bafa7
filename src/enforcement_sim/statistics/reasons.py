"""Why an answer stands with a reservation, or cannot be given, as words that a page can translate."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The reservation of an answer; `NONE`, which is empty and false, where there is none."""

    NONE = ""
    TOO_FEW = "too_few"
    """Fewer values than any interval of the kind needs."""
    MISSING = "missing"
    """Some replications have no value, so those that have one are no fair sample."""
    NO_SPREAD = "no_spread"
    """All values are equal: chance cannot be judged by them."""
    ZERO_MEAN = "zero_mean"
    """A width relative to a mean of zero."""
    AT_LIMIT = "at_limit"
    """The best choice is the last that was allowed, so the true one may lie beyond."""
    NOT_YET = "not_yet"
    """More replications are needed first."""
    OUT_OF_REACH = "out_of_reach"
    """More replications would be needed than anybody runs."""
    OUTSIDE = "outside"
    """The method does not hold for these values."""
