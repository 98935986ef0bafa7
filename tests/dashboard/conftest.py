"""A small workspace, and applications that work in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from app_tools import DATA

from enforcement_sim.dashboard.desk import Desk
from enforcement_sim.dashboard.settings import Settings


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with two scenarios and nothing else."""
    folder = tmp_path / "workspace"
    shutil.copytree(DATA, folder)
    return folder


@pytest.fixture
def desk_of(workspace: Path) -> Iterator[Callable[..., Desk]]:
    """Opens the application behind its page, and closes it in the end."""
    opened: list[Desk] = []

    def open_(**settings: object) -> Desk:
        desk = Desk(Settings(workspace, **{"workers": 1, **settings}))  # type: ignore[arg-type]
        opened.append(desk)
        return desk

    yield open_
    for desk in opened:
        desk.close()
