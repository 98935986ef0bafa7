"""The report: what stands on the page, in both languages, without a network, also in a real browser."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

import enforcement_sim as es
from enforcement_sim.measures.tables import ScenarioTables
from enforcement_sim.model.figures import Title
from enforcement_sim.reports.material import of_results
from enforcement_sim.reports.write import write
from enforcement_sim.views import charts
from enforcement_sim.views.charts import Series
from enforcement_sim.views.page import expanded
from enforcement_sim.views.pages.shown import Shown
from enforcement_sim.views.words import LANGUAGES, WORDS

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def shown() -> Shown:
    return of_results([es.run(DATA / f"small_{name}.yaml", replications=3) for name in ("base", "shift")])


@pytest.fixture(scope="module")
def tables(shown: Shown) -> list[ScenarioTables]:
    return list(shown.tables)


@pytest.fixture(scope="module")
def page(shown: Shown, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("report"), shown, single=True)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in ("meta", "link", "br", "input", "img", "col"):
            self.open.append(tag)
        self.fetched += [value for key in ("src",) if (value := given.get(key))]
        self.fetched += [given["href"] or ""] if tag == "link" and "href" in given else []
        self.ids += [given["id"] or ""] if "id" in given else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _parsed(page: Path) -> _Parser:
    parser = _Parser()
    parser.feed(expanded(page.read_text(encoding="utf-8")))
    return parser


def test_every_element_is_closed_and_ids_are_unique(page: Path) -> None:
    parser = _parsed(page)

    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))


def test_the_page_fetches_nothing(page: Path) -> None:
    assert _parsed(page).fetched == []


def test_both_languages_have_every_word() -> None:
    assert [key for key, said in WORDS.items() if not all(said.get(language) for language in LANGUAGES)] == []


def test_chinese_words_use_chinese_punctuation() -> None:
    wrong = {key: said["zh"] for key, said in WORDS.items() if re.search(r"[\u4e00-\u9fff][,;:?]", said["zh"])}

    assert wrong == {}


def test_every_published_count_stands_beside_its_simulation(page: Path, tables: list[ScenarioTables]) -> None:
    text = expanded(page.read_text(encoding="utf-8"))

    for row in tables[0].published.to_dict("records"):
        assert f"{row['published']:,.0f}" in text
        assert f"{row['simulated']:,.1f}" in text


def test_a_chart_draws_one_band_and_one_line_for_each_scenario(tables: list[ScenarioTables]) -> None:
    rows = [t.backlog[(t.backlog["jurisdiction"] == "all") & (t.backlog["field"] == "all")] for t in tables]
    series = [Series(str(n), "#0072B2", table) for n, table in enumerate(rows)]

    figure = charts.backlog(series, [], None, {}, "en")

    total = rows[0][rows[0]["item"] == "all"]
    assert len(figure.data) == 6
    assert figure.data[2]["y"] == [round(value, 1) for value in total["mean"]]
    assert figure.data[0]["y"] == [round(value, 1) for value in total["low"]]
    assert min(figure.data[0]["y"]) >= 0


def test_the_date_of_the_reform_is_marked(tables: list[ScenarioTables]) -> None:
    rows = tables[1].backlog[(tables[1].backlog["jurisdiction"] == "west") & (tables[1].backlog["field"] == "all")]

    figure = charts.backlog([Series("shift", "#0072B2", rows)], [], tables[1].reform_on, {}, "zh")

    assert figure.layout["shapes"][0]["x0"] == "2024-01-01"
    assert figure.layout["annotations"][0]["text"] == "改革实施"


def test_data_cannot_end_its_script_element(shown: Shown, tmp_path: Path) -> None:
    evil = Title(en="</script><b>bold", zh="</script>粗体")
    named = replace(shown, title=evil, tables=[replace(one, title=evil) for one in shown.tables])
    text = write(tmp_path, named, single=True).read_text(encoding="utf-8")
    start = text.index('id="figures">') + len('id="figures">')

    data = json.loads(text[start : text.index("</script>", start)])

    assert set(data["charts"]) >= {"units", "gains", "change", "resolution", "overdue", "staff", "published"}
    assert "</script><b>" in json.dumps(data)
    assert "<b>bold" not in text[:start]


def test_a_phrase_stands_once_and_every_place_knows_it(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert text.count('<span lang="en">all together</span>') == 0
    assert expanded(text).count('<span lang="en">all together</span><span lang="zh-CN">合计</span>') > 5
    assert "<i w=" not in expanded(text)
