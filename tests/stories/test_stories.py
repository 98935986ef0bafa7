"""Every story of this folder and of `procedures`, told by every engine; a story that is wrong is found out."""

from __future__ import annotations

from pathlib import Path

import pytest
from telling import Engine, StoryError, differences, read_story

from enforcement_sim.engines import reference
from enforcement_sim.engines.compiled import engine

ENGINES: dict[str, Engine] = {"reference": reference.run, "compiled": engine.run}
HERE = Path(__file__).parent
STORIES = sorted([*HERE.glob("*.yaml"), *HERE.glob("procedures/*.yaml")])


@pytest.fixture(params=list(ENGINES))
def told_by(request: pytest.FixtureRequest) -> Engine:
    return ENGINES[request.param]


@pytest.mark.parametrize("path", STORIES, ids=[path.relative_to(HERE).with_suffix("").as_posix() for path in STORIES])
def test_a_story_is_told(path: Path, told_by: Engine, tmp_path: Path) -> None:
    story = read_story(path)

    told = differences(story, told_by, tmp_path)

    assert not told, "\n".join([str(story.body["story"]), "(- the story, + the log)", *told])


def test_there_are_stories() -> None:
    assert len(STORIES) >= 143
    assert sum(path.parent.name == "procedures" for path in STORIES) >= 78


SMALL = """story: One case is worked on for an hour.
scenario:
  period: {length: 20 h}
  teams: {staff: {officers: 1}}
  procedures: {p: {stages: {work: {kind: work, team: staff, duration: 1 h, then: closed}}}}
  origins: {cases: {process: listed, enters: work, at: [1 h]}}
"""


def told(text: str, told_by: Engine, folder: Path) -> list[str]:
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    (folder / "out").mkdir(exist_ok=True)
    return differences(read_story(path), told_by, folder / "out")


def test_a_line_at_another_moment_is_shown_beside_what_happened(told_by: Engine, tmp_path: Path) -> None:
    lines = told(SMALL + "expect: [2.5 h  case 1  work  ended]", told_by, tmp_path)

    assert lines == ["- day 0 02:30  case 1  work  ended", "+ day 0 02:00  case 1  work  ended"]


def test_a_row_that_the_story_does_not_tell_is_a_difference(told_by: Engine, tmp_path: Path) -> None:
    lines = told(SMALL + "what: [ended, closed]\nexpect: [2 h  case 1  work  ended]", told_by, tmp_path)

    assert lines == ["  day 0 02:00  case 1  work  ended", "+ day 0 02:00  case 1  closed"]


def test_what_must_never_happen_is_found(told_by: Engine, tmp_path: Path) -> None:
    lines = told(SMALL + "expect: [2 h  case 1  closed]\nnever: [case 1  work  started]", told_by, tmp_path)

    assert lines == ["+ day 0 01:00  case 1  work  started   (never)"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("expects: []", "unknown key 'expects'"),
        ("", "needs `expect`"),
        ("never: [case 1  work  gave up]", "needs `expect`"),
        ("register: []", "says nothing"),
        ("expect: []", "says nothing"),
        ("fails: gridlock\nwhat: [ended]", "needs nothing else"),
        ("expect: [2 h  case 1  work  finished]", "no row of a log says 'finished'"),
        ("expect: [2 h case 1 work ended]", "no moment"),
        ("expect: [2 h  case 1 work ended]", "two spaces"),
        ("expect: [noon  case 1  work  ended]", "no moment"),
        ("expect: [2 h  case 1  ended]", "needs a stage"),
        ("expect: [2 h  case 1  wrok  ended]", "no 'wrok'"),
        ("expect: [2 h  case 2  work  ended]", "no 'case 2'"),
        ("of: [wrok]\nexpect: [2 h  case 1  closed]", "'wrok', which is no stage"),
        ("what: [done]\nexpect: [2 h  case 1  closed]", "no 'done'"),
        ("of: []\nexpect: [2 h  case 1  work  ended]", "left out"),
        ("expect: [2 h  case 1  closed]\nnever: [case 1  work  taken by li]", "no 'taken by li'"),
        ("expect: [2 h  case 1  closed]\nnever: [case 1  work  limit ran out]", "no 'limit ran out'"),
    ],
)
def test_a_story_that_cannot_fail_is_an_error(more: str, message: str, told_by: Engine, tmp_path: Path) -> None:
    with pytest.raises(StoryError, match=message):
        told(SMALL + more, told_by, tmp_path)


def test_a_refusal_is_told_by_a_part_of_its_message(told_by: Engine, tmp_path: Path) -> None:
    text = SMALL.replace("officers: 1", "officers: 0")

    assert told(text + "fails: has 0 officers", told_by, tmp_path) == []
    assert told(text + "fails: has no chairs", told_by, tmp_path)[0] == "- has no chairs"
    assert told(SMALL + "fails: has 0 officers", told_by, tmp_path)[1] == "+ (nothing was refused)"
