"""Numbers on pages are those of the store: the table beside each chart is read in the browser and held against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from browser import browser, needs_browser, page_of
from enforcement_sim import api
from enforcement_sim.measures.intervals import difference, summary
from enforcement_sim.measures.overdue import overdue_table
from enforcement_sim.reports.of_sweep import of_sweep
from enforcement_sim.reports.write import write
from enforcement_sim.studies.replicate import Results, load_results
from enforcement_sim.studies.sweep_run import load_sweep_results

SWEEP = Path(__file__).parents[1] / "data" / "small_sweep.yaml"
pytestmark = needs_browser
READ = """(id) => [...document.querySelectorAll(`#${CSS.escape(id)} tbody tr`)].map((row) => ({
  place: row.dataset.place || "", cells: [...row.cells].map((cell) => {
    const shown = cell.cloneNode(true);
    shown.querySelectorAll('[lang="zh-CN"]').forEach((one) => one.remove());
    return cell.dataset.v ? cell.dataset.v.split(" ").map(Number) : shown.textContent.trim(); }) }))"""
Row = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("numbers")
    api.sweep(SWEEP, out=out, replications=3)
    write(out, of_sweep(out, load_sweep_results(out)))
    return out


@pytest.fixture(scope="module")
def read(folder: Path) -> Iterator[Callable[[str, str], list[Row]]]:
    page, _ = page_of(browser())

    def rows(key: str, section: str) -> list[Row]:
        page.goto((folder / "report" / f"{key}.html").as_uri())
        page.wait_for_selector('html[data-ready="yes"]')
        found: list[Row] = page.evaluate(READ, section)
        assert found, (key, section)
        return found

    yield rows
    page.close()


@pytest.fixture(scope="module")
def kept(folder: Path) -> list[Results]:
    """The points that the pages show, from the store: the first, the middle one and the last."""
    return [load_results(folder / name) for name in ("point-000", "point-002", "point-003")]


def of(table: pd.DataFrame, measure: str, **keys: Any) -> pd.DataFrame:
    rows = table[(table["measure"] == measure) & (table["field"] == "all")]
    for key, value in keys.items():
        rows = rows[rows[key] == value]
    return rows[rows["period"] == rows["period"].max()]


def triple(row: pd.Series | dict[str, Any]) -> tuple[float, float, float]:
    return tuple(float(row[key]) for key in ("mean", "low", "high"))  # type: ignore[return-value]


def test_the_overview_has_the_level_of_each_unit_and_the_differences(read: Any, kept: list[Results]) -> None:
    levels = of(summary(kept[0].findings), "backlog_mean")
    changes = [of(difference(one.findings, kept[0].findings), "backlog_mean") for one in kept[1:]]
    rows = read("index", "units")

    assert len(rows) == len(levels) == 4
    for row in rows:
        name = {"all together": "all"}.get(row["cells"][0], row["cells"][0])
        expected = []
        for table in (levels, *changes):
            [stored] = table[table["jurisdiction"] == name].to_dict("records")
            expected += triple(stored)
        found = [number for cell in row["cells"][1:] for number in cell]
        expected[1] = max(expected[1], 0.0)  # a count is not below nothing
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_clocks_have_the_shares_and_days_of_the_last_year(read: Any, kept: list[Results]) -> None:
    for section, table_of in (
        ("overdue", lambda one: overdue_table(one.findings, one.summary)),
        ("resolution", lambda one: one.summary),
    ):
        for row in read("clocks", section):
            words = [cell for cell in row["cells"] if isinstance(cell, str)]
            numbers = [cell for cell in row["cells"] if not isinstance(cell, str)]
            measure = "overdue_share" if section == "overdue" else {"median": "days_median"}.get(words[1], "days_p90")
            expected = []
            for one in kept:
                [stored] = of(table_of(one), measure, jurisdiction=row["place"], item="decision_90").to_dict("records")
                expected.append(triple(stored))
            means = [number[0] for number in numbers if len(number) == 1]
            assert means == pytest.approx([mean for mean, *_ in expected], rel=1e-6, abs=1e-9)


def test_staff_and_waits_are_those_of_every_team(read: Any, kept: list[Results]) -> None:
    for section, measure in (("staff", "use"), ("waits", "wait_mean")):
        for row in read("staffing", section):
            item = row["cells"][0].replace(" · ", "/")
            means = [cell[0] for cell in row["cells"][1:] if len(cell) == 1]
            stored = [of(one.summary, measure, item=item)["mean"].iloc[0] for one in kept]
            assert means == pytest.approx(stored, rel=1e-6)


def test_the_shift_page_has_the_difference_of_each_place_and_month(read: Any, kept: list[Results]) -> None:
    change = difference(kept[-1].findings, kept[0].findings)
    weekly = change[(change["measure"] == "backlog") & (change["field"] == "all") & (change["item"] == "all")]
    for row in read("shift", "gains"):
        name = {"all together": "all"}.get(row["cells"][0], row["cells"][0])
        [stored] = of(change, "backlog_mean", jurisdiction=name).to_dict("records")
        assert [*row["cells"][-2], *row["cells"][-1]] == pytest.approx(triple(stored), rel=1e-6, abs=1e-6)
    rows = [row for row in read("shift", "change") if row["place"] == "all"]
    first_of_months = weekly[weekly["jurisdiction"] == "all"].copy()
    first_of_months["month"] = (
        pd.Timestamp("2023-01-01") + pd.to_timedelta(first_of_months["period"], unit="D")
    ).dt.to_period("M")
    stored_means = first_of_months.groupby("month").head(1)["mean"].tolist()
    assert [row["cells"][-2][0] for row in rows] == pytest.approx(stored_means, rel=1e-6, abs=1e-6)


def test_the_explorer_has_every_point_of_the_table(read: Any, folder: Path) -> None:
    table = load_sweep_results(folder).table
    stored = of(table, "backlog_at_end", item="all")
    rows = read("explorer", "backlog_at_end")

    assert len(rows) == len(stored) == 16  # four points, three places and all together
    found = sorted((row["place"], row["cells"][-2][0]) for row in rows)
    assert found == [
        (place, pytest.approx(mean, rel=1e-6))
        for place, mean in sorted(zip(stored["jurisdiction"], stored["mean"], strict=True))
    ]


def test_a_tornado_runs_from_the_least_to_the_largest_mean_of_a_level(read: Any, folder: Path) -> None:
    table = load_sweep_results(folder).table
    stored = of(table, "backlog_at_end", item="all", jurisdiction="all")
    rows = [row for row in read("sensitivity", "tornado-0") if row["place"] == "all"]

    assert len(rows) == 2
    for row, axis in zip(rows, ("reform.share.urban", "reform.staff"), strict=True):
        means = stored.groupby(axis)["mean"].mean()
        assert [row["cells"][2][0], row["cells"][4][0]] == pytest.approx([means.min(), means.max()], rel=1e-6)


def test_quality_says_how_sure_the_means_are(read: Any, kept: list[Results]) -> None:
    rows = [row for row in read("quality", "sure") if row["cells"][1] == "open cases, mean of the year"]

    assert len(rows) == len(kept)
    for row, one in zip(rows, kept, strict=True):
        [stored] = of(one.summary, "backlog_mean", jurisdiction="all").to_dict("records")
        assert row["cells"][2][0] == pytest.approx(stored["mean"], rel=1e-6)
        assert row["cells"][3][0] == pytest.approx(stored["high"] - stored["mean"], rel=1e-6)


def test_counts_of_the_flows_are_those_of_the_last_year(read: Any, kept: list[Results]) -> None:
    for row in read("flows", "counts"):
        means = [cell[0] for cell in row["cells"][1:] if len(cell) == 1]
        stored = [of(one.summary, "count", jurisdiction="all", item=row["cells"][0])["mean"].iloc[0] for one in kept]
        assert means == pytest.approx(stored, rel=1e-6)
