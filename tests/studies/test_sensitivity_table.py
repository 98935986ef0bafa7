"""From the table of a sweep to sensitivities: which rows count, which points do not and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from enforcement_sim.studies import designs
from enforcement_sim.studies.sensitivity_table import (
    CSV,
    MEASURES,
    keep_sensitivity,
    kept_sensitivity,
    sensitivity_table,
)
from enforcement_sim.studies.sweep import Point, load_sweep
from enforcement_sim.studies.sweep_file import Sweep
from enforcement_sim.studies.uncertain import Floats
from enforcement_sim.views.sweep_tables import SWEEP_MEASURES

ROOT = Path(__file__).parents[2]
BACKLOG = ROOT / "scenarios/backlog"
STAGES = "procedures.reconsideration.stages"
FILE_OF = """
sweep:
  title: x
  of: OF
  scenarios: SCENARIOS
  axes: {teams.office.officers: {from: 9, to: 15, whole: true}}
  uncertain:
    STAGES.acceptance.duration.median: {family: uniform, low: 0.5 h, high: 2 h, assumed: touch_time}
    STAGES.decision.duration.median: {family: uniform, low: 3 h, high: 8 h, assumed: touch_time}
  design: DESIGN
"""
WALKS, INDICES = "{kind: morris, trajectories: 8, seed: 3}", "{kind: sobol_indices, base_points: 64, seed: 3}"
NAMES = ["teams.office.officers", f"{STAGES}.acceptance.duration.median", f"{STAGES}.decision.duration.median"]


def loaded(folder: Path, design: str, scenarios: str = "{}") -> tuple[Sweep, list[Point]]:
    text = FILE_OF.replace("STAGES", STAGES).replace("SCENARIOS", scenarios).replace("DESIGN", design)
    (folder / "sweep.yaml").write_text(text.replace("OF", str(BACKLOG / "reconsideration_2024.yaml")))
    return load_sweep(folder / "sweep.yaml")


def found(values: Sequence[float], *, measure: str = "days_median", scenario: str = "", **keys: object) -> pd.DataFrame:
    """Rows of one finding, one for each point."""
    told: dict[str, object] = {
        "measure": measure,
        "jurisdiction": "office",
        "field": "all",
        "item": "clock",
        "period": "2024",
    }
    beside = {"scenario": scenario} if scenario else {}
    numbers = {"point": range(len(values)), "mean": values, "sd": 2.0, "n": 4, "complete": True, "overloaded": False}
    return pd.DataFrame({**beside, **told, **numbers, **keys})


def mixed(*tables: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(tables).sample(frac=1, random_state=1)


def line(sweep: Sweep, *slopes: float) -> Floats:
    return np.asarray(7 + designs.whole_sample(sweep, 0) @ np.array(slopes))


def test_the_measures_are_those_that_a_page_maps() -> None:
    assert tuple(SWEEP_MEASURES) == MEASURES


def test_values_of_the_last_period_and_all_fields_find_their_points(tmp_path: Path) -> None:
    sweep, points = loaded(tmp_path, WALKS)
    slopes = (-3.0, 0.5, 2.0)
    other = np.zeros(len(points))
    table = mixed(
        found(line(sweep, *slopes)),
        found(other, period="2023"),
        found(other, field="markets"),
        found(other, measure="days_mean"),
        found(line(sweep, 1, 1, 1), jurisdiction="all"),
        found(line(sweep, 1, 0, 0), measure="backlog_at_end", item="all", period="364"),
        found(other, measure="backlog_at_end", item="phase", period="364"),
    )
    told = sensitivity_table(sweep, points, table)

    assert told["parameter"].tolist() == NAMES * 3
    own = told[(told["jurisdiction"] == "office") & (told["measure"] == "days_median")]
    assert own["mu"].tolist() == pytest.approx(slopes)
    assert own["mu_star"].tolist() == pytest.approx(np.abs(slopes))
    assert set(own["period"]) == {"2024"}
    assert told[told["jurisdiction"] == "all"]["mu"].tolist() == pytest.approx([1, 1, 1])
    backlog = told[told["measure"] == "backlog_at_end"]
    assert (backlog["item"].tolist(), backlog["period"].tolist()) == (["all"] * 3, ["364"] * 3)
    assert set(told["used"]) == {len(points)}
    assert own["noise"].iloc[0] == pytest.approx(1 / line(sweep, *slopes).var(ddof=1))


def test_each_scenario_has_sensitivities_of_its_own(tmp_path: Path) -> None:
    sweep, points = loaded(tmp_path, WALKS, f"{{same: {BACKLOG / 'reconsideration_2024.yaml'}}}")
    table = mixed(
        found(line(sweep, 1, 2, 3), scenario="reconsideration_2024"), found(line(sweep, 4, 5, 6), scenario="same")
    )
    told = sensitivity_table(sweep, points, table)

    assert told["scenario"].tolist() == ["reconsideration_2024"] * 3 + ["same"] * 3
    assert told["mu"].tolist() == pytest.approx([1, 2, 3, 4, 5, 6])


def test_points_are_left_out_for_a_cause_that_is_counted(tmp_path: Path) -> None:
    sweep, points = loaded(tmp_path, WALKS)
    values = line(sweep, 1, 2, 3)
    values[[0, 4, 12]] = 1e9  # would be seen in every index
    marks = {"complete": np.arange(len(points)) != 4}
    whole = found(values, **marks)
    lacking = whole[~whole["point"].isin([0, 12])]
    other = found(line(sweep, 3, 2, 1), jurisdiction="all", **marks)
    told = sensitivity_table(sweep, points, mixed(lacking, other[other["point"] != 0]))

    own, all_ = (told[told["jurisdiction"] == place] for place in ("office", "all"))
    assert own["causes"].iloc[0] == "failed: 1, in_a_group: 9, incomplete: 1, no_value: 1"
    assert all_["causes"].iloc[0] == "failed: 1, in_a_group: 6, incomplete: 1"
    assert (own["used"].iloc[0], own["left_out"].iloc[0]) == (20, 12)
    assert (all_["used"].iloc[0], all_["left_out"].iloc[0]) == (24, 8)
    assert own["mu"].tolist() == pytest.approx([1, 2, 3])
    assert own["most"].max() < 1e9


def test_points_that_are_overloaded_count_and_are_counted(tmp_path: Path) -> None:
    sweep, points = loaded(tmp_path, WALKS)
    told = sensitivity_table(sweep, points, found(line(sweep, 1, 2, 3), overloaded=np.arange(len(points)) < 3))

    assert set(told["used"]) == {len(points)}
    assert set(told["overloaded"]) == {3}
    assert told["mu"].tolist() == pytest.approx([1, 2, 3])


def test_with_too_little_left_there_is_a_reason_instead_of_numbers(tmp_path: Path) -> None:
    sweep, points = loaded(tmp_path, WALKS)
    told = sensitivity_table(sweep, points, found(line(sweep, 1, 2, 3)).query("point >= 20"))

    assert set(told["reason"]) == {"too_few"}
    assert told[["mu", "mu_star", "sigma", "mu_star_conf"]].isna().all(axis=None)
    assert set(told["causes"]) == {"failed: 20"}


def test_pairs_stand_below_the_parameters(tmp_path: Path) -> None:
    sweep, points = loaded(tmp_path, INDICES.replace("}", ", second_order: true}"))
    first, _, third = designs.whole_sample(sweep, 0).T
    told = sensitivity_table(sweep, points, found((2 * first - 1) * (2 * third - 1)))

    assert told["parameter"].tolist() == [*NAMES, NAMES[0], NAMES[0], NAMES[1]]
    assert told["beside"].tolist() == ["", "", "", NAMES[1], NAMES[2], NAMES[2]]
    assert told["S2"].idxmax() == 4
    assert told["S2"][4] == pytest.approx(1, abs=2 * told["S2_conf"][4])
    assert told["ST"][:3].tolist() == pytest.approx([1, 0, 1], abs=0.5)


@pytest.mark.parametrize("design", ["{kind: sobol, points: 8}", "{kind: latin_hypercube, points: 8}"])
def test_other_designs_have_none(tmp_path: Path, design: str) -> None:
    sweep, points = loaded(tmp_path, design)

    assert sensitivity_table(sweep, points, found(np.arange(8.0).tolist())).empty


def test_points_of_another_draw_are_refused(tmp_path: Path) -> None:
    sweep, points = loaded(tmp_path, WALKS)
    _, others = loaded(tmp_path, WALKS.replace("seed: 3", "seed: 4"))
    table = found(line(sweep, 1, 2, 3))

    assert sensitivity_table(sweep, points, pd.DataFrame()).empty
    with pytest.raises(ValueError, match="not those that the design"):
        sensitivity_table(sweep, others, table)


def with_reason(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["point"] > 100]


@pytest.mark.parametrize("design", [WALKS, INDICES, INDICES.replace("}", ", second_order: true}")])
@pytest.mark.parametrize("cut", [lambda table: table, with_reason], ids=["whole", "cut"])
def test_what_is_kept_comes_back(tmp_path: Path, design: str, cut: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    sweep, points = loaded(tmp_path, design)
    table = mixed(found(line(sweep, 1, 2, 1 / 3)), cut(found(line(sweep, 1, 2, 3), item="all", measure="use")))
    told = sensitivity_table(sweep, points, table)
    keep_sensitivity(tmp_path, told)

    pd.testing.assert_frame_equal(kept_sensitivity(tmp_path), told)
    assert len((tmp_path / CSV).read_text(encoding="utf-8").splitlines()) == 1 + len(told)
    keep_sensitivity(tmp_path, pd.DataFrame())
    assert [path.name for path in tmp_path.iterdir()] == ["sweep.yaml"]
    assert kept_sensitivity(tmp_path).empty
