"""Names that lead nowhere, shares that do not sum to 1, dates outside the period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from ..calendars import china_days
from ..errors import CalendarError, Problem
from ..model.derive import field_names, jurisdiction_names, procedure_name
from ..model.distributions import CLOCK, AnyDistribution, Legal, units_of
from ..model.figures import Figure
from ..model.origins import Backlog, Counted, Inspections, Poisson, Renewal
from ..model.quantities import WORKING_DAY, Length
from ..model.scenario import Scenario
from ..model.staffing import second_of
from ..model.stages import CLOSED, Fork, Gate, Procedure, Wait, Work
from ..model.teams import Team
from ..model.ways import ByFact, next_names
from .explain import nearest
from .tree import Path_, Tree, problem


def problems(scenario: Scenario, tree: Tree) -> list[Problem]:
    """Faults of names, sums and dates."""
    return _Names(scenario, tree).all()


class _Names:
    def __init__(self, scenario: Scenario, tree: Tree) -> None:
        self.scenario = scenario
        self.tree = tree
        self.found: list[Problem] = []

    def all(self) -> list[Problem]:
        for part in (
            self._calendars,
            self._places,
            self._teams,
            self._procedures,
            self._origins,
            self._published,
        ):
            part()
        return self.found

    def _add(self, path: Path_, what: str, got: str, try_: str) -> None:
        self.found.append(problem(self.tree, path, what, got=got, try_=try_))

    def _name(self, name: str | None, valid: Iterable[str], kind: str, path: Path_) -> bool:
        valid = list(valid)
        if name is None or name in valid:
            return True
        self._add(path, f"no {kind} has this name", f"'{name}'", nearest(name, valid) or f"add it under `{kind}s`")
        return False

    def _sum(self, shares: Mapping[Any, Figure[float]], path: Path_) -> None:
        total = sum(figure.value for figure in shares.values())
        if shares and abs(total - 1) > 1e-6:
            self._add(path, "shares do not sum to 1", f"{total:g}", "change a share so that the sum is 1")

    def _date(self, moment: dt.date | Length | None, path: Path_) -> None:
        if moment is None:
            return
        period = self.scenario.period
        if not 0 <= second_of(self.scenario, moment) < period.seconds:
            end = period.start + dt.timedelta(seconds=period.seconds)
            self._add(path, "this moment lies outside the period", str(moment), f"from {period.start} to before {end}")

    def _calendars(self) -> None:
        period = self.scenario.period
        last = period.start + dt.timedelta(days=(period.seconds - 1) // 86_400)
        for name, calendar in self.scenario.calendars.items():
            if calendar.days == "china":
                try:
                    china_days(period.start, last, calendar.beyond_published)
                except CalendarError as error:
                    self._add(("calendars", name), error.what, f"{period.start} to {last}", error.try_)

    def _places(self) -> None:
        jurisdictions = self.scenario.jurisdictions
        for name, body in jurisdictions.items():
            path: Path_ = ("jurisdictions", name, "parent")
            seen, above = {name}, body.parent
            while self._name(above, jurisdictions, "jurisdiction", path) and above is not None:
                if above in seen:
                    self._add(path, "jurisdictions stand above each other in a circle", above, "remove one parent")
                    break
                seen.add(above)
                above = jurisdictions[above].parent
        for name, field in self.scenario.fields.items():
            self._name(field.procedure, self.scenario.procedures, "procedure", ("fields", name, "procedure"))

    def _teams(self) -> None:
        for name, team in self.scenario.teams.items():
            path: Path_ = ("teams", name)
            self._name(team.jurisdiction, jurisdiction_names(self.scenario), "jurisdiction", (*path, "jurisdiction"))
            for i, served in enumerate(team.serves):
                self._name(served, jurisdiction_names(self.scenario), "jurisdiction", (*path, "serves", i))
            for i, field in enumerate(team.fields):
                self._name(field, field_names(self.scenario), "field", (*path, "fields", i))
            self._name(team.calendar, self.scenario.calendars, "calendar", (*path, "calendar"))
            last = -1
            for i, change in enumerate(team.roster):
                self._date(change.on, (*path, "roster", i, "on"))
                at = second_of(self.scenario, change.on)
                if at <= last:
                    self._add(
                        (*path, "roster", i, "on"), "roster changes must rise in time", str(change.on), "sort them"
                    )
                last = at
            self._staff(team, path)

    def _staff(self, team: Team, path: Path_) -> None:
        for i, queue in enumerate(team.queue_from):
            self._date(queue.on, (*path, "queue_from", i, "on"))
        for i, assignment in enumerate(team.assignment_from):
            self._date(assignment.on, (*path, "assignment_from", i, "on"))
        for i, hiring in enumerate(team.hires):
            self._date(hiring.decided, (*path, "hires", i, "decided"))
        for i, away in enumerate(team.secondments):
            self._name(away.to, self.scenario.teams, "team", (*path, "secondments", i, "to"))
            self._date(away.since, (*path, "secondments", i, "since"))
        stages = {stage for procedure in self.scenario.procedures.values() for stage in procedure.stages}
        for who, officer in team.people.items():
            self._name(officer.calendar, self.scenario.calendars, "calendar", (*path, "people", who, "calendar"))
            for stage in officer.durations:
                self._name(stage, stages, "stage", (*path, "people", who, "durations", stage))
        if team.overtime and team.calendar is None:
            self._add((*path, "overtime"), "a team that is always open has no overtime", "none", "add `calendar:`")

    def _procedures(self) -> None:
        for name, procedure in self.scenario.procedures.items():
            path: Path_ = ("procedures", name)
            if not procedure.stages:
                self._add((*path, "stages"), "a procedure needs stages", "none", "add at least one stage")
            for outcome in procedure.outcomes:
                if outcome in procedure.stages or outcome == CLOSED:
                    self._add((*path, "outcomes", outcome), "a stage has this name too", outcome, "rename the outcome")
            for stage in procedure.stages:
                self._stage(procedure, stage, (*path, "stages", stage))
            for clock_name, clock in procedure.clocks.items():
                inner = (*path, "clocks", clock_name)
                self._name(clock.starts.stage, procedure.stages, "stage", (*inner, "starts", "stage"))
                self._name(clock.stops.stage, procedure.stages, "stage", (*inner, "stops", "stage"))
                self._name(clock.calendar, self.scenario.calendars, "calendar", (*inner, "calendar"))
                for i, stage in enumerate(clock.suspended_in):
                    self._name(stage, procedure.stages, "stage", (*inner, "suspended_in", i))
                self._name(
                    clock.lapses_to, [*procedure.stages, *procedure.outcomes, CLOSED], "stage", (*inner, "lapses_to")
                )

    def _fork(self, procedure: Procedure, fork: Fork, path: Path_) -> None:
        for name, child in fork.children.items():
            inner: Path_ = (*path, "children", name)
            procedures = self.scenario.procedures
            if self._name(child.procedure, procedures, "procedure", (*inner, "procedure")):
                body = procedure if child.procedure is None else procedures[child.procedure]
                self._name(child.enters, body.stages, "stage", (*inner, "enters"))

    def _stage(self, procedure: Procedure, name: str, path: Path_) -> None:
        stage = procedure.stages[name]
        targets = [*procedure.stages, *procedure.outcomes, CLOSED]
        if name == CLOSED:
            self._add(path, "`closed` is the end of every case", name, "rename the stage")
        for target in next_names(stage.then):
            inner: Path_ = (*path, "then") if isinstance(stage.then, ByFact) else (*path, "then", target)
            self._name(target, targets, "stage", inner)
        if isinstance(stage.then, ByFact) and stage.then.by == "origin":
            for origin in stage.then.ways:
                self._name(origin, self.scenario.origins, "origin", (*path, "then", "ways", origin))
        if isinstance(stage.then, ByFact) and stage.then.by == "jurisdiction":
            for place in stage.then.ways:
                self._name(place, jurisdiction_names(self.scenario), "jurisdiction", (*path, "then", "ways", place))
        for i, (change, after) in enumerate(stage.versions):
            self._date(change.on, (*path, "changes", i, "on"))
            for target in next_names(after.then):
                self._name(target, targets, "stage", (*path, "changes", i, "set"))
        if isinstance(stage, Fork):
            self._fork(procedure, stage, path)
        if isinstance(stage, Wait):
            self._units(stage.duration, (*path, "duration"), days_too=True)
            if units_of(stage.duration) == {WORKING_DAY} and stage.calendar is None:
                hint = "add `calendar:`, which says which days are working days"
                self._add((*path, "duration"), "working days need a calendar", "none", hint)
        if isinstance(stage, Work):
            self._units(stage.duration, (*path, "duration"))
            if stage.patience is not None:
                self._units(stage.patience, (*path, "patience"))
            self._name(stage.on_give_up, targets, "stage", (*path, "on_give_up"))
            self._name(stage.on_full, targets, "stage", (*path, "on_full"))
        if isinstance(stage, (Wait, Gate)):
            self._name(stage.calendar, self.scenario.calendars, "calendar", (*path, "calendar"))

    def _units(self, given: AnyDistribution, path: Path_, days_too: bool = False) -> None:
        if isinstance(given, Legal):
            return  # check_law says where it may stand
        units = units_of(given)
        if len(units) > 1:
            self._add(path, "one distribution in several kinds of time", " and ".join(sorted(units)), "use one of them")
        elif units != {CLOCK} and not days_too:
            hint = "hours of the team's calendar, e.g. 16 h; waits may count legal days"
            self._add(path, "work and patience are told in clock time, not in legal days", min(units), hint)

    def _origins(self) -> None:
        for name, origin in self.scenario.origins.items():
            path: Path_ = ("origins", name)
            places = jurisdiction_names(self.scenario)
            self._name(origin.jurisdiction, places, "jurisdiction", (*path, "jurisdiction"))
            if not isinstance(origin, Backlog):
                self._name(origin.calendar, self.scenario.calendars, "calendar", (*path, "calendar"))
            for home in origin.home:
                self._name(home, places, "jurisdiction", (*path, "home", home))
            self._sum(origin.home, (*path, "home"))
            for place, homes in origin.home_of.items():
                self._name(place, places, "jurisdiction", (*path, "home_of", place))
                for home in homes:
                    self._name(home, places, "jurisdiction", (*path, "home_of", place, home))
                self._sum(homes, (*path, "home_of", place))
            self._sum(origin.kinds, (*path, "kinds"))
            self._sum(origin.severity, (*path, "severity"))
            if isinstance(origin.priority, dict) and not isinstance(origin, Inspections):
                for kind in origin.priority:
                    self._name(kind, origin.kinds, "kind", (*path, "priority", kind))
            groups = {"fields": origin.fields if isinstance(origin.fields, dict) else {}}
            if isinstance(origin, Counted):
                self._counts(origin, path)
                groups |= {f"fields_of.{place}": shares for place, shares in origin.fields_of.items()}
            chosen = [origin.fields] if isinstance(origin.fields, str) else []
            if isinstance(origin, Inspections) and origin.of_register in self.scenario.registers:
                chosen += [self.scenario.registers[origin.of_register].field or field_names(self.scenario)[0]]
            for key, shares in groups.items():
                inner = (*path, *key.split("."))
                self._sum(shares, inner)
                names = field_names(self.scenario)
                chosen += [field for field in shares if self._name(field, names, "field", (*inner, field))]
            for field in dict.fromkeys(chosen or field_names(self.scenario)[:1]):
                known = self._name(field, field_names(self.scenario), "field", (*path, "fields"))
                if known and not isinstance(origin, Backlog):
                    procedure = procedure_name(self.scenario, field)
                    stages = self.scenario.procedures[procedure].stages if procedure in self.scenario.procedures else {}
                    self._name(origin.enters, stages, "stage", (*path, "enters"))
            if isinstance(origin, Renewal):
                self._units(origin.interval, (*path, "interval"))
            splits = isinstance(origin.fields, dict) or bool(origin.home or origin.home_of)
            if splits and not isinstance(origin, (Poisson, Counted, Backlog, Inspections)):
                self._add(
                    path, f"a {origin.process} origin has one field and no homes", name, "make one origin for each"
                )

    def _counts(self, origin: Counted, path: Path_) -> None:
        period = self.scenario.period
        first, last = period.start.year, (period.start + dt.timedelta(seconds=period.seconds - 1)).year
        seen: set[tuple[object, ...]] = set()
        for i, row in enumerate(origin.counts):
            inner: Path_ = (*path, "counts", i)
            self._name(row.jurisdiction, jurisdiction_names(self.scenario), "jurisdiction", (*inner, "jurisdiction"))
            self._name(row.field, field_names(self.scenario), "field", (*inner, "field"))
            if not first <= row.year <= last:
                self._add((*inner, "year"), "this year lies outside the period", str(row.year), f"{first} to {last}")
            key = (row.year, row.jurisdiction, row.field)
            if key in seen:
                self._add(inner, "a second count for the same year, jurisdiction and field", str(key), "keep one")
            seen.add(key)
        for place in origin.fields_of:
            self._name(place, jurisdiction_names(self.scenario), "jurisdiction", (*path, "fields_of", place))

    def _published(self) -> None:
        labels = {
            stage.counts_as
            for procedure in self.scenario.procedures.values()
            for stage in procedure.stages.values()
            if stage.counts_as
        }
        for i, row in enumerate(self.scenario.published):
            path: Path_ = ("published", i)
            for label in row.labels:
                self._name(label, sorted(labels), "label", (*path, "label"))
            self._name(row.jurisdiction, jurisdiction_names(self.scenario), "jurisdiction", (*path, "jurisdiction"))
            self._name(row.field, field_names(self.scenario), "field", (*path, "field"))
