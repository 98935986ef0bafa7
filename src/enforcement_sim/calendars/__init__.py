"""Working time as exact tables: when an office is open, which days are working days, when a limit runs out.

A `WorkTable` holds opening intervals in whole seconds and turns working time into clock time and back; a
`DayTable` holds working-day flags and says on which midnight a legal limit is past; `china_days` gives the flags of
published years (public holidays and make-up working days). Every answer is a look-up in a table made once, never
a loop over days, and a table that does not reach far enough says so with a CalendarError instead of guessing.
"""

from .china import china_days
from .days import DayTable
from .worktable import WorkTable

__all__ = ["DayTable", "WorkTable", "china_days"]
