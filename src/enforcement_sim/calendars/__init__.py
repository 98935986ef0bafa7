"""Working time as exact tables: when an office is open, which days are working days, when a limit runs out."""

from .china import china_days
from .days import DayTable
from .worktable import WorkTable

__all__ = ["DayTable", "WorkTable", "china_days"]
