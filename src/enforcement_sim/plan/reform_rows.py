"""Reforms as rows: from when, how long receiving teams learn, and by which rule cases are taken back."""

from __future__ import annotations

from typing import Any

from ..model import derive
from ..model.reforms import Reform
from ..records import NONE, Measure
from .numbers import Numbers
from .tables import EVALUATION, REFORM, records


def reform_tables(numbers: Numbers) -> dict[str, Any]:
    """The tables of a plan's reforms by their names in the plan."""
    shifts = list(derive.shifts(numbers.scenario).values())
    evaluations = [
        (numbers.second(day), number)
        for number, reform in enumerate(shifts)
        for day in (reform.evaluation.on if reform.evaluation else [])
    ]
    return {
        "reforms": records([_row(numbers, reform) for reform in shifts], REFORM),
        "evaluations": records(sorted(evaluations), EVALUATION),
    }


def _row(numbers: Numbers, reform: Reform) -> tuple[float, ...]:
    learning, evaluation = reform.learning, reform.evaluation
    return (
        numbers.second(reform.on),
        0.0 if learning is None else learning.extra_time.value,
        1.0 if learning is None else learning.half_life.seconds,
        0.0 if learning is None or learning.reversals is None else learning.reversals.extra_share.value,
        numbers.roles.index(reform.role) if reform.role in numbers.roles else NONE,
        NONE if evaluation is None else Measure[evaluation.measure.upper()],
        0.0 if evaluation is None else evaluation.above.value,
        0 if evaluation is None else evaluation.least_cases,
    )
