"""Runs: the same numbers as from the command line, in turns, within limits, and nothing lost when they are stopped."""

from __future__ import annotations

import itertools
import math
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from app_tools import ended, until

import enforcement_sim
from enforcement_sim.dashboard.desk import Desk
from enforcement_sim.dashboard.extract import CLOCK_MEASURES, Seen, extract
from enforcement_sim.dashboard.kept import Kept
from enforcement_sim.dashboard.results import Known, clock_rows, curves, known, rows
from enforcement_sim.dashboard.run import Run
from enforcement_sim.dashboard.sessions import Session
from enforcement_sim.errors import ResultsError, ScenarioError
from enforcement_sim.files.read import load

Opens = Callable[..., Desk]
PLACES = ["all", "city", "east"]


def begun(desk: Desk, session: Session | None = None, wanted: int = 3, **given: object) -> tuple[Session, Run]:
    one = session or desk.sessions.of(None)
    desk.choose(one, "shift.yaml")
    desk.put_in(one, {path.replace("__", "."): value for path, value in given.items()})
    return one, desk.start(one, wanted)


def test_numbers_are_those_of_the_command(desk_of: Opens, workspace: Path) -> None:
    desk = desk_of()
    _, run = begun(desk, teams__east_team__officers=3)
    ended(run)
    found = known(run, desk.kept)
    shown = curves(found, "east", run.base.scenario)

    base = enforcement_sim.run(workspace / "shift.yaml", replications=3)
    changed = enforcement_sim.run(load(workspace / "shift.yaml", {"teams.east_team.officers": 3}), replications=3)
    difference = enforcement_sim.compare(changed, base)

    assert shown is not None
    for mine, theirs in ((shown.base, base.summary), (shown.changed, changed.summary), (shown.difference, difference)):
        weekly = theirs[
            (theirs["measure"] == "backlog") & (theirs["jurisdiction"] == "east")
            & (theirs["field"] == "all") & (theirs["item"] == "all")
        ].sort_values("period")  # fmt: skip
        assert len(mine) == len(weekly) > 70
        for column in ("period", "mean", "n"):
            assert mine[column].tolist() == weekly[column].tolist()
    assert shown.difference["low"].tolist() == difference[
        (difference["measure"] == "backlog") & (difference["jurisdiction"] == "east")
        & (difference["field"] == "all") & (difference["item"] == "all")
    ].sort_values("period")["low"].tolist()  # fmt: skip
    row = next(row for row in rows(found, PLACES) if (row.place, row.measure) == ("east", "open_cases"))
    theirs = difference[
        (difference["measure"] == "backlog_mean") & (difference["jurisdiction"] == "east")
        & (difference["field"] == "all") & (difference["period"] == 2024)
    ]  # fmt: skip
    assert row.difference is not None
    assert [row.difference.mean, row.difference.low, row.difference.high] == theirs[["mean", "low", "high"]].iloc[
        0
    ].tolist()


def test_overdue_shares_are_those_of_the_findings(desk_of: Opens, workspace: Path) -> None:
    desk = desk_of()
    _, run = begun(desk, teams__east_team__officers=3)
    ended(run)
    found = rows(known(run, desk.kept), PLACES)

    base = enforcement_sim.run(workspace / "shift.yaml", replications=3).measure("overdue_share")
    base = base[(base["jurisdiction"] == "all") & (base["field"] == "all") & (base["period"] == 2024)]
    row = next(row for row in found if (row.place, row.measure) == ("all", "overdue"))

    assert row.base is not None
    assert row.base.mean == pytest.approx(base["mean"].iloc[0], rel=1e-12)  # there is one clock
    assert 0 < row.base.mean < 1


def test_clocks_are_summed_up_as_the_report_does(desk_of: Opens, workspace: Path) -> None:
    desk = desk_of()
    _, run = begun(desk, teams__east_team__officers=3)
    ended(run)
    found = clock_rows(known(run, desk.kept), "east")
    base = enforcement_sim.run(workspace / "shift.yaml", replications=3)
    changed = enforcement_sim.run(load(workspace / "shift.yaml", {"teams.east_team.officers": 3}), replications=3)
    moved = enforcement_sim.compare(changed, base)

    assert [(row.clock, row.measure) for row in found] == [("decide_20", one) for one in CLOCK_MEASURES]
    for row in found:
        for side, table in ((row.base, base.summary), (row.changed, changed.summary), (row.difference, moved)):
            theirs = table[
                (table["measure"] == row.measure) & (table["jurisdiction"] == "east") & (table["field"] == "all")
                & (table["period"] == row.year)
            ].iloc[0]  # fmt: skip
            assert side is not None
            assert [side.mean, side.low, side.high, side.n] == theirs[["mean", "low", "high", "n"]].tolist()
    assert clock_rows(known(run, desk.kept), "nowhere") == []


def test_a_clock_that_some_replication_does_not_know_is_marked() -> None:
    def seen(days: float | None) -> Seen:
        clocks: dict[tuple[str, str], float] = {("limit", "overdue_share"): 0.25}
        if days is not None:
            clocks["limit", "days_p90"] = days
        return Seen(np.array([0]), {}, clocks={"east": clocks}, last=2024)

    base, changed = {0: seen(30.0), 1: seen(40.0)}, {0: seen(20.0), 1: seen(None)}
    overdue, days = clock_rows(Known(base, changed, base, changed, is_all=True), "east")

    assert (overdue.is_partly, days.is_partly) == (False, True)
    assert (overdue.kind, days.kind) == ("overdue", "days")
    assert days.base is not None
    assert days.changed is not None
    assert days.difference is not None
    assert (days.base.mean, days.base.n) == (35.0, 2)
    assert (days.changed.mean, days.changed.n) == (20.0, 1)
    assert (days.difference.mean, days.difference.n) == (-10.0, 1)


def test_intervals_are_unknown_with_one_replication_and_narrow_with_more(desk_of: Opens) -> None:
    desk = desk_of(most_replications=40)
    session, run = begun(desk, wanted=1, teams__east_team__officers=3)
    ended(run)
    (row, *_) = rows(known(run, desk.kept), PLACES)
    assert row.difference is not None
    assert math.isnan(row.difference.low)

    widths = []
    for wanted in (4, 24):
        _, run = begun(desk, session, wanted, teams__east_team__officers=3)
        ended(run)
        shown = curves(known(run, desk.kept), "all", run.base.scenario)
        assert shown is not None
        assert shown.replications == wanted
        widths.append(float((shown.difference["high"] - shown.difference["low"]).mean()))
    assert widths[1] < widths[0]


def test_without_a_change_the_difference_is_nothing_and_runs_once(desk_of: Opens) -> None:
    desk = desk_of()
    _, run = begun(desk)
    ended(run)
    shown = curves(known(run, desk.kept), "all", run.base.scenario)

    assert (run.total, run.finished) == (3, 3)
    assert shown is not None
    assert np.all(shown.difference["mean"] == 0)


def test_a_curve_is_known_before_its_replication_is_finished(desk_of: Opens) -> None:
    desk = desk_of()
    _, run = begun(desk, wanted=1)
    ended(run)
    whole = desk.kept.get(run.base.key, 0)
    assert whole is not None

    desk.kept.early("other", 0).write_bytes(whole.told())
    desk.kept.early("other", 1).write_bytes(whole.told()[:-9])
    early = desk.kept.curve("other", 0)

    assert early is not None
    assert (early.days == whole.days).all()
    assert {place: line.tolist() for place, line in early.weekly.items()} == {
        place: line.tolist() for place, line in whole.weekly.items()
    }
    assert (early.yearly, early.overdue) == (whole.yearly, {})
    assert desk.kept.curve("other", 1) is None


def test_what_is_finished_is_not_run_again_even_by_another_process(desk_of: Opens, workspace: Path) -> None:
    desk = desk_of()
    _, run = begun(desk, teams__east_team__officers=3)
    ended(run)
    shards = {path: path.stat().st_mtime_ns for path in workspace.rglob("runs/*.parquet")}
    assert len(shards) == 6
    desk.close()

    again = desk_of()
    _, run = begun(again, teams__east_team__officers=3)
    ended(run, 3)

    assert {path: path.stat().st_mtime_ns for path in workspace.rglob("runs/*.parquet")} == shards
    assert known(run, again.kept).whole == [0, 1, 2]


@pytest.mark.long
def test_a_spoilt_replication_is_run_again(desk_of: Opens, workspace: Path) -> None:
    desk = desk_of()
    _, run = begun(desk, wanted=1)
    ended(run)
    desk.close()
    (shard,) = workspace.rglob("runs/*.parquet")
    whole = shard.read_bytes()
    shard.write_bytes(whole[:-10] + b"0123456789")

    _, run = begun(desk_of(), wanted=1)
    ended(run)

    assert shard.read_bytes() == whole


def test_what_was_run_longest_ago_makes_room_on_disk(desk_of: Opens, workspace: Path) -> None:
    desk = desk_of()
    keys = []
    for officers in (3, 4):
        _, run = begun(desk, wanted=1, teams__east_team__officers=officers)
        keys.append(ended(run).changed.key)
    folder = workspace / ".enforcement-sim" / "kept"
    sizes = {
        path.name: sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) for path in folder.iterdir()
    }
    assert len(sizes) == 3
    desk.close()
    for path in (folder / run.base.key).rglob("*"):
        os.utime(path, (1, 1))

    Kept(folder, sum(sizes.values()))
    assert len(list(folder.iterdir())) == 3
    Kept(folder, sum(sizes.values()) - 1)
    assert sorted(path.name for path in folder.iterdir()) == sorted(keys)


def test_the_first_replication_is_run_ahead_while_nobody_waits(desk_of: Opens) -> None:
    desk = desk_of()
    session = desk.sessions.of(None)
    desk.choose(session, "shift.yaml")
    desk.put_in(session, {"teams.east_team.officers": 5})
    until(lambda: len(list(desk.settings.kept.rglob("runs/0000.json"))) == 2 and not desk.runner._flying)

    run = desk.start(session, 2)
    assert run.finished >= 2
    assert ended(run).state == "done"
    assert not list(desk.settings.kept.rglob("runs/0002.json"))


def test_a_stopped_run_keeps_what_is_finished(desk_of: Opens) -> None:
    desk = desk_of()
    session, run = begun(desk, wanted=40, teams__east_team__officers=3)
    until(lambda: run.both)
    desk.stop(session)

    assert run.state == "stopped"
    assert 0 < len(run.both) < 40
    then = run.finished
    assert curves(known(run, desk.kept), "all", run.base.scenario) is not None
    until(lambda: not desk.runner._flying)
    assert (run.finished, desk.runner.running) == (then, 0)
    desk.stop(session)
    assert run.state == "stopped"


def test_a_new_run_of_a_session_stops_the_old_one(desk_of: Opens) -> None:
    desk = desk_of()
    session, old = begun(desk, wanted=40)
    _, new = begun(desk, session, wanted=2, teams__east_team__officers=3)

    assert old.state == "stopped"
    assert ended(new).state == "done"
    assert desk.runner.running == 0


def test_sessions_take_turns(desk_of: Opens) -> None:
    desk = desk_of()
    _, long = begun(desk, wanted=40, teams__east_team__officers=3)
    _, short = begun(desk, wanted=3, teams__east_team__officers=4)
    ended(short)

    assert not long.is_over
    assert long.finished < 20
    desk.runner.stop(long)


@pytest.mark.long
def test_two_long_runs_come_forward_alike(desk_of: Opens) -> None:
    desk = desk_of()
    _, first = begun(desk, wanted=20, teams__east_team__officers=3)
    _, second = begun(desk, wanted=20, teams__city_team__officers=7)
    until(lambda: first.is_over or second.is_over)

    assert min(len(first.of(first.changed)), len(second.of(second.changed))) >= 15


def test_one_session_does_not_end_what_another_waits_for(desk_of: Opens) -> None:
    desk = desk_of()
    mine, first = begun(desk, wanted=30)
    _, second = begun(desk, wanted=30)
    assert first.base.key == second.base.key
    until(lambda: first.finished > 2)
    desk.stop(mine)

    assert ended(second).state == "done"


def test_runs_beyond_the_limit_are_refused_with_a_reason(desk_of: Opens) -> None:
    desk = desk_of(most_runs=2)
    first, run = begun(desk, wanted=40)
    begun(desk, wanted=40, teams__east_team__officers=3)

    with pytest.raises(ResultsError, match="2 runs are waiting already"):
        begun(desk, wanted=1)
    assert not run.is_over
    begun(desk, first, wanted=1)  # its own old run makes room


@pytest.mark.parametrize("wanted", [0, -1, 41])
def test_no_run_has_more_replications_than_allowed(desk_of: Opens, wanted: int) -> None:
    with pytest.raises(ResultsError, match="a number from 1 to 40"):
        begun(desk_of(), wanted=wanted)


def test_a_run_ends_when_its_time_is_up(desk_of: Opens) -> None:
    desk = desk_of(run_seconds=1.0)
    _, run = begun(desk, wanted=40)
    ended(run, 20)

    assert run.state == "time_up" or run.finished == 40
    assert run.state == "time_up"


def test_a_run_that_fails_says_why_and_others_go_on(desk_of: Opens, workspace: Path) -> None:
    text = (workspace / "plain.yaml").read_text(encoding="utf-8")
    stuck = text.replace("- {on: 2024-01-01, officers: 5}", "- {on: 2024-01-01, officers: 0}")
    (workspace / "stuck.yaml").write_text(stuck, encoding="utf-8")
    desk = desk_of()
    session = desk.sessions.of(None)
    desk.choose(session, "stuck.yaml")
    run = desk.start(session, 2)
    ended(run)
    assert (run.state, "city_team" in run.why) == ("failed", True)

    _, other = begun(desk, wanted=1)
    assert ended(other).state == "done"


def test_a_dead_process_is_told_and_the_next_run_works(desk_of: Opens) -> None:
    import signal

    desk = desk_of()
    desk.runner.wait_until_warm()
    _, run = begun(desk, wanted=40)
    until(lambda: run.finished)
    for pid in _children(os.getpid()):
        os.kill(pid, signal.SIGKILL)
    ended(run)
    assert (run.state, "died" in run.why) == ("failed", True)

    _, other = begun(desk, wanted=2, teams__east_team__officers=3)
    assert ended(other).state == "done"


def test_idle_processes_that_die_are_replaced(desk_of: Opens) -> None:
    import signal

    desk = desk_of()
    desk.runner.wait_until_warm()
    time.sleep(0.5)  # nothing flies any more
    idle = _children(os.getpid())
    for pid in idle:
        os.kill(pid, signal.SIGKILL)
    until(lambda: not set(idle) & set(_children(os.getpid())))

    _, run = begun(desk, wanted=2)
    assert ended(run).state in ("done", "failed")  # one that was begun while they died is told so
    _, other = begun(desk, wanted=2, teams__east_team__officers=3)
    assert ended(other).state == "done"


def _children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = stat.read_text().rsplit(")", 1)[1].split()
            line = (stat.parent / "cmdline").read_text()
        except OSError:
            continue
        if int(rest[1]) == pid and "spawn_main" in line:
            found.append(int(stat.parent.name))
    return found


def test_what_cannot_be_is_refused_before_anything_runs(desk_of: Opens) -> None:
    desk = desk_of()
    session = desk.sessions.of(None)
    with pytest.raises(ResultsError, match="no scenario is chosen"):
        desk.start(session, 1)
    desk.choose(session, "shift.yaml")
    with pytest.raises(ScenarioError, match="not a number"):
        desk.put_in(session, {"teams.east_team.officers": "x"})
    with pytest.raises(ScenarioError):
        desk.start(session, 1)
    assert (session.runs, desk.runner.running) == ([], 0)


def test_sessions_do_not_see_each_other(desk_of: Opens) -> None:
    desk = desk_of()
    mine, run = begun(desk, wanted=1)
    other, theirs = begun(desk, wanted=1)
    desk.send(mine, "own.yaml", (desk.workspace.root / "shift.yaml").read_text(encoding="utf-8"))

    assert mine.run_of(run.id) is run
    with pytest.raises(ResultsError, match="no such run"):
        other.run_of(run.id)
    assert other.run_of(theirs.id) is theirs
    with pytest.raises(ResultsError, match="no such upload"):
        desk.choose(other, "upload:own.yaml")
    assert next(value for value, *_ in desk.choices(mine)) == "upload:own.yaml"
    assert "upload:own.yaml" not in [value for value, *_ in desk.choices(other)]
    assert desk.sessions.of(mine.id) is mine
    assert desk.sessions.of("made-up") is not desk.sessions.of("made-up")


def test_the_longest_unseen_session_makes_room(desk_of: Opens) -> None:
    desk = desk_of(most_sessions=2)
    first, second = (desk.sessions.of(None) for _ in range(2))
    desk.sessions.of(first.id)
    desk.sessions.of(None)

    assert desk.sessions.of(first.id) is first
    assert desk.sessions.of(second.id) is not second


def test_an_upload_can_be_run_and_saved(desk_of: Opens) -> None:
    desk = desk_of()
    session = desk.sessions.of(None)
    text = (desk.workspace.root / "shift.yaml").read_text(encoding="utf-8")
    desk.choose(session, desk.send(session, "own.yaml", text))
    desk.put_in(session, {"teams.east_team.officers": 3})
    assert ended(desk.start(session, 1)).state == "done"

    path = desk.save(session, "Mine", "mine")

    assert path == "mine.yaml"
    assert load(desk.workspace.root / path).teams["east_team"].officers.value == 3
    assert desk.saved_file(path).name == "mine.yaml"
    for other in ("plain.yaml", "../mine.yaml", ".enforcement-sim/saved.json"):
        with pytest.raises(ResultsError, match="no such saved scenario"):
            desk.saved_file(other)


def test_ids_cannot_be_guessed() -> None:
    ids = {Session("").id for _ in range(2)} | {Run("", "", None, {}, None, None, 1, 1).id for _ in range(100)}  # type: ignore[arg-type]

    assert len(ids) == 101
    assert all(len(one) >= 16 for one in ids if one)
    assert not any(a == b for a, b in itertools.combinations(ids, 2))


def test_overdue_clocks_of_several_kinds_are_added_up() -> None:
    rows = [
        ("clock_started", "short", 30.0), ("clock_started", "long", 10.0), ("clock_started", "open", 5.0),
        ("overdue_share", "short", 0.1), ("overdue_share", "long", 0.5), ("overdue_share", "open", math.nan),
    ]  # fmt: skip
    frame = pd.DataFrame(
        [(measure, "east", "all", item, 2024, value) for measure, item, value in rows],
        columns=["measure", "jurisdiction", "field", "item", "period", "value"],
    )

    assert extract(frame).overdue == {"east": {2024: pytest.approx((3 + 5) / 40)}}
    assert extract(frame[frame["item"] == "open"]).overdue == {}


def test_a_frame_of_findings_gives_the_same_extract_as_its_shard(desk_of: Opens) -> None:
    desk = desk_of()
    _, run = begun(desk, wanted=1)
    ended(run)
    frame = desk.kept.findings(run.base.key, [0])[0].drop(columns="replication")

    assert isinstance(frame, pd.DataFrame)
    mine, kept = extract(frame), desk.kept.get(run.base.key, 0)
    assert kept is not None
    assert mine.told() == kept.told()
    assert mine.overdue == kept.overdue
