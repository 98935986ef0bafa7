"""Files that a browser sends are checked like any scenario, and can do no harm."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from enforcement_sim.dashboard.uploads import LARGEST, check_kind, name_of, text_of, upload
from enforcement_sim.dashboard.workspace import Workspace
from enforcement_sim.errors import ResultsError, ScenarioError


def sent(content: bytes) -> str:
    return "data:application/x-yaml;base64," + base64.b64encode(content).decode()


def test_a_text_arrives_as_it_was() -> None:
    assert text_of(sent("\ufefftitle: 标题\n".encode())) == "title: 标题\n"


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        (sent(b"x" * (LARGEST + 1)), "more than 1 MB"),
        ("data:," + "A" * (2 * LARGEST), "more than 1 MB"),
        ("data:,!!!", "did not arrive whole"),
        (sent(b"\xff\xfe"), "not a UTF-8 text"),
    ],
)
def test_what_cannot_be_a_scenario_file_is_refused(contents: str, said: str) -> None:
    with pytest.raises(ResultsError, match=said):
        text_of(contents)


def test_a_file_as_large_as_allowed_arrives() -> None:
    assert len(text_of(sent(b"x" * LARGEST))) == LARGEST


def test_an_alias_bomb_is_refused_quickly(workspace: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
    )

    with pytest.raises(ScenarioError, match="expands to too many values"):
        upload(Workspace(workspace), "bomb.yaml", bomb, ".")


def test_a_broken_file_is_told_with_its_own_name_line_and_column(workspace: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        upload(Workspace(workspace), "mine.yaml", "format: 1\ntitle: [a, b\nseed: 1\n", ".")

    assert str(caught.value).startswith("mine.yaml:3:")
    assert "try:" in str(caught.value)
    assert str(workspace) not in str(caught.value)


def test_an_unknown_key_is_told_with_its_place(workspace: Path) -> None:
    text = (workspace / "plain.yaml").read_text(encoding="utf-8").replace("seed: 7", "sead: 7")

    with pytest.raises(ScenarioError) as caught:
        upload(Workspace(workspace), "mine.yaml", text, ".")
    assert "mine.yaml:5:1: sead: unknown key" in str(caught.value)
    assert "try:  seed" in str(caught.value)


def test_an_upload_extends_files_of_the_folder_that_it_is_read_in(workspace: Path) -> None:
    (workspace / "sub").mkdir()
    (workspace / "plain.yaml").rename(workspace / "sub" / "plain.yaml")
    text = (workspace / "shift.yaml").read_text(encoding="utf-8")

    assert upload(Workspace(workspace), "mine.yaml", text, "sub").scenario({}).reform is not None
    with pytest.raises(ScenarioError, match="no such file beside this one"):
        upload(Workspace(workspace), "mine.yaml", text, ".")


@pytest.mark.parametrize("named", ["/etc/passwd", "../outside.yaml", "sub/../../outside.yaml", "link.yaml"])
@pytest.mark.parametrize("key", ["extends: {}", "extends: plain.yaml\nlaw: {{files: {}}}"])
def test_an_upload_reads_nothing_outside(workspace: Path, tmp_path: Path, named: str, key: str) -> None:
    (tmp_path / "outside.yaml").write_text("format: 1\ntitle: A secret\n", encoding="utf-8")
    (workspace / "link.yaml").symlink_to(tmp_path / "outside.yaml")

    with pytest.raises(ScenarioError, match="leads out of the workspace") as caught:
        upload(Workspace(workspace), "mine.yaml", f"title: Mine\n{key.format(named)}\n", ".")
    assert "secret" not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_a_file_that_is_not_there_and_one_that_may_not_be_read_are_told_alike(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "there.yaml").write_text("format: 1\n", encoding="utf-8")
    said = []
    for name in ("there", "gone"):
        with pytest.raises(ScenarioError) as caught:
            upload(Workspace(workspace), "mine.yaml", f"extends: ../{name}.yaml\n", ".")
        said.append(str(caught.value).replace(name, "NAME"))

    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("C:\\Users\\me\\my file.yaml", "my-file.yaml"),
        ("../../x.yaml", "x.yaml"),
        ("<b>.yaml", "b-.yaml"),
        ("", "scenario.yaml"),
        ("市.yaml", "市.yaml"),
    ],
)
def test_names_lose_what_no_name_should_have(given: str, name: str) -> None:
    assert name_of(given) == name


def test_a_sweep_is_no_scenario() -> None:
    with pytest.raises(ScenarioError, match="a sweep, not a scenario"):
        check_kind("sweep:\n  title: x\n", "mine.yaml")
