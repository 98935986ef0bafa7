"""The application as browsers reach it: through HTTP, several at once, each with what is its own."""

from __future__ import annotations

import base64
import csv
import http.client
import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from app_serving import Browser, plain, served

import enforcement_sim
from enforcement_sim.dashboard.app import App
from enforcement_sim.files.read import load

SHIFT = {"scenario.value": "shift.yaml"}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def site(workspace: Path) -> Iterator[tuple[str, App]]:
    with served(workspace) as (address, app):
        yield address, app


def run(browser: Browser, officers: int, wanted: int, seconds: float = 90.0) -> dict[str, Any]:
    """Run the small scenario with so many officers in the east; what the page shows when it is over."""
    browser.fire("scenario.value", SHIFT)
    values = {"wanted.value": wanted, "run.n_clicks": 1}
    begun = browser.fire("run.n_clicks", values, {"teams.east_team.officers": officers})
    assert begun.get("problem.children") is None
    until, seen = time.monotonic() + seconds, ""
    shown: dict[str, Any] = {}
    while True:
        answer = browser.fire("ask.data", {"ask.data": 1, "place.value": "east", "seen.data": seen})
        shown |= answer
        seen = shown.get("seen.data", "")
        if answer.get("tick.disabled"):
            return shown
        assert time.monotonic() < until
        time.sleep(0.1)


def own_run(app: App, browser: Browser) -> Any:
    session = app.desk.sessions.of(browser.http.cookies["enforcement_sim_session"])
    return session.run


def test_ten_sessions_at_once_each_get_their_own_numbers(site: tuple[str, App], workspace: Path) -> None:
    address, app = site
    found: dict[int, dict[str, Any]] = {}
    failed: list[BaseException] = []

    def plan(officers: int) -> None:
        try:
            browser = Browser(address)
            found[officers] = run(browser, officers, 2)
            table = browser.get(f"download/run/{own_run(app, browser).id}.csv")
            found[officers]["csv"] = table.content.decode("utf-8-sig")
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=plan, args=(officers,)) for officers in range(1, 11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)

    assert failed == []
    assert sorted(found) == list(range(1, 11))
    for officers in (1, 2, 6):
        changed = enforcement_sim.run(
            load(workspace / "shift.yaml", {"teams.east_team.officers": officers}), replications=2
        )
        mean = changed.measure("backlog_mean")
        mean = mean[(mean["jurisdiction"] == "east") & (mean["field"] == "all") & (mean["period"] == 2024)][
            "mean"
        ].iloc[0]
        lines = list(csv.DictReader(io.StringIO(found[officers]["csv"])))
        mine = next(
            line for line in lines
            if (line["jurisdiction"], line["measure"], line["side"]) == ("east", "open_cases", "changed")
        )  # fmt: skip
        assert float(mine["mean"]) == pytest.approx(mean, rel=1e-9)
        days = [
            (line["clock"], float(line["mean"])) for line in lines
            if (line["jurisdiction"], line["measure"], line["side"]) == ("east", "days_median", "changed")
        ]  # fmt: skip
        theirs = changed.measure("days_median")
        theirs = theirs[(theirs["jurisdiction"] == "east") & (theirs["field"] == "all") & (theirs["period"] == 2024)]
        assert days == [(item, pytest.approx(one, rel=1e-9)) for item, one in theirs[["item", "mean"]].to_numpy()]
        assert len(days) == (officers > 1)  # one alone has not half of the year's cases decided at the end
    assert len({found[officers]["csv"] for officers in (1, 3, 5)}) == 3


def test_nobody_takes_away_what_is_another_session_s(site: tuple[str, App]) -> None:
    address, app = site
    mine, other = Browser(address), Browser(address)
    run(mine, 3, 1)
    id_ = own_run(app, mine).id

    for kind in ("csv", "html"):
        assert mine.get(f"download/run/{id_}.{kind}").status_code == 200
        assert other.get(f"download/run/{id_}.{kind}").status_code == 404
    assert other.fire("ask.data", {"ask.data": 1, "place.value": "all", "seen.data": ""}).get("seen.data") is None
    other.fire("stop.n_clicks", {"stop.n_clicks": 1})
    assert own_run(app, mine).state == "done"
    assert id_ not in plain(other.get("_dash-layout").json())


def test_nothing_else_can_be_taken_away(site: tuple[str, App]) -> None:
    port = int(site[0].rsplit(":", 1)[1])
    for path in (
        "download/run/x.csv", "download/run/x.html", "download/saved/plain.yaml", "download/saved/../plain.yaml",
        "download/saved/%2e%2e/%2e%2e/etc/passwd", "download/saved//etc/passwd", "assets/../app.py",
        "assets/%2e%2e/app.py", "_dash-component-suites/dash/../../x", ".enforcement-sim/saved.json",
    ):  # fmt: skip
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)  # sends the dots as they are
        asked.request("GET", f"/{path}")
        answer = asked.getresponse()
        text = answer.read().decode()
        asked.close()
        assert "format: 1" not in text, path
        assert "create_app" not in text, path
        assert answer.status != 200 or text.startswith("<!DOCTYPE html>"), path  # the page itself


def test_a_saved_scenario_can_be_taken_away_by_everybody(site: tuple[str, App], workspace: Path) -> None:
    mine, other = Browser(site[0]), Browser(site[0])
    mine.fire("scenario.value", SHIFT)
    values = {"save.n_clicks": 1, "save-title.value": "Mine", "save-name.value": "mine", "fresh.data": 0}
    answer = mine.fire("save.n_clicks", values, {"teams.east_team.officers": 4})

    assert "Saved as mine.yaml" in plain(answer["saved.children"])
    taken = other.get("download/saved/mine.yaml")
    assert taken.content == (workspace / "mine.yaml").read_bytes()
    assert "attachment" in taken.headers["Content-Disposition"]
    values["save-name.value"] = "plain"
    assert "is there already" in plain(mine.fire("save.n_clicks", values, {"teams.east_team.officers": 4}))


def test_the_report_of_a_run_is_one_page_for_both_sides(site: tuple[str, App], workspace: Path) -> None:
    address, app = site
    browser = Browser(address)
    run(browser, 3, 2)
    answer = browser.get(f"download/run/{own_run(app, browser).id}.html")

    assert answer.text.startswith("<!doctype html>")
    assert "Shift to the east" in answer.text
    assert not list((workspace / ".enforcement-sim").glob("tmp*"))


def test_a_broken_upload_is_told_with_its_place(site: tuple[str, App], workspace: Path) -> None:
    browser = Browser(site[0])
    browser.fire("scenario.value", SHIFT)
    text = (workspace / "shift.yaml").read_text(encoding="utf-8").replace("giver:", "giver:\t[")
    sent = "data:;base64," + base64.b64encode(text.encode()).decode()
    answer = browser.fire("upload.contents", {"upload.contents": sent, "upload.filename": "C:\\me\\mine.yaml"})

    said = plain(answer["uploaded.children"])
    assert "mine.yaml:7:" in said
    assert "try:" in said
    assert str(workspace) not in said


def test_a_request_that_is_too_large_is_refused(site: tuple[str, App]) -> None:
    browser, kind = Browser(site[0]), {"Content-Type": "application/json"}
    answer = browser.http.post(f"{site[0]}/_dash-update-component", data=b"x" * 3_000_000, timeout=30, headers=kind)

    assert answer.status_code == 413


def test_the_state_survives_a_reload_in_either_language(site: tuple[str, App]) -> None:
    browser = Browser(site[0])
    run(browser, 3, 1)

    page = plain(browser.get("_dash-layout").json())
    assert '"value": "shift.yaml"' in page
    assert "Changes: 1" in page
    assert 'lang="zh-CN"' in browser.get("?lang=zh").text
    assert "已修改1处" in plain(browser.get("_dash-layout").json())
    shown = browser.fire("ask.data", {"ask.data": 5, "place.value": "east", "seen.data": ""})
    assert "已完成：2/2次" in shown["state.children"]
    assert shown["answered.data"] == 5


def test_a_finished_sweep_is_shown_as_a_map_and_a_table(workspace: Path) -> None:
    axes = "{reform.share.urban: [0.2, 0.8], teams.east_team.officers: [2, 4]}"
    file = workspace / "sweep.yaml"
    file.write_text(f"sweep:\n  title: Small\n  of: shift.yaml\n  axes: {axes}\n  replications: 2\n", encoding="utf-8")
    results = enforcement_sim.sweep(file, out=workspace / "swept")
    with served(workspace) as (address, _):
        browser = Browser(address)
        assert '"value": "swept"' in plain(browser.get("_dash-layout").json())
        chosen = {"tab.data": "sweeps", "sweep.value": "swept"}
        opened = browser.fire("sweep.value", chosen)
        assert "backlog_mean" in [one["value"] for one in opened["sweep-measure.options"]]
        assert [one["label"] for one in opened["sweep-place.options"]] == ["all together", "City", "East"]
        chosen |= {"sweep-measure.value": "backlog_mean", "sweep-place.value": "east"}
        chosen["sweep-item.value"] = browser.fire("sweep-measure.value", chosen)["sweep-item.value"]
        shown = plain(browser.fire("sweep-item.value", chosen)["sweep-found.children"])
        lost = browser.fire("sweep.value", {"tab.data": "sweeps", "sweep.value": "../elsewhere"})

    table = results.table
    means = table[
        (table["measure"] == "backlog_mean") & (table["jurisdiction"] == "east")
        & (table["field"] == "all") & (table["period"] == 2024)
    ]["mean"]  # fmt: skip
    assert len(means) == 4
    assert all(f'"{mean:,.1f}' in shown for mean in means)
    assert '"type": "heatmap"' in shown
    assert "no such thing in the workspace" in plain(lost["sweep-found.children"])


def test_a_new_browser_gets_its_own_language(site: tuple[str, App]) -> None:
    import requests

    for asked, given in (("zh-CN,zh;q=0.9,en;q=0.5", "zh-CN"), ("en-GB", "en"), ("fr", "en")):
        answer = requests.get(f"{site[0]}/", headers={"Accept-Language": asked}, timeout=30)
        assert f'<html lang="{given}">' in answer.text


def test_the_page_has_no_inline_script_but_the_one_that_is_allowed(site: tuple[str, App]) -> None:
    answer = Browser(site[0]).get("")
    policy = answer.headers["Content-Security-Policy"]

    assert policy.count("sha256-") == 1
    assert "'unsafe-eval'" not in policy
    assert "script-src 'self' 'sha256-" in policy
    cookie = answer.headers.get("Set-Cookie", "")
    assert cookie == ""  # it was given with the first answer


def test_the_session_cookie_cannot_be_read_by_scripts_or_sent_by_other_sites(site: tuple[str, App]) -> None:
    import requests

    cookie = requests.get(f"{site[0]}/", timeout=30).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_a_server_of_ones_own_reads_the_environment(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from enforcement_sim.dashboard import wsgi
    from enforcement_sim.errors import ResultsError

    monkeypatch.setenv("ENFORCEMENT_SIM_WORKSPACE", str(workspace))
    monkeypatch.setenv("ENFORCEMENT_SIM_TOKEN", "0123456789abcdef")
    monkeypatch.setenv("ENFORCEMENT_SIM_WORKERS", "1")
    server = wsgi.application()
    try:
        client = server.test_client()
        assert client.get("/").status_code == 401
        assert client.get("/", headers={"Authorization": "Bearer 0123456789abcdef"}).status_code == 200
        with pytest.raises(ResultsError, match="several threads"):
            wsgi.application()
    finally:
        server.config["desk"].close()


def command(*words: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ENFORCEMENT_SIM_")}
    line = [sys.executable, "-m", "enforcement_sim", *words]
    return subprocess.run(line, capture_output=True, text=True, timeout=timeout, check=False, env=environment, cwd=ROOT)


@pytest.mark.long
def test_serve_refuses_what_is_not_safe(workspace: Path) -> None:
    refused = command("serve", str(workspace), "--host", "0.0.0.0")
    assert (refused.returncode, "no token keeps them out" in refused.stderr) == (2, True)
    refused = command("serve", str(workspace), "--token", "short")
    assert (refused.returncode, "could be guessed" in refused.stderr) == (2, True)
    refused = command("serve", str(workspace / "nowhere"))
    assert (refused.returncode, "no workspace" in refused.stderr) == (2, True)
    assert "Traceback" not in refused.stderr


def test_serve_without_dash_says_what_to_install() -> None:
    hide = "import sys; sys.modules['dash'] = None; from enforcement_sim.cli import main; sys.argv = ['x', 'serve', '.']; main()"
    done = subprocess.run([sys.executable, "-c", hide], capture_output=True, text=True, check=False, cwd=ROOT)

    assert done.returncode == 2
    assert "pip install 'enforcement-sim[app]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_opens_no_dash() -> None:
    ask = "import sys; from enforcement_sim.cli.app import app; print([m for m in ('dash', 'flask', 'waitress', 'plotly') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True, cwd=ROOT)

    assert done.stdout.strip() == "[]"
    assert "serve" in command("--help").stdout
