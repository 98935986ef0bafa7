"""Stories as files: a small scenario, and the lines that its log must say.

A story file has these keys and no others:

    story:     one sentence
    cites:     the article or row of the law that it tells of (or none)
    scenario:  an ordinary scenario; `format`, `title` and `purpose: theory` are added, `extends` and `law.files` name
               paths from the folder `scenarios`
    of:        the stages whose rows are compared (default: those that `expect` names)
    what:      the kinds of row that are compared (default: those that `expect` names)
    expect:    lines `moment  case  stage  event`, the columns two or more spaces apart
    never:     lines without a moment that the log must not hold: `case  stage  event`
    register:  the whole register of missed limits, each record by some of its columns
    fails:     instead of all these: a part of the message with which the run is refused

A moment is `2024-01-02 09:00`, `day 3 09:00` (the first day is day 0) or `4.5 h`. Cases are `case 1`, `case 2` … in
the order in which they arrive; `case 1/2` is the second child matter of case 1. Events are `arrived`, `entered`,
`started`, `ended`, `gave up`, `turned away`, `broken off`, `lapsed`; `taken by NAME`; `CLOCK ran out` and `CLOCK
extended` (the stage is where the case stood); and, without a stage, `closed` or `closed as OUTCOME`.

Every row of the log that is of a kind in `what` and of a stage in `of` must stand in `expect`, and nothing else may
stand there; rows of clocks and closings are compared in whatever stage they happen.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from enforcement_sim.errors import EnforcementSimError
from enforcement_sim.files.read import load
from enforcement_sim.files.tree import parse_file
from enforcement_sim.journal.log import EventLog
from enforcement_sim.measures.register import COLUMNS, register
from enforcement_sim.measures.visits import visits
from enforcement_sim.model.scenario import Scenario
from enforcement_sim.plan.build import build
from enforcement_sim.plan.tables import Plan
from enforcement_sim.records import DAY, HOUR, NONE, What

SCENARIOS = Path(__file__).parents[2] / "scenarios"
KEYS = ("story", "cites", "scenario", "of", "what", "expect", "never", "register", "fails")
KINDS = {what: what.name.lower().replace("_", " ") for what in What}
_OF_CLOCKS, _WITHOUT_STAGE = (What.RAN_OUT, What.EXTENDED), (What.ARRIVED, What.CLOSED)

Engine = Callable[[Plan, int], EventLog]


class StoryError(Exception):
    """A story that says nothing, or says it in words that nobody knows."""


@dataclass(frozen=True)
class Line:
    """One row as a story tells it; `second` is NONE in a line of `never`."""

    second: int
    case: str
    stage: str
    event: str

    @property
    def kind(self) -> str:
        """What kind of row it is, without the names in it."""
        if self.event.startswith("taken by "):
            return "taken"
        if self.event.startswith("closed as "):
            return "closed"
        return next((kind for kind in ("ran out", "extended") if self.event.endswith(f" {kind}")), self.event)

    def order(self) -> tuple[int, tuple[int, ...]]:
        """By time, then by case: the order of a log."""
        return self.second, tuple(int(part) for part in re.findall(r"\d+", self.case))


@dataclass(frozen=True)
class Story:
    """One story as read from its file."""

    name: str
    body: Mapping[str, Any]
    lines: tuple[Line, ...] = ()
    never: tuple[Line, ...] = ()
    of: frozenset[str] = field(default_factory=frozenset)
    what: frozenset[str] = field(default_factory=frozenset)


def read_story(path: Path) -> Story:
    """A story of a file. StoryError where it has unknown words or could not fail."""
    body = parse_file(path).data
    unknown = [key for key in body if key not in KEYS]
    if unknown:
        raise StoryError(f"{path.name}: unknown key '{unknown[0]}'; a story has {', '.join(KEYS)}")
    for key in ("story", "scenario"):
        if key not in body:
            raise StoryError(f"{path.name}: a story needs `{key}`")
    told = [key for key in ("expect", "register", "fails") if key in body]
    if not told:
        raise StoryError(f"{path.name}: a story needs `expect` or `register`, or else `fails`")
    if "fails" in body and {"of", "what", "expect", "never", "register"} & set(body):
        raise StoryError(f"{path.name}: a story with `fails` needs nothing else")
    if body.get("expect") == [] and not body.get("what"):
        raise StoryError(f"{path.name}: without lines and without `what`, `expect` says nothing")
    start = dt.date.fromisoformat(str(body["scenario"].get("period", {}).get("start", "2001-01-01")))
    lines = tuple(_line(path.name, text, start) for text in body.get("expect", ()))
    never = tuple(_line(path.name, text, None) for text in body.get("never", ()))
    what = frozenset(body.get("what", [line.kind for line in lines]))
    of = frozenset(body.get("of", [line.stage for line in lines if line.stage]))
    for line in (*lines, *never):
        if line.kind not in KINDS.values():
            raise StoryError(f"{path.name}: no row of a log says '{line.event}'")
    for kind in what - set(KINDS.values()):
        raise StoryError(f"{path.name}: `what` knows no '{kind}'; it knows {', '.join(KINDS.values())}")
    for line in lines:
        if line.kind not in what or (line.stage and line.kind not in _kinds(_OF_CLOCKS) and line.stage not in of):
            raise StoryError(f"{path.name}: '{line.stage}  {line.event}' is expected but left out by `of` or `what`")
    return Story(path.name, body, lines, never, of, what)


def _kinds(whats: tuple[What, ...]) -> set[str]:
    return {KINDS[what] for what in whats}


_DATED = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d):(\d\d)(?::(\d\d))?$")
_COUNTED = re.compile(r"day (\d+) (\d\d):(\d\d)(?::(\d\d))?$")
_HOURS = re.compile(r"(\d+(?:\.\d+)?) h$")
_CASE = re.compile(r"case [1-9]\d*(/[1-9]\d*)*$")


def _line(name: str, text: str, start: dt.date | None) -> Line:
    columns = re.split(r"\s{2,}", str(text).strip())
    second = NONE if start is None else _second(name, columns.pop(0), start)
    if not 2 <= len(columns) <= 3 or not _CASE.match(columns[0]):
        raise StoryError(f"{name}: '{text}' is not `moment  case 1  stage  event`, two spaces between the columns")
    stage = columns[1] if len(columns) == 3 else ""
    line = Line(second, columns[0], stage, columns[-1])
    if (line.kind in _kinds(_WITHOUT_STAGE)) != (not stage):
        raise StoryError(f"{name}: '{text}' needs a stage, or has one where none belongs")
    return line


def _second(name: str, text: str, start: dt.date) -> int:
    if match := _HOURS.match(text):
        return round(float(match[1]) * HOUR)
    if match := _COUNTED.match(text):
        days = int(match[1])
    elif match := _DATED.match(text):
        days = (dt.date.fromisoformat(match[1]) - start).days
    else:
        raise StoryError(f"{name}: '{text}' is no moment; write 2024-01-02 09:00, day 3 09:00 or 4.5 h")
    return days * DAY + int(match[2]) * HOUR + int(match[3]) * 60 + int(match[4] or 0)


def scenario_of(story: Story, folder: Path) -> Scenario:
    """The story's scenario, through the same door as any file."""
    written = {"format": 1, "title": str(story.body["story"]), "purpose": "theory", **story.body["scenario"]}
    if "extends" in written:
        named = written["extends"]
        written["extends"] = [str(SCENARIOS / base) for base in ([named] if isinstance(named, str) else named)]
    if isinstance(written.get("law"), dict) and "files" in written["law"]:
        written["law"] = {**written["law"], "files": str(SCENARIOS / written["law"]["files"])}
    path = folder / story.name
    path.write_text(json.dumps(written, ensure_ascii=False, indent=1), encoding="utf-8")
    return load(path)


def differences(story: Story, engine: Engine, folder: Path) -> list[str]:
    """What the log says otherwise than the story, as lines of a comparison; none if the story is told."""
    if "fails" in story.body:
        try:
            engine(build(scenario_of(story, folder)), 0)
        except EnforcementSimError as error:
            said = " ".join(str(error).split())
            return [] if story.body["fails"] in said else [f"- {story.body['fails']}", f"+ {said}"]
        return [f"- {story.body['fails']}", "+ (nothing was refused)"]
    scenario = scenario_of(story, folder)
    plan = build(scenario)
    log = engine(plan, 0)
    start = scenario.period.start if scenario.period.end is not None else None
    names = _case_names(log)
    _known(story, plan, set(names))
    rows = _rows(log, names)
    found = [row for row in rows if row.kind in story.what and (row.stage in story.of or _anywhere(row))]
    expected = sorted(story.lines, key=Line.order)
    found.sort(key=Line.order)
    told = _compared([_shown(line, start) for line in expected], [_shown(line, start) for line in found])
    told += [f"+ {_shown(row, start)}   (never)" for row in rows if _matches(row, story.never)]
    if "register" in story.body:
        told += _register_differences(story, plan, log, names)
    return told


def _anywhere(row: Line) -> bool:
    return not row.stage or row.kind in _kinds(_OF_CLOCKS)


def _matches(row: Line, never: tuple[Line, ...]) -> bool:
    return any((row.case, row.stage, row.event) == (line.case, line.stage, line.event) for line in never)


def _known(story: Story, plan: Plan, cases: set[str]) -> None:
    """StoryError where a line names a case, stage, clock or officer that the scenario does not have."""
    stages = {*plan.names.stages[: plan.outcomes_at], ""}
    events = {*KINDS.values(), *(f"closed as {outcome}" for outcome in plan.names.stages[plan.outcomes_at :])}
    events |= {f"taken by {name.split('/', 1)[1]}" for name in plan.names.people}
    events |= {f"{clock} {KINDS[what]}" for clock in plan.names.clocks for what in _OF_CLOCKS}
    for line in (*story.lines, *story.never):
        for said, known in ((line.case, cases), (line.stage, stages), (line.event, events)):
            if said not in known:
                raise StoryError(f"{story.name}: the scenario has no '{said}'")
    for stage in story.of - stages:
        raise StoryError(f"{story.name}: `of` names '{stage}', which is no stage")
    if not story.lines and story.body.get("register") == [] and not len(plan.clocks):
        raise StoryError(f"{story.name}: no clock can run out, so an empty register says nothing")


def _case_names(log: EventLog) -> list[str]:
    names: list[str] = []
    children: dict[int, int] = {}
    for number, parent in enumerate(log.cases["parent"].tolist()):
        if parent == NONE:
            names.append(f"case {number + 1}")
        else:
            children[parent] = children.get(parent, 0) + 1
            names.append(f"{names[parent]}/{children[parent]}")
    return names


def _rows(log: EventLog, cases: list[str]) -> list[Line]:
    columns = (getattr(log, name).tolist() for name in ("time", "case", "what", "stage", "team"))
    return [
        Line(
            time,
            cases[case],
            "" if what in _WITHOUT_STAGE else log.names.stages[stage],
            _event(log, what, stage, team),
        )
        for time, case, what, stage, team in zip(*columns, strict=True)
    ]


def _event(log: EventLog, what: int, stage: int, team: int) -> str:
    kind = KINDS[What(what)]
    if what in _OF_CLOCKS:
        return f"{log.names.clock_rows[team]} {kind}"
    if what == What.TAKEN:
        return f"taken by {log.names.people[team - len(log.names.teams)].split('/', 1)[1]}"
    if what == What.CLOSED and log.names.stages[stage] != "closed":
        return f"closed as {log.names.stages[stage]}"
    return kind


def _shown(line: Line, start: dt.date | None) -> str:
    clock = f"{line.second // HOUR % 24:02d}:{line.second // 60 % 60:02d}"
    clock += f":{line.second % 60:02d}" if line.second % 60 else ""
    day = f"day {line.second // DAY}" if start is None else str(start + dt.timedelta(days=line.second // DAY))
    return "  ".join(part for part in (f"{day} {clock}", line.case, line.stage, line.event) if part)


def _compared(expected: list[str], found: list[str]) -> list[str]:
    if expected == found:
        return []
    lines = difflib.unified_diff(expected, found, n=len(expected), lineterm="")
    return [f"{line[:1]} {line[1:]}" for line in lines if not line.startswith(("---", "+++", "@@"))]


def _register_differences(story: Story, plan: Plan, log: EventLog, names: list[str]) -> list[str]:
    expected = story.body["register"]
    unknown = [key for record in expected for key in record if key not in COLUMNS]
    if unknown:
        raise StoryError(f"{story.name}: the register has no column '{unknown[0]}'; it has {', '.join(COLUMNS)}")
    table = register(log, plan, visits(log))
    found = [
        {key: names[value] if key == "case" else value for key, value in record.items()}
        for record in table.to_dict("records")
    ]
    told = []
    for n in range(max(len(expected), len(found))):
        if n >= len(found):
            told.append(f"- register: {expected[n]}")
        elif n >= len(expected):
            told.append(f"+ register: {found[n]}")
        elif not all(_same(value, found[n][key]) for key, value in expected[n].items()):
            told += [f"- register: {expected[n]}", f"+ register: { ({key: found[n][key] for key in expected[n]}) }"]
    return told


def _same(told: Any, found: Any) -> bool:
    if isinstance(told, (int, float)) and not isinstance(told, bool):
        return abs(float(told) - float(found)) < 0.005  # days to two places
    return bool(told == found)
