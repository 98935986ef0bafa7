"""Registers of entities as numbers: what the history of all entities is drawn from."""

from __future__ import annotations

from dataclasses import dataclass

NEVER = -(2**62)
"""Second of a finding that has never been."""

ALL, KEY, NOT_KEY = 0, 1, 2
"""Whom a plan of visits is for."""

Shares = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Entities of one jurisdiction and class at the start; they are numbered within the group, too."""

    jurisdiction: int
    credit: int  # class at the start
    count: int
    address: int  # stable number, for draws about entities
    cases: int  # stable number, for draws about the cases that visits bring


@dataclass(frozen=True, slots=True)
class SampleRow:
    """Visits by lot: it is drawn at the first second, the visits are spread over the office time up to the last."""

    begins: int
    ends: int
    of: int
    shares: Shares  # by class
    exact: bool
    question: int


@dataclass(frozen=True, slots=True)
class YearRow:
    """Visits that are planned for one calendar year, or for the part of it that lies in the period."""

    begins: int
    ends: int
    of: int
    visits: Shares  # to each entity, by class
    question: int


@dataclass(frozen=True, slots=True)
class LeadRow:
    """Automatic leads about the entities of one class."""

    credit: int
    of: int
    mean: float  # seconds of office time between two leads about one entity
    false_alarms: float
    false_kind: int
    question: int
    cases: tuple[int, ...]  # by group: stable number, for draws about the cases that leads bring


@dataclass(frozen=True, slots=True)
class VisitorRow:
    """An origin that visits the entities of a register."""

    origin: int
    calendar: int
    samples: tuple[SampleRow, ...]
    years: tuple[YearRow, ...]
    leads: tuple[LeadRow, ...]

    @property
    def lots(self) -> tuple[SampleRow | YearRow, ...]:
        """All that is planned at one moment for many entities."""
        return (*self.samples, *self.years)


@dataclass(frozen=True, slots=True)
class RescoringRow:
    """One day on which all entities are scored anew."""

    time: int
    visit: int  # month since year 0, or number in the list: which draw decides


@dataclass(frozen=True, slots=True)
class CapRow:
    """A yearly cap of visits."""

    since: int
    visits: int
    exempt: frozenset[int]  # visitors, by number in the register's row
    exempt_classes: frozenset[int]


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One register; classes are numbered from 0, the best."""

    name: str
    credits: tuple[int, ...]  # of each class: its number among the plan's names of classes
    groups: tuple[GroupRow, ...]
    found: Shares  # by class: share of visits that find something
    key_found: Shares  # the same for key entities
    kinds: tuple[tuple[tuple[int, ...], Shares], ...]  # by class: kinds of findings and their cumulated shares
    clean_kind: int
    key_share: Shares  # by class at the start
    key_entities: frozenset[int]
    found_before: Shares  # by class at the start
    down: int
    clean_visits: int  # 0: never
    clean_for: int  # seconds, 0: never
    window: int  # seconds within which a finding is no first one, 0: the whole run
    rescorings: tuple[RescoringRow, ...]
    moves: tuple[tuple[tuple[int, ...], Shares], ...]  # by class: classes that entities move to, cumulated shares
    caps: tuple[CapRow, ...]  # rising in time
    year_starts: tuple[int, ...]  # seconds, the first at or before 0
    visitors: tuple[VisitorRow, ...]

    @property
    def entities(self) -> int:
        """Number of entities."""
        return sum(group.count for group in self.groups)
