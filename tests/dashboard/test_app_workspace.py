"""The workspace holds what it lists, and nothing outside of it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from enforcement_sim.dashboard.desk import Desk
from enforcement_sim.dashboard.settings import Settings
from enforcement_sim.dashboard.workspace import Workspace, title_in
from enforcement_sim.errors import ResultsError, ScenarioError

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SECRET = "format: 1\ntitle: A secret\n"


def listed(workspace: Path) -> list[str]:
    return [entry.path for entry in Workspace(workspace).scenarios()]


def test_scenarios_are_listed_by_path_with_their_titles(workspace: Path) -> None:
    (workspace / "sub").mkdir()
    (workspace / "sub" / "own.yaml").write_text("extends: ../plain.yaml\n", encoding="utf-8")
    (workspace / "sweep.yaml").write_text("sweep:\n  title: x\n", encoding="utf-8")
    (workspace / "law.yaml").write_text("title: A statute\nrows: {}\n", encoding="utf-8")
    (workspace / ".hidden.yaml").write_text(SECRET, encoding="utf-8")

    found = Workspace(workspace).scenarios()

    assert [(entry.path, entry.title.zh) for entry in found] == [
        ("plain.yaml", "两个机构"), ("shift.yaml", "向东区下移"), ("sub/own.yaml", "own"),
    ]  # fmt: skip


def test_all_shipped_scenarios_are_listed_and_nothing_else() -> None:
    paths = set(listed(SCENARIOS))

    assert {"tianjin/base.yaml", "wenzhou/no_added_staff.yaml", "theory/mm1.yaml", "levers/absence.yaml"} <= paths
    assert not {path for path in paths if "sweep" in path or path.startswith(("law/", "procedures/", "published/"))}


@pytest.mark.parametrize(
    "told",
    ["", "..", "../outside.yaml", "sub/../../outside.yaml", "/etc/passwd", ".enforcement-sim", "no.yaml", "a\0b"],
)
def test_paths_that_lead_out_are_refused(workspace: Path, tmp_path: Path, told: str) -> None:
    (tmp_path / "outside.yaml").write_text(SECRET, encoding="utf-8")

    with pytest.raises(ResultsError, match="no such thing in the workspace"):
        Workspace(workspace).at(told)


def test_a_link_that_leads_out_is_neither_listed_nor_opened(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text(SECRET, encoding="utf-8")
    (workspace / "link.yaml").symlink_to(tmp_path / "outside.yaml")

    assert "link.yaml" not in listed(workspace)
    with pytest.raises(ResultsError, match="no such thing"):
        Workspace(workspace).open("link.yaml")


def test_a_circle_of_links_is_refused(workspace: Path) -> None:
    (workspace / "a.yaml").symlink_to(workspace / "b.yaml")
    (workspace / "b.yaml").symlink_to(workspace / "a.yaml")

    assert "a.yaml" not in listed(workspace)
    with pytest.raises(ResultsError):
        Workspace(workspace).at("a.yaml")


@pytest.mark.parametrize("kind", ["absolute", "above", "link", "link_of_a_base"])
def test_extends_may_not_lead_out(workspace: Path, tmp_path: Path, kind: str) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text((workspace / "plain.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (workspace / "link.yaml").symlink_to(outside)
    (workspace / "base.yaml").write_text("extends: link.yaml\n", encoding="utf-8")
    base = {"absolute": str(outside), "above": "../outside.yaml", "link": "link.yaml", "link_of_a_base": "base.yaml"}
    (workspace / "own.yaml").write_text(f"extends: {base[kind]}\ntitle: Mine\n", encoding="utf-8")

    with pytest.raises(ScenarioError, match="leads out of the workspace") as caught:
        Workspace(workspace).open("own.yaml")
    assert str(tmp_path) not in str(caught.value).replace(base["absolute"], "")


@pytest.mark.parametrize("kind", ["absolute", "above", "link", "link_inside"])
def test_law_files_may_not_lie_outside(workspace: Path, tmp_path: Path, kind: str) -> None:
    law = tmp_path / "law"
    law.mkdir()
    (law / "one.yaml").write_text("title: {en: x, zh: x}\nrows: {}\n", encoding="utf-8")
    (workspace / "link").symlink_to(law)
    (workspace / "inside").mkdir()
    (workspace / "inside" / "one.yaml").symlink_to(law / "one.yaml")
    named = {"absolute": str(law), "above": "../law", "link": "link", "link_inside": "inside"}[kind]
    (workspace / "own.yaml").write_text(
        f"extends: plain.yaml\ntitle: Mine\nlaw: {{files: {named}}}\n", encoding="utf-8"
    )

    with pytest.raises(ScenarioError, match="leads out of the workspace"):
        Workspace(workspace).open("own.yaml")


def test_a_base_beside_and_one_above_but_inside_are_read(workspace: Path) -> None:
    (workspace / "sub").mkdir()
    (workspace / "sub" / "own.yaml").write_text("extends: ../shift.yaml\ntitle: Mine\n", encoding="utf-8")

    assert Workspace(workspace).open("sub/own.yaml").scenario({}).title.en == "Mine"


def test_errors_name_files_as_seen_from_the_workspace(workspace: Path) -> None:
    (workspace / "own.yaml").write_text("extends: plain.yaml\ntitel: Mine\n", encoding="utf-8")

    with pytest.raises(ScenarioError) as caught:
        Workspace(workspace).open("own.yaml")
    assert str(caught.value).startswith("own.yaml:2:1: titel: unknown key")


def test_a_scenario_stays_opened_until_one_of_its_files_changes(workspace: Path) -> None:
    opened = Workspace(workspace)
    first = opened.open("shift.yaml")
    assert opened.open("shift.yaml") is first

    base = workspace / "plain.yaml"
    base.write_text(base.read_text(encoding="utf-8").replace("officers: 2}", "officers: 33}"), encoding="utf-8")

    assert opened.open("shift.yaml").scenario({}).teams["east_team"].officers.value == 33


def test_a_workspace_is_a_folder_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="no workspace"):
        Workspace(tmp_path / "nowhere")


def test_one_process_a_workspace(desk_of: object, workspace: Path) -> None:
    desk_of()  # type: ignore[operator]

    with pytest.raises(ResultsError, match="several threads") as caught:
        Desk(Settings(workspace, workers=1))
    assert "cannot be held" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("format: 1\ntitle: Plain\n", "Plain"),
        ("format: 1\ntitle:\n  en: Long\n  zh: 长\nseed: 1\n", "Long"),
        ("format: 1\ntitle: [broken\n", "file"),
        ("format: 1\n", "file"),
        ("sweep: {}\nformat: 1\n", None),
        ("procedures: {}\n", None),
        ("", None),
    ],
)
def test_titles_are_found_without_reading_the_whole_file(text: str, title: str | None) -> None:
    found = title_in(text, "file")

    assert (None if found is None else found.en) == title
