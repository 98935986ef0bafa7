"""What the claims of a published result can get wrong is said with its place, before anything runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from enforcement_sim.errors import ResultsError, ScenarioError
from enforcement_sim.model.result import Claim
from enforcement_sim.studies.claims import claimed, shown, told
from enforcement_sim.studies.results import load_result

TOWN = Path(__file__).parents[1] / "data" / "town"


def laid(folder: Path, *edits: tuple[str, str]) -> Path:
    shutil.copytree(TOWN, folder / "town")
    file = folder / "town" / "published.yaml"
    text = file.read_text(encoding="utf-8")
    for before, after in edits:
        assert before in text
        text = text.replace(before, after, 1)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("with_half: {at: {reform.staff: 0.5}", "with_half: {at: {reform.staf: 0.5}", "no axis of the sweep has this name"),
        ("with_half: {at: {reform.staff: 0.5}", "with_half: {at: {reform.staff: 0.4}", "the sweep has no such point"),
        ("with_half: {at: {reform.staff: 0.5}", "with_half: {at: {}", "2 points of the sweep are meant by this"),
        ("measure: backlog_mean, jurisdiction: all", "measure: backlog_men, jurisdiction: all", "no measure has this name"),
        ("jurisdiction: all", "jurisdiction: est", "no jurisdiction has this name"),
        ("{less} less", "{lest} less", "the answer names 'lest', which is no claim"),
        ("which is {less} less", "which is less", r"the answer \(en\) does not tell the claim 'less'"),
        ("相差 {less} 件", "相差甚微", r"the answer \(zh\) does not tell the claim 'less'"),
        ("{less} less", "{less less", "the answer cannot be read"),
        ("question:", "qestion:", "unknown key"),
        ("result:", "reslt:", "a sweep file holds `sweep`, and `result` where it is published"),
    ],
)  # fmt: skip
def test_a_fault_is_said_with_its_place(tmp_path: Path, before: str, after: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said) as caught:
        load_result(laid(tmp_path, (before, after)))
    assert "published.yaml:" in str(caught.value)


def test_a_sweep_without_a_result_says_so(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="nothing that could be published"):
        load_result(laid(tmp_path).with_name("sweep.yaml"))


def table(values: dict[str, float]) -> pa.Table:
    rows = [
        {"measure": "backlog_mean", "jurisdiction": "all", "field": "all", "item": item, "period": year, "value": value}
        for (item, year), value in ((key.split("|"), value) for key, value in values.items())
    ]
    return pa.Table.from_pylist([{**row, "period": int(row["period"])} for row in rows])


def test_numbers_are_means_and_differences_on_the_same_replications(tmp_path: Path) -> None:
    _, points, result = load_result(laid(tmp_path))
    found = ([10.0, 12.0, 17.0], [1.0, 2.0, 3.0])

    def tables(number: int) -> tuple[list[pa.Table], range]:
        # The year before has other values, and is not meant.
        return [table({"all|2024": value, "all|2023": 99.0}) for value in found[number]], range(3)

    numbers = claimed(result, points, tables)

    assert [numbers[name].value for name in ("without", "with_half", "less")] == pytest.approx([13.0, 2.0, 11.0])
    assert numbers["less"].sd == pytest.approx(np.std([9.0, 10.0, 14.0], ddof=1))
    assert [numbers[name].told for name in ("without", "less")] == ["13.0", "11.0"]
    assert shown(result, points, tables)["value"].tolist() == pytest.approx([13.0, 2.0])


def test_several_findings_are_no_number(tmp_path: Path) -> None:
    _, points, result = load_result(laid(tmp_path))

    with pytest.raises(ResultsError, match=r"several findings\n.*name the item"):
        claimed(result, points, lambda _: ([table({"one|2024": 1.0, "other|2024": 2.0})], range(1)))
    with pytest.raises(ResultsError, match="claim 'without': point-000 has no backlog_mean"):
        claimed(result, points, lambda _: ([table({"one|2024": 1.0}).slice(0, 0)], range(1)))


@pytest.mark.parametrize(
    ("value", "how", "text"),
    [
        (1234.56, {"digits": 1}, "1,234.6"),
        (-1.25, {"digits": 1}, "−1.2"),
        (2.0, {"signed": True}, "+2"),
        (-0.04, {"digits": 1, "signed": True}, "0.0"),
        (0.125, {"told_as": "percent", "digits": 1}, "12.5 %"),
    ],
)
def test_a_number_is_told_as_the_text_needs_it(value: float, how: dict[str, object], text: str) -> None:
    claim = Claim.model_validate({"at": {}, "measure": "use", **how})

    assert told(value, claim) == text
