"""A figure as plotly.js reads it: traces and a layout of plain values, ready for JSON.

Plotly's own classes check every property against a schema, which takes longer than a small run. Here the tests do that
(`tests/views/test_figure.py`), and a page needs of plotly only its program.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Trace = dict[str, Any]


class Figure:
    """Traces, drawn in their order, and the layout around them.

    Properties of one thing stand by name, so that the same figure is the same text however it was written; what is
    added later stands behind.
    """

    def __init__(self, layout: Mapping[str, Any]) -> None:
        self.data: list[Trace] = []
        # The template is empty, for the layout says all.
        self.layout: dict[str, Any] = {**_by_name(layout), "template": {}}

    def add(self, *traces: Trace) -> None:
        """Draw traces over those that are there."""
        self.data += traces

    def change(self, **properties: Any) -> None:
        """Lay properties over the layout; inside an axis or the legend, what is not named stays."""
        _lay_over(self.layout, properties)

    def add_shape(self, **properties: Any) -> None:
        """A shape on top of the traces."""
        self.layout.setdefault("shapes", []).append(_by_name(properties))

    def add_annotation(self, **properties: Any) -> None:
        """A text on top of the traces."""
        self.layout.setdefault("annotations", []).append(_by_name(properties))

    def plain(self) -> dict[str, Any]:
        """Traces and layout."""
        return {"data": self.data, "layout": self.layout}


def trace(kind: str, **properties: Any) -> Trace:
    """A trace of a kind: scatter, bar, heatmap."""
    return {**_by_name(properties), "type": kind}


def _by_name(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _by_name(value) if isinstance(value, dict) else value
        for key, value in sorted(properties.items(), key=lambda item: item[0])
    }


def _lay_over(below: dict[str, Any], above: Mapping[str, Any]) -> None:
    for key, value in above.items():
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            _lay_over(below[key], value)
        else:
            below[key] = value
