"""Which case of one scenario is which case of another, replication by replication."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..journal.log import EventLog
from ..plan.tables import Plan
from ..records import NONE

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Identities:
    """What makes a case the same in two scenarios, parallel arrays with one entry a case.

    `address` and `ordinal` are those of its draws: the stream it comes in and its number there, for a child matter
    what its parent's address, the fork and the visit make of them. `begun` is the second in which the case at the door
    that it stems from (itself, for most) was filed: where a change brings more cases or others, the same number comes
    at another time and is another case, and so are its child matters. A child matter may begin at another time.
    """

    address: npt.NDArray[np.uint64]
    ordinal: Int64s
    begun: Int64s

    @classmethod
    def of(cls, log: EventLog) -> Identities:
        """Those of the cases of a log, by their numbers."""
        return cls(
            np.ascontiguousarray(log.cases["address"]), np.ascontiguousarray(log.cases["ordinal"]),
            log.cases["filed"].take(_roots(np.ascontiguousarray(log.cases["parent"]))),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.address)


def _roots(parent: Int64s) -> Int64s:
    """For each case the one at the door that it stems from."""
    root = np.arange(len(parent), dtype=np.int64)
    children = np.flatnonzero(parent != NONE)
    while len(children):
        root[children] = parent[root[children]]
        children = children[parent[root[children]] != NONE]
    return root


def partners(base: Identities, changed: Identities) -> Int64s:
    """For each case of `changed` its number in `base`, NONE for one that `base` has not."""
    columns = [
        np.concatenate([getattr(base, name), getattr(changed, name)]) for name in ("begun", "ordinal", "address")
    ]
    order = np.lexsort(columns)  # equal ones as they stood: that of `base` before that of `changed`
    is_same = np.ones(max(len(order) - 1, 0), dtype=np.bool_)
    for column in columns:
        sorted_column = column[order]
        is_same &= sorted_column[1:] == sorted_column[:-1]
    first, second = order[:-1], order[1:]
    pairs = np.flatnonzero(is_same & (first < len(base)) & (second >= len(base)))
    found = np.full(len(changed), NONE, dtype=np.int64)
    found[second[pairs] - len(base)] = first[pairs]
    return found


def case_name(log: EventLog, plan: Plan, case: int) -> str:
    """The name of a case, the same in every scenario that has it: its stream and its number there.

    A child matter, and a visit to an entity of a register, has its own address behind that, in hexadecimal digits.
    """
    row = log.cases[case]
    stream = plan.streams[int(row["stream"])]
    own = "" if int(row["address"]) == stream.address else f"/{int(row['address']):016x}"
    return f"{stream.name}/{int(row['ordinal'])}{own}"
