"""Registers as rows: entities by jurisdiction and class, plans of visits, moves between classes, caps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from ..calendars import WorkTable
from ..decisions.dice import question
from ..errors import CalendarError
from ..model import derive
from ..model.figures import Figure
from ..model.origins import Inspections
from ..model.registers import Campaign, Register
from ..model.scenario import Scenario
from ..model.staffing import second_of
from ..records import DAY
from .register_tables import (
    ALL,
    KEY,
    NOT_KEY,
    CapRow,
    GroupRow,
    LeadRow,
    RegisterRow,
    RescoringRow,
    SampleRow,
    Shares,
    VisitorRow,
    YearRow,
)
from .tables import Names

_OF = {"all": ALL, "key": KEY, "not_key": NOT_KEY}


def register_rows(scenario: Scenario, names: Names, work_tables: tuple[WorkTable, ...]) -> tuple[RegisterRow, ...]:
    """One row for every register, in the order of the file. Raises CalendarError for visits on days off."""
    return tuple(_Rows(scenario, names, work_tables, name).row() for name in scenario.registers)


def register_of(scenario: Scenario, origin: Inspections) -> int:
    """The number of the register that an origin visits."""
    return list(scenario.registers).index(origin.of_register)


class _Rows:
    def __init__(self, scenario: Scenario, names: Names, work_tables: tuple[WorkTable, ...], name: str) -> None:
        self.scenario = scenario
        self.names = names
        self.work_tables = work_tables
        self.name = name
        self.register: Register = scenario.registers[name]
        self.classes = list(self.register.classes)
        self.visitors = {
            key: origin
            for key, origin in scenario.origins.items()
            if isinstance(origin, Inspections) and origin.of_register == name
        }

    def row(self) -> RegisterRow:
        register, classes = self.register, self.register.classes
        key, rescoring, groups = register.key, register.rescoring, self._groups()
        return RegisterRow(
            name=self.name,
            credits=tuple(self.names.credits.index(name) for name in classes),
            groups=groups,
            found=tuple(credit.found.value for credit in classes.values()),
            key_found=tuple(
                credit.found.value if key is None or key.found is None else key.found.value
                for credit in classes.values()
            ),
            kinds=tuple(
                (tuple(self.names.kinds.index(kind) for kind in kinds), _cumulated(kinds.values()))
                for kinds in map(register.kinds_of, classes)
            ),
            clean_kind=self.names.kinds.index(register.clean),
            key_share=tuple(self._key_share(name) for name in classes),
            key_entities=frozenset(key.entities if key else ()),
            found_before=tuple(
                credit.found_before.value if credit.found_before is not None else 0.0 for credit in classes.values()
            ),
            down=register.down.value if register.down is not None else 0,
            clean_visits=register.clean_visits.value if register.clean_visits is not None else 0,
            clean_for=round(register.clean_for.seconds) if register.clean_for is not None else 0,
            window=round(register.first_offence_within.seconds) if register.first_offence_within is not None else 0,
            rescorings=self._rescorings(),
            moves=tuple(self._moves(number) for number in range(len(classes))) if rescoring is not None else (),
            caps=self._caps(),
            year_starts=tuple((dt.date(year, 1, 1) - self.scenario.period.start).days * DAY for year in self._years()),
            visitors=tuple(self._visitor(name, origin, groups) for name, origin in self.visitors.items()),
        )  # fmt: skip

    def _groups(self) -> tuple[GroupRow, ...]:
        own = self.register.jurisdiction or derive.jurisdiction_names(self.scenario)[0]
        rows = []
        for place in derive.register_places(self.scenario, self.register):
            for number, (name, credit) in enumerate(self.register.classes.items()):
                figure = credit.entities_of.get(place) if credit.entities_of else credit.entities
                if figure is not None and (credit.entities_of or place == own):
                    whose = f"{self.name}/{place}/{name}"
                    where = self.names.jurisdictions.index(place)
                    entities, cases = question(f"register:{whose}"), question(f"visits:{whose}")
                    rows.append(GroupRow(where, number, figure.value, entities, cases))
        return tuple(rows)

    def _by_class(self, figures: Mapping[str, Figure[float]]) -> Shares:
        return tuple(figures[name].value if name in figures else 0.0 for name in self.classes)

    def _key_share(self, name: str) -> float:
        key = self.register.key
        if key is None or key.entities:
            return 0.0
        figure = key.share if key.share is not None else key.share_of.get(name)
        return 0.0 if figure is None else figure.value

    def _rescorings(self) -> tuple[RescoringRow, ...]:
        given = self.register.rescoring
        if given is None:
            return ()
        period = self.scenario.period
        days = given.on
        if given.every == "month":
            last = period.start + dt.timedelta(seconds=period.seconds)
            months = range(period.start.year * 12 + period.start.month - 1, last.year * 12 + last.month)
            days = [dt.date(month // 12, month % 12 + 1, 1) for month in months]
        # Which draw decides is told by the month, or by the place in the list: another start moves nobody's luck.
        rows = [
            RescoringRow(second_of(self.scenario, day), day.year * 12 + day.month if given.every else number)
            for number, day in enumerate(days)
        ]
        return tuple(row for row in rows if row.time >= 0)

    def _moves(self, number: int) -> tuple[tuple[int, ...], Shares]:
        given = self.register.rescoring
        assert given is not None
        if given.moves:
            shares = {self.classes.index(to): f.value for to, f in given.moves.get(self.classes[number], {}).items()}
            shares.pop(number, None)
        else:
            down, up = (0.0 if figure is None else figure.value for figure in (given.down, given.up))
            shares = {number + 1: down, number - 1: up}
        shares = {to: share for to, share in shares.items() if 0 <= to < len(self.classes)}
        return tuple(shares), _cumulated(shares.values())

    def _caps(self) -> tuple[CapRow, ...]:
        visitors = list(self.visitors)
        return tuple(
            CapRow(
                since=second_of(self.scenario, cap.on),
                visits=cap.visits.value,
                exempt=frozenset(visitors.index(name) for name in cap.exempt if name in visitors),
                exempt_classes=frozenset(self.classes.index(name) for name in cap.exempt_classes),
            )
            for cap in self.register.caps
        )

    def _years(self) -> range:
        period = self.scenario.period
        return range(period.start.year, (period.start + dt.timedelta(seconds=period.seconds - 1)).year + 1)

    def _visitor(self, name: str, origin: Inspections, groups: tuple[GroupRow, ...]) -> VisitorRow:
        calendar = 0 if origin.calendar is None else self.names.calendars.index(origin.calendar)
        table = self.work_tables[calendar]
        visitor = VisitorRow(
            origin=self.names.origins.index(name),
            calendar=calendar,
            samples=tuple(row for key, body in origin.campaigns.items() for row in self._samples(name, key, body)),
            years=tuple(self._visits_per_year(name, origin)) if origin.visits_per_year else (),
            leads=self._leads(name, origin, table, groups),
        )
        for lot in visitor.lots:
            if table.worked(lot.ends) <= table.worked(lot.begins):
                day = self.scenario.period.start + dt.timedelta(seconds=lot.begins)
                raise CalendarError(f"visits of '{name}' from {day} on fall on days off", try_="a longer time, or none")
        return visitor

    def _samples(self, name: str, key: str, campaign: Campaign) -> list[SampleRow]:
        rows, seconds = [], self.scenario.period.seconds
        for number in range(len(self._years()) + 1 if campaign.yearly else 1):
            begins = second_of(self.scenario, _years_later(campaign.on, number))
            ends = begins + max(1, round(campaign.lasts.seconds))
            if 0 <= begins < seconds:
                asked = question(f"campaign:{name}/{key}/{number}")
                of, shares = _OF[campaign.of], self._by_class(campaign.sampling)
                rows.append(SampleRow(begins, ends, of, shares, campaign.exact, asked))
        return rows

    def _visits_per_year(self, name: str, origin: Inspections) -> list[YearRow]:
        start, seconds = self.scenario.period.start, self.scenario.period.seconds
        rows = []
        for year in self._years():
            first, last = ((dt.date(y, 1, 1) - start).days * DAY for y in (year, year + 1))
            begins, ends = max(0, first), min(seconds, last)
            visits = tuple(v * (ends - begins) / (last - first) for v in self._by_class(origin.visits_per_year))
            rows.append(YearRow(begins, ends, _OF[origin.of], visits, question(f"visits_per_year:{name}/{year}")))
        return rows

    def _leads(
        self, name: str, origin: Inspections, table: WorkTable, groups: tuple[GroupRow, ...]
    ) -> tuple[LeadRow, ...]:
        leads = origin.leads
        if leads is None:
            return ()
        seconds = self.scenario.period.seconds
        # Rates are of clock time; while the office is open, leads come that much faster.
        open_seconds = float(table.worked(seconds)) / seconds * 365 * DAY
        rows = []
        for credit, figure in leads.per_year.items():
            if figure.value > 0 and open_seconds > 0:
                cases = tuple(self._lead_cases(name, credit, group) for group in groups)
                rows.append(
                    LeadRow(
                        credit=self.classes.index(credit),
                        of=_OF[leads.of],
                        mean=open_seconds / figure.value,
                        false_alarms=leads.false_alarms.value,
                        false_kind=self.names.kinds.index(leads.false_kind),
                        question=question(f"leads:{name}/{credit}"),
                        cases=cases,
                    )
                )
        return tuple(rows)

    def _lead_cases(self, name: str, credit: str, group: GroupRow) -> int:
        place, first = self.names.jurisdictions[group.jurisdiction], self.classes[group.credit]
        return question(f"leads:{name}/{credit}:{self.name}/{place}/{first}")


def _years_later(day: dt.date, years: int) -> dt.date:
    """The same day of a later year; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def _cumulated(shares: Iterable[float]) -> Shares:
    sums, total = [], 0.0
    for share in shares:
        total += share
        sums.append(total)
    return tuple(sums)
