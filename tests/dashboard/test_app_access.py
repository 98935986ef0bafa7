"""Who gets in: by token, by host, from the same site; and what every answer tells the browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from enforcement_sim.dashboard.access import COOKIE, guard
from enforcement_sim.dashboard.settings import Settings, settings_of
from enforcement_sim.errors import ResultsError

TOKEN = "0123456789abcdef"


def client(settings: Settings) -> FlaskClient:
    server = Flask("guarded")
    guard(server, settings, ["'sha256-abc'"])
    server.add_url_rule("/", "page", lambda: "the page", methods=["GET", "POST"])
    return server.test_client()


@pytest.fixture
def open_one() -> FlaskClient:
    return client(Settings(Path(), port=8050))


@pytest.fixture
def closed_one() -> FlaskClient:
    return client(Settings(Path(), host="0.0.0.0", token=TOKEN))


@pytest.mark.parametrize("host", ["127.0.0.1:8050", "localhost:8050", "[::1]:8050"])
def test_its_own_names_are_answered(open_one: FlaskClient, host: str) -> None:
    assert open_one.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example:8050", "127.0.0.1:9", "127.0.0.1.evil.example:8050", "localhost", "[", "a:b"]
)
def test_other_names_are_refused(open_one: FlaskClient, host: str) -> None:
    assert open_one.get("/", headers={"Host": host}).status_code == 403


def test_another_site_cannot_post(open_one: FlaskClient) -> None:
    own = {"Host": "127.0.0.1:8050"}

    assert open_one.post("/", headers={**own, "Origin": "http://evil.example"}).status_code == 403
    assert open_one.post("/", headers={**own, "Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert open_one.post("/", headers={**own, "Origin": "http://127.0.0.1:8050"}).status_code == 200


def test_without_the_token_nothing_is_answered(closed_one: FlaskClient) -> None:
    for asked in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
        answer = closed_one.get("/", headers=asked)

        assert answer.status_code == 401
        assert "?token=" in answer.text
        assert "the page" not in answer.text


def test_the_token_in_the_address_becomes_a_cookie_once(closed_one: FlaskClient) -> None:
    answer = closed_one.get(f"/?token={TOKEN}&lang=zh")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/?lang=zh")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie
    assert closed_one.get("/").text == "the page"


def test_a_wrong_token_in_the_address_gives_no_cookie(closed_one: FlaskClient) -> None:
    answer = closed_one.get(f"/?token={TOKEN[:-1]}x")

    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers


def test_a_cookie_that_was_made_up_does_not_let_in(closed_one: FlaskClient) -> None:
    for value in (TOKEN, "", "x" * 64, "ä"):
        closed_one.set_cookie(COOKIE, value)
        assert closed_one.get("/").status_code == 401


def test_a_program_may_send_the_token_as_a_bearer(closed_one: FlaskClient) -> None:
    assert closed_one.get("/", headers={"Authorization": f"bearer {TOKEN}"}).text == "the page"


def test_every_answer_has_the_headers(open_one: FlaskClient, closed_one: FlaskClient) -> None:
    for answer in (open_one.get("/", headers={"Host": "localhost:8050"}), closed_one.get("/"), open_one.get("/none")):
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'self' 'sha256-abc';" in policy
        assert "unsafe-eval" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_host_that_others_reach_needs_a_token() -> None:
    with pytest.raises(ResultsError, match="others in the network"):
        Settings(Path(), host="0.0.0.0")
    assert Settings(Path(), host="0.0.0.0", token=TOKEN).token == TOKEN


def test_a_token_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(ResultsError, match="15 characters"):
        Settings(Path(), token=TOKEN[1:])


def test_settings_come_from_the_environment() -> None:
    found = settings_of(
        {"ENFORCEMENT_SIM_WORKSPACE": "here", "ENFORCEMENT_SIM_TOKEN": TOKEN, "ENFORCEMENT_SIM_RUNS": "3"}
    )

    assert (found.workspace, found.token, found.most_runs, found.most_replications) == (Path("here"), TOKEN, 3, 40)
    with pytest.raises(ResultsError, match="ENFORCEMENT_SIM_RUNS is no whole number: many"):
        settings_of({"ENFORCEMENT_SIM_RUNS": "many"})
    with pytest.raises(ResultsError, match="most_runs is 0"):
        settings_of({"ENFORCEMENT_SIM_RUNS": "0"})
