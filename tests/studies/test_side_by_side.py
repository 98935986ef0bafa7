"""Several scenarios by one set of workers: what each finds alone, and all refused before any runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from enforcement_sim.errors import ResultsError
from enforcement_sim.files.read import load
from enforcement_sim.studies.points import How
from enforcement_sim.studies.replicate import replicate, side_by_side

DATA = Path(__file__).parents[1] / "data"
SCENARIOS = {name: load(DATA / f"small_{name}.yaml") for name in ("base", "shift")}


@pytest.mark.parametrize("workers", [1, 2])
def test_each_finds_what_it_finds_alone(tmp_path: Path, workers: int) -> None:
    told = []
    found = side_by_side(
        SCENARIOS, replications=3, seed=5, folder=tmp_path, how=How(workers), progress=lambda *one: told.append(one)
    )

    for (name, scenario), here in zip(SCENARIOS.items(), found, strict=True):
        alone = replicate(scenario, name=name, replications=3, seed=5)
        assert (here.name, here.seed, here.log_digests) == (name, 5, alone.log_digests)
        assert here.findings.equals(alone.findings)
        assert [done for one, done, _ in told if one == name] == [0, 1, 2, 3]


def test_what_is_refused_of_one_is_refused_before_any_runs(tmp_path: Path) -> None:
    replicate(SCENARIOS["shift"], name="shift", seed=9, replications=1, folder=tmp_path / "shift")

    with pytest.raises(ResultsError, match="seed: 9 then, 5 now"):
        side_by_side(SCENARIOS, replications=3, seed=5, folder=tmp_path)

    assert not (tmp_path / "base").exists()
