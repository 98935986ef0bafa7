"""Tables about cases for the terminal: which miss a limit because of a change, and how soon each month's are closed."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..measures.frame import ALL
from ..model.figures import Language
from .words import Names, name

Words = dict[str, dict[Language, str]]
WORDS: Words = {
    "missed": {"en": "Cases that miss a limit, by clock and by who handles them", "zh": "超期案件（按期限和办理辖区）"},
    "clock": {"en": "clock, place", "zh": "期限、辖区"},
    "missed_base": {"en": "base", "zh": "基准"},
    "missed_changed": {"en": "changed", "zh": "变更后"},
    "only_changed": {"en": "only changed", "zh": "仅变更后"},
    "only_base": {"en": "only base", "zh": "仅基准"},
    "both": {"en": "both", "zh": "两者"},
    "days_later": {"en": "both: days later", "zh": "两者：多超天数"},
    "unknown": {"en": "not known", "zh": "尚不可知"},
    "difference": {
        "en": "Because of what: where one scenario misses the limit, what takes longer in changed (+) or shorter (-)",
        "zh": "变更的影响：仅一方超期的案件，变更后何处耗时增加（+）或减少（-）",
    },
    "limit": {
        "en": "What took most of the time in the scenario that misses the limit",
        "zh": "超期一方耗时最多的原因",
    },
    "other": {"en": "(the clock did not run in the other)", "zh": "（另一方未起算）"},
    "clock_alone": {"en": "clock", "zh": "期限"},
    "which": {"en": "missed in", "zh": "超期于"},
    "cause": {"en": "cause", "zh": "原因"},
    "stage": {"en": "stage", "zh": "环节"},
    "cases": {"en": "cases", "zh": "案件数"},
    "cause_days": {"en": "days", "zh": "天数"},
    "line": {"en": "waiting for officers", "zh": "排队等候"},
    "work": {"en": "work", "zh": "办理"},
    "wait": {"en": "wait", "zh": "等待"},
    "meeting": {"en": "waiting for a meeting", "zh": "等候会议"},
    "child matter": {"en": "waiting for a child matter", "zh": "等候子案"},
    "nothing": {"en": "No case missed a limit in either scenario.", "zh": "两个情景中均无案件超期。"},
    "one_replication": {
        "en": "One replication: how much of this is chance is not known.",
        "zh": "仅一次重复试验，无法判断随机波动的大小。",
    },
    "places": {
        "en": "Places in which every limit is missed alike in both scenarios stand in the file.",
        "zh": "两个情景中超期情况完全相同的辖区仅列于文件中。",
    },
    "half": {
        "en": "Cases a replication, means over {n} replications; ± is half the 95 % interval.",
        "zh": "数值为{n}次重复试验的均值（每次案件数），±为95%置信区间的一半。",
    },
    "changed_base_unknown": {
        "en": "{n} missed a limit in changed that in base was not over, or could still start, at the end.",
        "zh": "另有{n}件在变更后超期，而在基准中至期末期限尚未终止（或尚未起算）。",
    },
    "base_changed_unknown": {
        "en": "{n} missed a limit in base that in changed was not over, or could still start, at the end.",
        "zh": "另有{n}件在基准中超期，而在变更后至期末期限尚未终止（或尚未起算）。",
    },
    "case_only_changed": {
        "en": "{n} missed a limit in changed and are no cases of base.",
        "zh": "另有{n}件超期案件仅存在于变更后的情景。",
    },
    "case_only_base": {
        "en": "{n} missed a limit in base and are no cases of changed.",
        "zh": "另有{n}件超期案件仅存在于基准情景。",
    },
    "not_shared": {
        "en": "Not every case is in both scenarios: {both} are, {base} are only in base and {changed} only in changed.",
        "zh": "并非所有案件都在两个情景中出现：两者共有{both}件，仅基准有{base}件，仅变更后有{changed}件。",
    },
    "cohorts": {
        "en": "{jurisdiction}, {procedure}: of the cases filed in each period, those closed within so many days",
        "zh": "{jurisdiction}，{procedure}：各立案时段队列及结案比例",
    },
    "period": {"en": "filed in", "zh": "立案时间"},
    "filed": {"en": "filed", "zh": "立案数"},
    "open": {"en": "still open", "zh": "期末未结"},
    "within": {"en": "{n} days, %", "zh": "{n}天内，%"},
    "median": {"en": "median, days", "zh": "中位数，天"},
    "p90": {"en": "P90, days", "zh": "90%结案，天"},
    "censored": {
        "en": "Open cases count as longer than they are so far; – is what cannot be seen yet.",
        "zh": "未结案件按删失处理；“–”表示尚不可观测。",
    },
    "all_procedures": {"en": "all procedures", "zh": "全部程序"},
    "of_cases": {
        "en": "One replication: intervals are over its cases, as if these had nothing to do with each other.",
        "zh": "仅一次重复试验：区间按该次案件计算，并假定案件相互独立。",
    },
    "of_replications": {
        "en": "Means over {n} replications; ± is half the 95 % interval.",
        "zh": "数值为{n}次重复试验的均值，±为95%置信区间的一半。",
    },
}  # fmt: skip
_MISSES = ("missed_base", "missed_changed", "only_changed", "only_base", "both", "days_later", "unknown")
_DIFFER = (
    "only_changed", "only_base", "changed_base_unknown", "base_changed_unknown", "case_only_changed", "case_only_base"
)  # fmt: skip
_NOTES = ("changed_base_unknown", "base_changed_unknown", "case_only_changed", "case_only_base")
MOST_CAUSES = 5
NOT_SEEN = "–"
_LARGE = 100
"""From here on tenths are left out."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A table in words, ready to be printed; the first column is text, the others are numbers unless `texts` more."""

    title: str
    headings: list[str]
    rows: list[list[str]]
    texts: int = 1


def _word(key: str, language: Language) -> str:
    return WORDS[key][language]


def misses_shown(summary: pd.DataFrame, names: Names, language: Language) -> Shown | None:
    """Missed limits of each clock and, below it, of each place where something differs; None if no case missed any."""
    rows = []
    keys = ["clock", "jurisdiction_base", "jurisdiction_changed"]
    for (clock, base, changed), part in summary.groupby(keys, sort=False):
        told = part.set_index("what")
        is_told = told.loc[["missed_base", "missed_changed"], "mean"].sum() > 0
        if base != ALL:
            is_told = told.loc[[*_DIFFER, "days_later"], "mean"].abs().sum() > 0
        if is_told:
            label = name(str(clock), names, language) if base == ALL else f"  {_way(base, changed, names, language)}"
            rows.append([label, *(_number(told.loc[what]) for what in _MISSES)])
    headings = [_word(key, language) for key in ("clock", *_MISSES)]
    return Shown(_word("missed", language), headings, rows) if rows else None


def _way(base: object, changed: object, names: Names, language: Language) -> str:
    """Who handles a case in each scenario, once if that is the same."""
    first, second = (name(str(place), names, language) if place else NOT_SEEN for place in (base, changed))
    return first if first == second else f"{first} → {second}"


def causes_shown(causes: pd.DataFrame, of: str, names: Names, language: Language) -> Shown | None:
    """The most frequent causes of the `limit` or of the `difference` where one scenario misses it; None without any."""
    rows = []
    for outcome in ("only_changed", "only_base"):
        mine = causes[(causes["outcome"] == outcome) & (causes["of"] == of)]
        for row in mine.head(MOST_CAUSES).to_dict("records"):
            texts = [name(str(row["clock"]), names, language), _word(outcome, language)]
            texts += [_word(row["cause"] or "other", language), name(str(row["cause_stage"]), names, language)]
            days = float(row["cause_days"])
            told = NOT_SEEN if math.isnan(days) else f"{days:+,.1f}" if of == "difference" else f"{days:,.1f}"
            rows.append([*texts, _number(row), told])
    headings = [_word(key, language) for key in ("clock_alone", "which", "cause", "stage", "cases", "cause_days")]
    return Shown(_word(of, language), headings, rows, texts=4) if rows else None


def misses_notes(summary: pd.DataFrame, cases: pd.DataFrame, language: Language) -> list[str]:
    """Sentences below the tables: how sure they are, and what stands in none of the columns."""
    count = len(cases)
    total = summary[(summary["jurisdiction_base"] == ALL) & (summary["jurisdiction_changed"] == ALL)]
    notes = [_word("one_replication" if count == 1 else "half", language).format(n=count), _word("places", language)]
    for what in _NOTES:
        number = float(total.loc[total["what"] == what, "mean"].sum())
        if number > 0:
            notes.append(_word(what, language).format(n=f"{number:,.4g}"))
    both, base, changed = (cases[key].mean() for key in ("in_both", "only_base", "only_changed"))
    if base > 0 or changed > 0:
        numbers = {"both": f"{both:,.0f}", "base": f"{base:,.0f}", "changed": f"{changed:,.0f}"}
        notes.append(_word("not_shared", language).format(**numbers))
    return notes


def nothing_missed(language: Language) -> str:
    """What is said instead of empty tables."""
    return _word("nothing", language)


def cohorts_shown(table: pd.DataFrame, where: tuple[str, str], names: Names, language: Language) -> Shown:
    """The cohorts of one jurisdiction and procedure (or `all`)."""
    chosen = table[(table["jurisdiction"] == where[0]) & (table["procedure"] == where[1])]
    shares = [column for column in table.columns if column.startswith("within_") and column.count("_") == 1]
    headings = [_word(key, language) for key in ("period", "filed", "open")]
    headings += [_word("within", language).format(n=share.removeprefix("within_")) for share in shares]
    headings += [_word(key, language) for key in ("median", "p90")]
    rows = []
    for row in chosen.to_dict("records"):
        counts = [f"{row[key]:,.0f}" for key in ("filed", "open")]
        told = [_between(row, share, 100.0) for share in shares] + [_between(row, key) for key in ("median", "p90")]
        rows.append([str(row["period"]), *counts, *told])
    procedure = _word("all_procedures", language) if where[1] == ALL else name(where[1], names, language)
    title = _word("cohorts", language).format(jurisdiction=name(where[0], names, language), procedure=procedure)
    return Shown(title, headings, rows)


def cohorts_notes(table: pd.DataFrame, language: Language) -> list[str]:
    """Sentences below the table."""
    count = int(table["replications"].max()) if len(table) else 0
    key = "of_replications" if count > 1 else "of_cases"
    return [_word(key, language).format(n=count), _word("censored", language)]


def _between(row: dict[Hashable, Any], key: str, times: float = 1.0) -> str:
    """A number with its interval: ± where it is one over replications, else its ends."""
    value, low, high = (float(row[f"{key}{part}"]) * times for part in ("", "_low", "_high"))
    if math.isnan(value):
        return NOT_SEEN
    if row["interval"] == "replications":
        return f"{value:,.1f}{_half(max(high - value, value - low))}"
    if math.isnan(low):
        return f"{value:,.0f}"
    return f"{value:,.0f} ({low:,.0f}–{'?' if math.isnan(high) else f'{high:,.0f}'})"


def _number(row: object) -> str:
    """The mean of a summary's row, with half its interval if it has one."""
    mean, high = float(row["mean"]), float(row["high"])  # type: ignore[index]
    if math.isnan(mean):
        return NOT_SEEN
    told = f"{mean:,.0f}" if abs(mean) >= _LARGE or mean % 1 == 0 else f"{mean:,.1f}"
    return f"{told}{_half(high - mean)}"


def _half(half: float) -> str:
    """Half an interval; equal values have none, which tells nothing of how sure they are."""
    return f" ± {half:,.0f}" if half >= _LARGE else f" ± {half:,.1f}" if half > 0 else ""


def words_without_a_language(words: Words = WORDS) -> Sequence[str]:
    """Keys that lack a word in one of the languages."""
    return [key for key, told in words.items() if set(told) != {"en", "zh"} or not all(told.values())]
