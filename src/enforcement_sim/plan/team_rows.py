"""Teams as rows: timetable and rules, officers by number or by name, and what makes them come and go."""

from __future__ import annotations

import math
from typing import Any

from ..calendars import WorkTable
from ..decisions.dice import question
from ..model import derive
from ..model.staff import Officer
from ..model.staffing import officer_spans, rosters, second_of
from ..model.teams import AssignmentChange, Team
from ..records import NONE, AtClose, QueueRule
from .calendars import with_overtime
from .clock_rows import AFTER
from .numbers import Numbers
from .tables import ASSIGNMENT_CHANGE, PERSON, PERSON_LENGTH, PRESSURE, QUEUE_CHANGE, ROSTER, TEAM, records

YEAR = 365 * 86_400


class TeamRows:
    """Collects the tables of all teams of a plan."""

    def __init__(self, numbers: Numbers, work_tables: tuple[WorkTable, ...]) -> None:
        self.numbers = numbers
        self.scenario = numbers.scenario
        self.work_tables = work_tables
        self.roster: list[tuple[int, int]] = []
        self.people: list[tuple[float, ...]] = []
        self.person_lengths: list[tuple[int, int]] = []
        self.pressure: list[tuple[float, float]] = []
        self.person_names: list[str] = []
        self.queue_changes: list[tuple[int, int, int]] = []
        self.assignment_changes: list[tuple[int, int, bool, bool, int]] = []
        steps = rosters(self.scenario)
        self.rows = [
            self._team(number, name, team, steps[name])
            for number, (name, team) in enumerate(self.scenario.teams.items())
        ]

    def tables(self) -> dict[str, Any]:
        """The tables by their names in the plan."""
        return {
            "teams": records(self.rows, TEAM), "roster": records(self.roster, ROSTER),
            "people": records(self.people, PERSON), "person_lengths": records(self.person_lengths, PERSON_LENGTH),
            "pressure": records(self.pressure, PRESSURE),
            "queue_changes": records(sorted(self.queue_changes), QUEUE_CHANGE),
            "assignment_changes": records(sorted(self.assignment_changes), ASSIGNMENT_CHANGE),
        }  # fmt: skip

    def _team(self, number: int, name: str, team: Team, steps: list[tuple[int, int]]) -> tuple[float, ...]:
        calendar = self._calendar(team)
        roster_at, people_at, pressure_at = len(self.roster), len(self.people), len(self.pressure)
        self.roster += steps
        self.queue_changes += [
            (second_of(self.scenario, change.on), number, int(QueueRule[change.queue.upper()]))
            for change in team.queue_from
        ]
        self.assignment_changes += [
            (second_of(self.scenario, change.on), number, *_assigned(change)) for change in team.assignment_from
        ]
        if team.people:
            for who, officer in team.people.items():
                self._person(number, name, who, calendar, officer)
        elif team.is_named:
            for seat, (since, until) in enumerate(officer_spans(steps)):
                self._row(number, f"{name}/{seat + 1}", calendar, since, until)
        self.pressure += [(step.waiting_each, step.speed) for step in team.pressure]
        places = derive.jurisdiction_names(self.scenario)
        return (
            calendar, AtClose[team.at_close.upper()], QueueRule[team.queue.upper()],
            team.line == "skip", team.on_cut == "new_team", team.on_cut == "suspend", team.preempts,
            team.is_named, "by_lot" in team.assignments, *_assigned(team),
            people_at, len(self.people) - people_at, pressure_at, len(team.pressure), *self._presence(name, team),
            roster_at, len(steps), self.numbers.roles.index(derive.team_role(self.scenario, name)),
            places.index(team.jurisdiction) if team.jurisdiction else 0,
        )  # fmt: skip

    def _calendar(self, team: Team) -> int:
        """The team's timetable; overtime gives it one of its own."""
        number = self.numbers.calendar(team.calendar)
        if not team.overtime or team.calendar is None:
            return number
        own = with_overtime(self.scenario, self.scenario.calendars[team.calendar], team.overtime)
        self.work_tables = (*self.work_tables, own)
        return len(self.work_tables) - 1

    def _presence(self, name: str, team: Team) -> tuple[float, ...]:
        add = self.numbers.lengths.add
        return (
            NONE if team.other_duties is None else add(team.other_duties),
            NONE if team.absence is None else add(team.absence.between),
            NONE if team.absence is None else add(team.absence.lasts),
            0 if team.leave is None else int(team.leave.days.amount),
            1 if team.leave is None else team.leave.blocks,
            0.0 if team.attrition is None else -math.log1p(-team.attrition.yearly) / YEAR,
            NONE if team.attrition is None else add(team.attrition.vacant),
            0.0 if team.new_hires is None else team.new_hires.extra_time.value,
            1.0 if team.new_hires is None else team.new_hires.half_life.seconds,
            question(f"team:{name}"),
        )

    def _person(self, number: int, name: str, who: str, calendar: int, officer: Officer) -> None:
        since = 0 if officer.since is None else max(0, second_of(self.scenario, officer.since))
        until = AFTER if officer.until is None else second_of(self.scenario, officer.until)
        lengths_at = len(self.person_lengths)
        for (_, stage), at in self.numbers.stage.items():
            if stage in officer.durations:
                self.person_lengths.append((at, self.numbers.lengths.add(officer.durations[stage])))
        calendar = calendar if officer.calendar is None else self.numbers.calendar(officer.calendar)
        speed = 1.0 if officer.speed is None else officer.speed.value
        skills = self.numbers.mask(officer.skills)
        self._row(number, f"{name}/{who}", calendar, since, until, skills, speed, lengths_at)

    def _row(
        self,
        team: int,
        name: str,
        calendar: int,
        since: int,
        until: int,
        skills: int = 0,
        speed: float = 1.0,
        lengths_at: int | None = None,
    ) -> None:
        lengths_at = len(self.person_lengths) if lengths_at is None else lengths_at
        count = len(self.person_lengths) - lengths_at
        asked = question(f"officer:{name}")
        self.people.append((team, calendar, since, until, skills, speed, lengths_at, count, asked))
        self.person_names.append(name)


def _assigned(rule: Team | AssignmentChange) -> tuple[bool, bool, int]:
    """Whether a handling officer keeps a case, whether lots are drawn, and the cap on open cases."""
    return rule.assignment == "handling_officer", rule.assignment == "by_lot", NONE if rule.cap is None else rule.cap
