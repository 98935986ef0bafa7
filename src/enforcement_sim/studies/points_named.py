"""Points of a sweep by the values that they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..model.result import SCENARIO
from .sweep import Point


def values_of(point: Point) -> dict[str, Any]:
    """What a point is called by: its levels by axis, its changes by path, and which of several scenarios it is of."""
    named = {SCENARIO: point.scenario_name} if point.scenario_name else {}
    return {**point.changes, **point.labels, **named}


def matches(points: Sequence[Point], given: Mapping[str, Any]) -> list[Point]:
    """The points that have all these values; 3 and 3.0 are the same, 3 and '3 days' are not."""
    return [
        point
        for point in points
        if all(key in (own := values_of(point)) and own[key] == value for key, value in given.items())
    ]
