"""Facts of a report after STRESS-DES in words, English and Chinese."""

from __future__ import annotations

import json
from importlib import resources

from ..measures.stress_cells import Cell, Listing, Told
from ..model.distributions import Discrete, Hyperexponential, Legal, Listed
from ..model.figures import Evidence, Language, Title
from ..model.quantities import Length, Rate

STRESS_WORDS: dict[str, dict[Language, str]] = json.loads(
    resources.files(__package__).joinpath("assets", "stress.json").read_text(encoding="utf-8")
)
_UNITS = {
    "s": "秒", "min": "分钟", "h": "小时", "day": "天", "week": "周", "calendar day": "个自然日",
    "working day": "个工作日", "month": "个月",
}  # fmt: skip


def stress_word(key: str, language: Language) -> str:
    """A word or sentence of the report, with its gaps."""
    return STRESS_WORDS[key][language]


def tell(cell: Cell, language: Language) -> str:
    """A cell in words."""
    match cell:
        case str():
            return cell
        case Title():
            return cell.en if language == "en" else cell.zh
        case Told():
            return stress_word(cell.key, language).format(**{key: tell(one, language) for key, one in cell.values})
        case Listing():
            return ("; " if language == "en" else "；").join(tell(one, language) for one in cell.cells)
        case Length():
            return str(cell) if language == "en" else f"{cell.amount:g}{_UNITS[cell.unit]}"
        case Rate():
            unit = {"s": "秒", "min": "分钟", "h": "小时", "day": "天", "week": "周", "year": "年"}[cell.per]
            return str(cell) if language == "en" else f"每{unit}{cell.amount:g}件"
        case Evidence():
            return _duration(cell, language)


def _duration(given: Evidence, language: Language) -> str:
    """A distribution, such as `lognormal, median 2 h, 90 % within 6 h`."""
    family = str(getattr(given, "family", "fixed"))
    comma = ", " if language == "en" else "，"
    named = stress_word(f"family_{family}", language)
    match given:
        case Legal():
            return named.format(law=given.law)
        case Listed():
            return named.format(number=len(given.values))
        case Discrete():
            pairs = zip(given.values, given.shares, strict=True)
        case Hyperexponential():
            pairs = zip(given.means, given.shares, strict=True)
        case _:
            told = [named]
            for key in type(given).model_fields:
                value = getattr(given, key)
                if isinstance(value, (Length, float, int)) and not isinstance(value, bool):
                    written = tell(value, language) if isinstance(value, Length) else f"{value:g}"
                    told.append(stress_word(f"part_{key}", language).format(value=written))
            return comma.join(told)
    return comma.join([named, *(f"{tell(length, language)} ({100 * share:g} %)" for length, share in pairs)])
