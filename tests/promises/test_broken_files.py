"""What people get wrong in scenario files: each ends with exit code 2 and a message that helps, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from enforcement_sim.cli import main

DATA = Path(__file__).parent.parent / "data"
GOOD = (DATA / "small_base.yaml").read_text(encoding="utf-8")
SHIFT = (DATA / "small_shift.yaml").read_text(encoding="utf-8")


def instead(old: str, new: str, text: str = GOOD) -> str:
    assert old in text, f"the good file has no {old!r}"
    return text.replace(old, new, 1)


REVIEW = "review: {role: reviewers, officers: 1, calendar: office}"
BROKEN: dict[str, tuple[str, str, str]] = {
    # what is wrong: the file, what the message must say, what it must tell to try
    "a typo in a key": (instead("officers: 10", "oficers: 10"), "unknown key", "officers"),
    "a typo in a stage's name": (instead("then: review}", "then: reviw}"), "no stage has this name", "review"),
    "a typo in a role": (instead("team: reviewers", "team: reviewer"), "no team has this role", "reviewers"),
    "a calendar that is not there": (instead(REVIEW, REVIEW.replace("office}", "ofice}")), "no calendar", "office"),
    "a jurisdiction that is not there": (
        instead("jurisdiction: east, officers", "jurisdiction: eastt, officers"), "no jurisdiction", "east"),
    "a field that is not there": (instead("fields: urban", "fields: urbn"), "no field has this name", "urban"),
    "a procedure that is not there": (instead("procedure: market", "procedure: markt"), "no procedure", "market"),
    "an unknown kind of stage": (instead("filing: {kind: wait", "filing: {kind: wiat"), "unknown kind", "wait"),
    "an unknown distribution": (instead("family: lognormal", "family: lognorm"), "unknown family", "lognormal"),
    "an unknown unit": (instead("median: 3 h", "median: 3 parsecs"), "unknown unit of time 'parsecs'", "h"),
    "a number without its unit": (instead("duration: 2 h", "duration: 2"), "this number has no unit", "'2 h'"),
    "work in legal days": (instead("duration: 2 h", "duration: 2 working days"), "not in legal days", "16 h"),
    "two kinds of time in one distribution": (
        instead("duration: 2 working days, calendar: office", "duration: {family: uniform, low: 2 h, high: 3 working days}, calendar: office"),
        "several kinds of time", "one of them"),
    "working days without a calendar": (
        instead("duration: 2 working days, calendar: office", "duration: 2 working days"), "working days need a calendar", "calendar:"),
    "a limit in hours": (instead("limit: 90 calendar days", "limit: 90 h"), "legal limit counts whole", "calendar days"),
    "negative staff": (instead("officers: 10", "officers: -1"), "at least 0", "bounds"),
    "half an officer": (instead("officers: 10", "officers: 10.5"), "whole number", "round"),
    "a team of one where two are needed": (
        instead("jurisdiction: east, officers: 4", "jurisdiction: east, officers: 1"), "needs 2 at once", "officers: 2"),
    "a roster that falls below two": (
        instead("jurisdiction: east, officers: 4, calendar: office",
                "jurisdiction: east, officers: 4, calendar: office, roster: [{on: 2024-03-01, officers: 1}]"),
        "has 1 officer from 2024-03-01 on", "officers: 2"),
    "a cut team that pre-empts": (
        instead("jurisdiction: east, officers: 4, calendar: office",
                "jurisdiction: east, officers: 4, calendar: office, preempts: true, on_cut: new_team"),
        "can give nobody room", "on_cut: suspend"),
    "a roster that begins again before its changes": (
        instead("jurisdiction: east, officers: 4, calendar: office",
                "jurisdiction: east, officers: 4, calendar: office, roster: [{on: 30 h, officers: 3}], roster_repeats: 24 h"),
        "the roster has begun again", "roster_repeats"),
    "a team that helps itself": (
        instead("team: reviewers,", "team: reviewers, also: {reviewers: 1},"), "the team that leads it", "officers: 2"),
    "shares that do not sum to 1": (instead("decision: 0.9", "decision: 0.8"), "shares sum to 0.9, not to 1", "share"),
    "a share above 1": (instead("decision: 0.9", "decision: 1.9"), "at most 1", "bounds"),
    "a circle without a way out": (
        instead("counts_as: penalties, duration: 2 h, then: penalised", "counts_as: penalties, duration: 2 h, then: filing"),
        "no case can leave", "way out"),
    "a stage that nobody reaches": (
        instead("      review: {kind", "      lost: {kind: decision, then: closed}\n      review: {kind"),
        "no case can reach this stage", "enters"),
    "decisions in a circle": (
        instead("      filing: {kind: wait", "      a: {kind: decision, then: {a: 0.5, filing: 0.5}}\n      filing: {kind: wait")
        .replace("found: filing", "found: a"), "no time passes", "wait or work"),
    "a date that is no date": (instead("start: 2023-01-01", "start: 2023-13-01"), "not a date", "YEAR-MONTH-DAY"),
    "a reform outside the period": (instead("on: 2024-01-01", "on: 2031-01-01", SHIFT), "outside the period", "2023"),
    "a period that ends before it begins": (instead("end: 2025-01-01", "end: 2022-01-01"), "ends before", "end after"),
    "a year without published holidays": (
        GOOD.replace("2023-01-01, end: 2025-01-01", "2031-01-01, end: 2033-01-01").replace("2023", "2031").replace("2024", "2032"),
        "2031", "beyond_published"),
    "a count for a year outside the period": (instead("{year: 2023, count", "{year: 2029, count"), "outside the period", "2023"),
    "no origins": (GOOD[: GOOD.index("origins:")] + "origins: {}\n", "too few items", "at least one"),
    "a key that stands twice": (instead("fields:\n", "teams: {}\nfields:\n"), "stands twice", "keep one"),
    "a tab": (instead("  city: {level", "\tcity: {level"), "a tab indents this line", "spaces"),
    "an empty file": ("", "the file is empty", "format: 1"),
    "only a comment": ("# nothing\n", "the file is empty", "format: 1"),
    "a list instead of a mapping": ("- a\n- b\n", "a mapping", "format: 1"),
    "two documents": (GOOD + "\n---\n" + GOOD, "more than one YAML document", "---"),
    "a bracket that is never closed": (instead("[{year", "[[{year"), "not YAML", "brackets"),
    "a file that extends itself": ("extends: broken.yaml\nformat: 1\n", "extends itself", "another file"),
    "a base that is not there": ("extends: bsae.yaml\nformat: 1\n", "no such file", "try:"),
    "an endless alias": ("a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{b}: &{b} [" + ", ".join([f"*{a}"] * 9) + "]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
        "expands to too many values", "aliases"),
    "nesting without end": ("a: " + "[" * 20_000, "", ""),
    "a number that is none": (instead("decision: 0.9", "decision: .nan"), "finite", "number"),
    "a median above the 90th percentile": (instead("p90: 6 h", "p90: 2 h"), "p90 must lie above the median", "larger"),
    "office hours that fall": (instead("09:00-12:00", "12:00-09:00"), "office hours", "09:00-12:00"),
    "two teams for one case": (
        instead(REVIEW, REVIEW + "\n  second: {role: reviewers, officers: 1, calendar: office}"), "2 teams", "serves"),
    "a place whose numbers have no source": (
        instead("purpose: theory", "purpose: place"), "neither a source nor an assumption", "source: KEY"),
    "a source that is not listed": (
        instead("officers: 10", "officers: {value: 10, source: yearbook}"), "no source has this key", "sources"),
    "both a source and an assumption": (
        instead("officers: 10", "officers: {value: 10, source: a b, assumed: c d, range: [1, 2]}"), "both", "keep"),
    "a kind of case without a way": (instead("clean: closed, found: filing", "found: filing"), "no way out", "otherwise"),
    "kinds that do not add up": (instead("clean: rest, found: 300", "clean: 100, found: 300"), "kinds sum to 400", "rest"),
    "a version of the format that is not known": (instead("format: 1", "format: 7"), "", "1"),
    "a missing key": (instead("format: 1\n", ""), "a required key is missing", "format"),
    "a control character": (instead("purpose: theory", "purpose: the\x07ory"), "not YAML", "control"),
}  # fmt: skip


def told(file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["enforcement-sim", "check", str(file)])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0), capsys.readouterr().err


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_ends_with_code_2_and_a_message_that_helps(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text, says, tries = BROKEN[name]
    file = tmp_path / "broken.yaml"
    file.write_text(text, encoding="utf-8")

    code, message = told(file, monkeypatch, capsys)

    assert code == 2
    assert says in message
    assert tries in message
    assert "Traceback" not in message
    assert len(message) < 4000


def _huge(file: Path) -> None:
    with file.open("wb") as handle:
        handle.truncate(50_000_000)


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a file of 50 MB": (_huge, "50 MB"),
    "a file that is no text": (lambda file: file.write_bytes(b"\xff\xfe\x00title"), "UTF-8"),
    "a file that is not there": (lambda _: None, "no such file"),
    "a folder": (lambda file: file.mkdir(), "folder"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_said(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make, says = FILES[name]
    file = tmp_path / "broken.yaml"
    make(file)

    code, message = told(file, monkeypatch, capsys)

    assert (code, says in message, "Traceback" in message) == (2, True, False)


@pytest.mark.parametrize(("name", "line"), [("a typo in a key", 15), ("a tab", 8), ("shares that do not sum to 1", 26)])
def test_a_message_names_the_line(
    name: str, line: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(BROKEN[name][0], encoding="utf-8")

    assert f"broken.yaml:{line}:" in told(file, monkeypatch, capsys)[1]


def test_all_faults_of_a_file_are_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(
        instead("median: 3 h", "median: 3 parsecs", instead("officers: 10", "oficers: 10")), encoding="utf-8"
    )

    message = told(file, monkeypatch, capsys)[1]

    assert message.count("try:") == 2
