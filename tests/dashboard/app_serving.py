"""The application behind waitress on loopback, for tests that go through HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from waitress import create_server, wasyncore

from enforcement_sim.dashboard.app import App, create_app
from enforcement_sim.dashboard.settings import Settings

OPENED: list[requests.Session] = []


@contextmanager
def served(workspace: Path, **settings: Any) -> Iterator[tuple[str, App]]:
    """The address of an application that works until this ends, and the application."""
    app = create_app(Settings(workspace, **{"workers": 1, "port": 0, **settings}))
    server = create_server(app.server, host="127.0.0.1", port=0, threads=8)
    over = threading.Event()

    def answer() -> None:
        while not over.is_set():
            wasyncore.loop(timeout=0.05, map=server._map, count=1)
        server.task_dispatcher.shutdown()
        for channel in list(server.active_channels.values()):
            channel.handle_close()
        server.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        app.desk.runner.wait_until_warm()
        yield f"http://127.0.0.1:{server.effective_port}", app
    finally:
        while OPENED:
            OPENED.pop().close()
        over.set()
        thread.join()
        app.desk.close()


class Browser:
    """What a browser asks the server for, without the browser: one session, its callbacks by what they listen to."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.http = requests.Session()
        OPENED.append(self.http)
        assert self.http.get(f"{address}/", timeout=30).status_code == 200
        self.callbacks = self.http.get(f"{address}/_dash-dependencies", timeout=30).json()

    def get(self, path: str) -> requests.Response:
        """An answer to a plain request."""
        return self.http.get(f"{self.address}/{path}", timeout=60)

    def fire(self, changed: str, values: dict[str, Any], levers: dict[str, Any] | None = None) -> dict[str, Any]:
        """What the callback answers that listens to `changed`, as `id.property` to value, by id and property."""
        one = next(
            one
            for one in self.callbacks
            if one["clientside_function"] is None
            and any(f"{given['id']}.{given['property']}" == changed for given in one["inputs"])
        )
        outputs = one["output"].strip(".").split("...")
        body = {
            "output": one["output"],
            "outputs": [
                dict(zip(("id", "property"), out.split("@")[0].rsplit(".", 1), strict=True)) for out in outputs
            ],
            "changedPropIds": [changed],
            "inputs": [_filled(given, values, levers) for given in one["inputs"]],
            "state": [_filled(given, values, levers) for given in one["state"]],
        }
        for out, told in zip(outputs, body["outputs"], strict=True):
            told["property"] = out.rsplit(".", 1)[1]
        if not one["output"].startswith(".."):
            body["outputs"] = body["outputs"][0]
        answer = self.http.post(f"{self.address}/_dash-update-component", json=body, timeout=60)
        assert answer.status_code in (200, 204), answer.text
        if answer.status_code == 204:
            return {}
        found = answer.json()["response"]
        return {
            f"{id_.split('@')[0]}.{key.split('@')[0]}": value for id_, by in found.items() for key, value in by.items()
        }


def _filled(given: dict[str, str], values: dict[str, Any], levers: dict[str, Any] | None) -> Any:
    if given["id"].startswith("{"):
        ids = [{"path": path, "type": "lever"} for path in levers or {}]
        return [
            {
                "id": id_,
                "property": given["property"],
                "value": id_ if given["property"] == "id" else (levers or {})[id_["path"]],
            }
            for id_ in ids
        ]
    name = f"{given['id']}.{given['property']}"
    return {"id": given["id"], "property": given["property"], "value": values.get(name)}


def plain(component: Any) -> str:
    """An answer as JSON text, to look for words in."""
    return json.dumps(component, ensure_ascii=False)
