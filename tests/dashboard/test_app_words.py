"""Every word of the application is there in both languages, and none is there that nobody says."""

from __future__ import annotations

import datetime as dt
import re
import string
from pathlib import Path

import enforcement_sim.dashboard as package
from enforcement_sim.dashboard import format as fmt
from enforcement_sim.dashboard.results import Spread
from enforcement_sim.dashboard.words import LANGUAGES, WORDS, named, say
from enforcement_sim.model.figures import Title

SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in Path(package.__file__).parent.glob("*.py"))
MADE_UP = ("tab_", "state_", "table_caption_", "measure_", "axis_", "reform_", "_heading", "side_", "clock_")
"""Parts of words that the program puts together."""


def fields(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_every_word_is_there_in_both_languages_and_none_is_empty() -> None:
    assert {key: sorted(told) for key, told in WORDS.items() if sorted(told) != sorted(LANGUAGES)} == {}
    assert [key for key, told in WORDS.items() if not all(text.strip() for text in told.values())] == []


def test_both_languages_put_the_same_things_in() -> None:
    assert [key for key, told in WORDS.items() if fields(told["en"]) != fields(told["zh"])] == []


def test_chinese_is_chinese() -> None:
    plain = {key for key, told in WORDS.items() if not re.search(r"[\u4e00-\u9fff]", told["zh"])}

    assert plain == {"language_other"}


def test_every_word_that_is_asked_for_is_there_and_every_other_is_asked_for() -> None:
    asked = set(re.findall(r'say\(\s*"(\w+)"', SOURCES))
    quoted = set(re.findall(r"""["'](\w+)["']""", SOURCES))

    assert asked - WORDS.keys() == set()
    unused = {key for key in WORDS if key not in quoted and not any(part in key for part in MADE_UP)}
    assert unused == set()


def test_numbers_and_dates_by_language() -> None:
    assert (fmt.number(1234.56), fmt.number(-0.04), fmt.number(float("nan"))) == ("1,234.6", "0.0", "–")
    assert (fmt.signed(3.0), fmt.signed(-3.0), fmt.signed(0.0)) == ("+3.0", "−3.0", "0.0")
    assert (fmt.percent(0.125, "en"), fmt.percent(0.125, "zh")) == ("12.5 %", "12.5%")
    day = dt.date(2024, 3, 1)
    assert (fmt.date(day, "en"), fmt.date(day, "zh")) == ("1 March 2024", "2024年3月1日")


def test_differences_of_shares_are_told_in_points() -> None:
    spread = Spread(0.021, 0.01, 0.032, 4)

    assert (fmt.change(spread, "overdue"), fmt.interval(spread, "overdue")) == ("+2.1", "+1.0 … +3.2")
    assert fmt.level(spread, "overdue", "zh") == "2.1%"
    assert fmt.interval(Spread(1.0, float("nan"), float("nan"), 1), "open_cases") == "–"
    assert (fmt.level(spread, "days", "en"), fmt.change(Spread(-3.5, -4.0, -3.0, 4), "days")) == ("0.0", "−3.5")


def test_things_are_named_in_the_language() -> None:
    names = {"east": Title(en="East", zh="东区")}

    assert [named(key, names, "zh") for key in ("east", "west", "all")] == ["东区", "west", "合计"]
    assert say("rests_on", "en", count=3).startswith("Rests on 3 replications")
