"""The catalogue of systems and levers, and the table of what each does."""

from __future__ import annotations

from pathlib import Path

import pytest

from enforcement_sim.errors import ScenarioError
from enforcement_sim.studies.systems import effects, systems, systems_table

DATA = Path(__file__).parents[1] / "data"
ROW = """systems:
  - {system: shift, title: backlog, scenario: small_shift.yaml, test: tests/x.py, measure: backlog_mean, item: all,
     jurisdiction: city, year: 2024, unit: cases}
"""


def catalogue(folder: Path, text: str = ROW) -> Path:
    for name in ("small_base.yaml", "small_shift.yaml"):
        (folder / name).write_text((DATA / name).read_text(encoding="utf-8"), encoding="utf-8")
    path = folder / "systems.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_effect_is_the_paired_difference_to_what_the_scenario_is_compared_to(tmp_path: Path) -> None:
    path = catalogue(tmp_path)
    [effect] = effects(path, systems(path), folder=tmp_path / "out", replications=2)

    assert effect.is_measured
    assert effect.difference[0] == pytest.approx(effect.changed[0] - effect.base[0])
    assert effect.difference[0] < 0  # most of the city's cases go to the counties
    assert effect.difference[1] < effect.difference[0] < effect.difference[2]
    [row] = systems_table([effect]).splitlines()[2:]
    assert "small_shift.yaml" in row
    assert "backlog, 2024, city (cases)" in row


def test_a_measure_in_another_unit_is_turned_into_it(tmp_path: Path) -> None:
    path = catalogue(tmp_path, ROW.replace("unit: cases", "unit: tens, times: 0.1"))
    [tens] = effects(path, systems(path), folder=tmp_path / "out", replications=2)
    [ones] = effects(catalogue(tmp_path), systems(catalogue(tmp_path)), folder=tmp_path / "out", replications=2)

    assert tens.base[0] == pytest.approx(ones.base[0] / 10)
    assert tens.difference[2] == pytest.approx(ones.difference[2] / 10)


def test_a_measure_that_nobody_has_is_told_and_not_passed_over(tmp_path: Path) -> None:
    path = catalogue(tmp_path, ROW.replace("item: all", "item: nothing"))
    [effect] = effects(path, systems(path), folder=tmp_path / "out", replications=2)

    assert not effect.is_measured
    assert "not measured" in systems_table([effect])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("measure:", "mesure:", "try:  measure"),
        ("unit: cases", "times: 2", "`unit` is missing"),
        ("small_shift.yaml", "small_shfit.yaml", "no such file"),
        ("systems:", "system:", "lists `systems`"),
    ],
)
def test_a_faulty_catalogue_says_where_and_what_to_try(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=r"systems\.yaml") as caught:
        systems(catalogue(tmp_path, ROW.replace(old, new)))

    assert said in str(caught.value)


def test_what_only_the_changed_scenario_has_is_told_as_it_is(tmp_path: Path) -> None:
    path = catalogue(tmp_path, ROW.replace("measure: backlog_mean, item: all", "measure: stay_mean, item: extra"))
    shift = tmp_path / "small_shift.yaml"
    text = shift.read_text(encoding="utf-8")
    text = text.replace(
        "then: penalised}", "then: extra}\n      extra: {kind: wait, duration: 3 days, then: penalised}", 1
    )
    shift.write_text(text, encoding="utf-8")
    [effect] = effects(path, systems(path), folder=tmp_path / "out", replications=2)

    assert effect.difference[0] == pytest.approx(3)
    assert "| – |" in systems_table([effect])


def test_a_run_ends_with_the_year_that_is_measured_and_says_the_same_of_it(tmp_path: Path) -> None:
    early = ROW.replace("year: 2024", "year: 2023")
    path = catalogue(tmp_path, early)
    [short] = effects(path, systems(path), folder=tmp_path / "a", replications=2)
    path = catalogue(tmp_path, early + ROW.removeprefix("systems:\n"))
    long, later = effects(path, systems(path), folder=tmp_path / "b", replications=2)

    assert (short.base, short.changed) == (long.base, long.changed)
    assert later.base != long.base
    years = {folder: {path.name[-4:] for path in (tmp_path / folder).iterdir()} for folder in ("a", "b")}
    assert years == {"a": {"2023"}, "b": {"2024"}}
