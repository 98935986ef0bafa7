"""A changed scenario becomes a file: what is not changed stays letter for letter, and nothing is lost."""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path

import pytest

from enforcement_sim.dashboard.saving import Saving, slug_of, title_of
from enforcement_sim.dashboard.splice import flow, spliced
from enforcement_sim.dashboard.workspace import Workspace
from enforcement_sim.errors import ResultsError, ScenarioError
from enforcement_sim.files.read import load
from enforcement_sim.studies.provenance import dumped, moving

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def save(folder: Path, source: str, changes: dict[str, object], title: str = "Mine", name: str = "mine") -> str:
    workspace = Workspace(folder)
    saving = Saving(workspace, workspace.root / ".enforcement-sim")
    text = (folder / source).read_text(encoding="utf-8")
    return saving.save(source, text, workspace.open(source), changes, title, name)


def changed_lines(before: Path, after: Path) -> list[str]:
    lines = [path.read_text(encoding="utf-8").splitlines() for path in (before, after)]
    return [line for line in difflib.unified_diff(*lines, lineterm="", n=0) if line[:1] in "+-"][2:]


def test_comments_and_layout_stay(workspace: Path) -> None:
    save(workspace, "plain.yaml", {"teams.city_team.officers": 6, "teams.city_team.roster.0.officers": 3})

    assert changed_lines(workspace / "plain.yaml", workspace / "mine.yaml") == [
        "-title: {en: Two offices, zh: 两个机构}   # as in the report",
        "+title: Mine   # as in the report",
        '-    officers: {value: 4, assumed: "made up for a test", range: [2, 8]}   # two at least',
        '+    officers: {value: 6, assumed: "made up for a test", range: [2, 8]}   # two at least',
        "-      - {on: 2024-01-01, officers: 5}   # one more",
        "+      - {on: 2024-01-01, officers: 3}   # one more",
    ]


def test_inherited_values_are_added(workspace: Path) -> None:
    changes = {"teams.city_team.officers": 6, "teams.city_team.roster.0.officers": 3, "reform.on": "2023-08-01"}
    save(workspace, "shift.yaml", changes)

    saved = (workspace / "mine.yaml").read_text(encoding="utf-8")

    assert "teams:\n  city_team:\n" in saved
    assert "  on: 2023-08-01   # the first working day\n" in saved
    assert moving(dumped(load(workspace / "mine.yaml"))) == moving(dumped(load(workspace / "shift.yaml", changes)))
    assert load(workspace / "mine.yaml").title.zh == "Mine"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_lines_end_as_they_did(workspace: Path, ends: str) -> None:
    text = (workspace / "shift.yaml").read_text(encoding="utf-8").replace("\n", ends)
    (workspace / "shift.yaml").write_bytes(text.encode())
    opened = Workspace(workspace)
    Saving(opened, opened.root / ".aside").save(
        "shift.yaml", text, opened.open("shift.yaml"), {"teams.east_team.officers": 4}, "Mine", "mine"
    )

    saved = (workspace / "mine.yaml").read_bytes().decode()

    assert saved.count("\n") == saved.count(ends) > 8
    assert load(workspace / "mine.yaml").teams["east_team"].officers.value == 4


@pytest.mark.long
def test_a_shipped_scenario_is_saved_with_few_changed_lines(tmp_path: Path) -> None:
    shutil.copytree(SCENARIOS, tmp_path / "all")
    changes = {"teams.tianjin_urban.officers": 14, "teams.binhai_urban.officers": 12}
    folder = tmp_path / "all"
    save(folder, "tianjin/base.yaml", changes)

    assert len(changed_lines(folder / "tianjin/base.yaml", folder / "tianjin/mine.yaml")) == 6
    assert load(folder / "tianjin/mine.yaml").teams["binhai_urban"].officers.value == 12


def test_a_source_does_not_vouch_for_another_number(workspace: Path) -> None:
    file = workspace / "plain.yaml"
    told = file.read_text(encoding="utf-8").replace("officers: 2}", "officers: {value: 2, source: yearbook}}")
    file.write_text(told.replace("seed: 7", "seed: 7\nsources: {yearbook: {citation: A yearbook}}"), encoding="utf-8")
    save(workspace, "plain.yaml", {"teams.east_team.officers": 3})

    saved = load(workspace / "mine.yaml").teams["east_team"].officers

    assert (saved.value, saved.source, saved.range) == (3, None, (2, 3))
    assert saved.assumed == "A planner's choice; yearbook gives 2."


def test_a_part_that_is_shared_is_not_changed_in_both_places(workspace: Path) -> None:
    file = workspace / "plain.yaml"
    told = file.read_text(encoding="utf-8").replace(
        'officers: {value: 4, assumed: "made up', 'officers: &four {value: 4, assumed: "made up'
    )
    file.write_text(told.replace("officers: 2}", "officers: *four}"), encoding="utf-8")

    with pytest.raises(ScenarioError, match="shared with another"):
        save(workspace, "plain.yaml", {"teams.east_team.officers": 3})
    assert not (workspace / "mine.yaml").exists()


def test_a_file_of_somebody_else_is_never_overwritten(workspace: Path) -> None:
    before = (workspace / "plain.yaml").read_bytes()

    with pytest.raises(ResultsError, match=r"plain\.yaml is there already"):
        save(workspace, "shift.yaml", {"teams.east_team.officers": 3}, name="plain")
    assert (workspace / "plain.yaml").read_bytes() == before


def test_a_file_that_was_saved_here_may_be_saved_again_unless_it_was_edited(workspace: Path) -> None:
    save(workspace, "shift.yaml", {"teams.east_team.officers": 3})
    save(workspace, "shift.yaml", {"teams.east_team.officers": 4})
    assert load(workspace / "mine.yaml").teams["east_team"].officers.value == 4

    with (workspace / "mine.yaml").open("a", encoding="utf-8") as file:
        file.write("# by hand\n")
    with pytest.raises(ResultsError, match="has been edited since"):
        save(workspace, "shift.yaml", {"teams.east_team.officers": 5})


def test_a_link_is_never_written_through(workspace: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    (workspace / "mine.yaml").symlink_to(outside)

    with pytest.raises(ResultsError, match="is there already"):
        save(workspace, "shift.yaml", {"teams.east_team.officers": 3})
    assert not outside.exists()


@pytest.mark.parametrize("name", ["", "..", "../up", "a/b", "Ä", "A", ".hidden", "con", "x" * 65, "a b", "a\0"])
def test_names_that_no_file_should_have(name: str) -> None:
    with pytest.raises(ResultsError, match="not a name"):
        slug_of(name)


def test_a_name_may_end_in_yaml() -> None:
    assert slug_of(" more-officers_2.yaml ") == "more-officers_2"


@pytest.mark.parametrize("title", ["", "  ", "x" * 201, "a\x00b", "a\u202eb"])
def test_titles_that_cannot_be(title: str) -> None:
    with pytest.raises(ResultsError, match="a title has"):
        title_of(title)


@pytest.mark.parametrize(
    "title", ["More: officers # 3", "{a}", "'", '"', "null", "1", "更多人员", "<img src=x onerror=alert(1)>"]
)
def test_any_title_is_read_back_as_typed(workspace: Path, title: str) -> None:
    save(workspace, "shift.yaml", {}, title=title)

    assert load(workspace / "mine.yaml").title.en == title


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        ("a: {b: 1}\n", "a.b", "a: {b: 5}\n"),
        ("a: {}\n", "a.b", "a: {b: 5}\n"),
        ("a: {c: 1}\n", "a.b", "a: {b: 5, c: 1}\n"),
        ("a:\n  # first\n  c: 1\n", "a.b.d", "a:\n  # first\n  b:\n    d: 5\n  c: 1\n"),
        ("a: 1", "b", "a: 1\nb: 5\n"),
        ("a:\n  b:\n    c: 1\n    d: 2\n\n# of e\ne: 3\n", "a.b", "a:\n  b:\n    5\n\n# of e\ne: 3\n"),
        ("a:\n- b: 1\n- b: 2\n", "a.1.b", "a:\n- b: 1\n- b: 5\n"),
        ("a: {b:\n  1, c: 2}\n", "a.b", "a: {b:\n  5, c: 2}\n"),
    ],
)
def test_values_go_to_their_places(text: str, path: str, said: str) -> None:
    assert spliced(text, {tuple(path.split(".")): 5}) == said


def test_values_on_one_line() -> None:
    assert flow({"on": "2024-01-01", "why": "a: b", "yes": [1, 0.5, None, True]}) == (
        '{"on": 2024-01-01, why: "a: b", "yes": [1, 0.5, null, true]}'
    )
