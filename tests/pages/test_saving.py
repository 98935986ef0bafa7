"""What is saved from a page: pictures, documents and workbooks that other programs read, with all digits."""

from __future__ import annotations

import csv
import io
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import enforcement_sim as es
from browser import browser, needs_browser, page_of
from enforcement_sim.reports.material import of_results
from enforcement_sim.reports.write import write
from enforcement_sim.views.pages.shown import Shown

DATA = Path(__file__).parents[1] / "data"
pytestmark = needs_browser


@pytest.fixture(scope="module")
def shown() -> Shown:
    return of_results([es.run(DATA / f"small_{name}.yaml", replications=3) for name in ("base", "shift")])


@pytest.fixture(scope="module")
def page(shown: Shown, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    write(tmp_path_factory.getbasetemp() / "saving", shown)
    it, seen = page_of(browser())
    it.goto((tmp_path_factory.getbasetemp() / "saving" / "report" / "clocks.html").as_uri())
    it.wait_for_selector('html[data-ready="yes"]')
    yield it
    it.close()
    assert seen.complaints == []


def saved(page: Any, section: str, kind: str) -> tuple[str, bytes]:
    with page.expect_download() as found:
        page.click(f'#{section} .save[data-save="{kind}"]')
    return found.value.suggested_filename, Path(found.value.path()).read_bytes()


def rows(content: bytes) -> list[tuple[Any, ...]]:
    [sheet] = load_workbook(io.BytesIO(content)).worksheets
    return list(sheet.iter_rows(values_only=True))


def test_a_table_is_saved_as_a_workbook_with_all_digits(page: Any, shown: Shown) -> None:
    name, content = saved(page, "resolution", "table")
    head, median, _ = rows(content)

    assert name == "resolution-all.xlsx"
    interval = ("95 % interval ↓", "95 % interval ↑")
    assert head == ("Clock", "Measure", "Small city base", *interval, "Small city", *interval)
    assert median[:2] == ("decision_90", "median")
    table = shown.tables[1].resolution
    table = table[(table["jurisdiction"] == "all") & (table["field"] == "all") & (table["period"] == 2024)]
    [stored] = table[table["measure"] == "days_median"].to_dict("records")
    assert median[5:] == pytest.approx((stored["mean"], stored["low"], stored["high"]), rel=1e-6)
    assert median[5] != round(median[5], 3)  # more digits than the page shows


def test_so_it_is_as_text_for_any_spreadsheet(page: Any) -> None:
    name, content = saved(page, "resolution", "csv")

    assert name == "resolution-all.csv"
    assert content.startswith(b"\xef\xbb\xbf")  # without the mark spreadsheets garble Chinese
    as_text = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    as_book = rows(saved(page, "resolution", "table")[1])
    assert [[float(cell) for cell in line[2:]] for line in as_text[1:]] == [list(line[2:]) for line in as_book[1:]]


def test_a_chart_is_saved_as_a_workbook_with_what_it_draws(page: Any, shown: Shown) -> None:
    name, content = saved(page, "resolution", "xlsx")
    head, *found = rows(content)

    assert name == "resolution-all-chart.xlsx"
    assert head == ("series", "x", "y", "z", "low", "high")
    table = shown.tables[0].resolution
    table = table[(table["jurisdiction"] == "all") & (table["field"] == "all") & (table["period"] == 2024)]
    [stored] = table[table["measure"] == "days_median"].to_dict("records")
    [drawn] = [row for row in found if row[0] == "Small city base · median"]
    assert drawn[2] == "decision_90"
    assert (drawn[1], drawn[4], drawn[5]) == pytest.approx((stored["mean"], stored["low"], stored["high"]), abs=0.011)


def test_a_chart_is_saved_as_a_picture(page: Any) -> None:
    name, content = saved(page, "overdue", "png")
    width, height = struct.unpack(">II", content[16:24])

    assert name == "overdue-all.png"
    assert content.startswith(b"\x89PNG")
    assert min(width, height) > 400  # twice as fine as the screen


def test_a_chart_is_saved_as_a_drawing(page: Any) -> None:
    name, content = saved(page, "overdue", "svg")

    assert name == "overdue-all.svg"
    assert content.startswith(b"<svg")
    assert "overdue, %" in content.decode()


def test_a_chart_is_saved_as_a_document_that_readers_open(page: Any) -> None:
    name, content = saved(page, "overdue", "pdf")

    assert name == "overdue-all.pdf"
    assert content.startswith(b"%PDF-1.4")
    # Every object stands where the table says; the picture in it is whole.
    start = int(re.search(rb"startxref\n(\d+)", content).group(1))  # type: ignore[union-attr]
    assert content[start:].startswith(b"xref\n0 6\n")
    for number, place in enumerate(re.findall(rb"(\d{10}) 00000 n ", content), 1):
        assert content[int(place) :].startswith(b"%d 0 obj" % number)
    length = int(re.search(rb"DCTDecode/Length (\d+)", content).group(1))  # type: ignore[union-attr]
    picture = content[content.rindex(b"stream\n", 0, content.rindex(b"\nendstream")) + 7 :][:length]
    assert picture.startswith(b"\xff\xd8")
    assert picture.endswith(b"\xff\xd9")


def test_what_is_saved_is_in_the_language_of_the_page(page: Any) -> None:
    page.click("#language")
    try:
        assert rows(saved(page, "overdue", "table")[1])[0][:2] == ("期限", "小市基准")
    finally:
        page.click("#language")
