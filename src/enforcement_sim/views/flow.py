"""The flow of cases through a procedure, drawn from its stages and ways as SVG text.

Rows run from the top down; a stage stands below all that lead to it on ways that do not turn back. A way to the next
row goes straight there. Ways that skip rows run in lanes on the right, ways that turn back in lanes on the left, one
lane for each stage that they lead to, so that no line crosses a box. The same procedure gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from ..model.figures import Language
from ..model.stages import CLOSED, Procedure, Work
from ..model.ways import DATED, ByFact, ByShare, next_names
from .flow_text import LINE, lines_of, shortened
from .stress_words import stress_word

BOX, SIDE_BY_SIDE, BETWEEN, LANE, MARGIN, LABEL_LINE, RAIL = 134, 5, 18, 11, 10, 12, 7
"""Pixels of a box's width, boxes in a row, and pixels between boxes, lanes, at the edge, and for a label and a rail."""
FILL = {
    "work": "#dbeaf6", "wait": "#fdf3dc", "gate": "#e8e0f2", "decision": "#f2f2f2", "fork": "#dff1e7", "end": "#ffffff",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """A way from a stage to a stage or an end, with what stands beside its arrow."""

    begin: str
    end: str
    label: str


@dataclass(frozen=True, slots=True)
class Box:
    """A box on the drawing, in pixels from the upper left corner."""

    x: float
    y: float
    height: float
    lines: tuple[str, ...]
    kind: str


def ways_of(procedure: Procedure, language: Language) -> list[Way]:
    """Every way of a procedure once, in the order of the file, also those that only a dated change opens.

    A clock that lapses while it runs takes a case out of wherever it is; its arrow begins where the clock starts.
    """
    order = [*procedure.stages, CLOSED, *procedure.outcomes]
    return [
        Way(name, end, _label(procedure, name, end, language))
        for name in procedure.stages
        for end in sorted(_ends(procedure, name), key=order.index)
    ]


def _ends(procedure: Procedure, name: str) -> set[str]:
    stage = procedure.stages[name]
    found = {end for one in (stage, *(changed for _, changed in stage.versions)) for end in next_names(one.then)}
    aside = (stage.on_give_up, stage.on_full) if isinstance(stage, Work) else ()
    lapses = (clock.lapses_to for clock in procedure.clocks.values() if clock.starts.stage == name)
    return found | {end for end in (*aside, *lapses) if end is not None}


def _label(procedure: Procedure, name: str, end: str, language: Language) -> str:
    stage, found = procedure.stages[name], []
    versions = [one.then for one in (stage, *(changed for _, changed in stage.versions))]
    shares = [then.numbers().get(end, 0.0) for then in versions if isinstance(then, ByShare)]
    if any(shares) or (isinstance(stage.then, ByShare) and end in stage.then.shares):
        steps = list(dict.fromkeys([f"{100 * share:.3g} %" for share in (shares[0], shares[-1])]))
        found += [] if shares == [1.0] else [" → ".join(steps)]  # before and after all dated changes
        found = found or [""]
    if isinstance(stage.then, ByFact):
        dated = stage.then.by in DATED
        told = stress_word("from_day" if dated else "fact", language)
        found += [told.format(value=value.replace("_", " ")) for value, to in stage.then.ways.items() if to == end]
        found += [stress_word("before" if dated else "otherwise", language)] if stage.then.otherwise == end else []
    if isinstance(stage, Work):
        found += [stress_word("gives_up", language)] if stage.on_give_up == end else []
        found += [stress_word("line_full", language)] if stage.on_full == end else []
    lapses = [c for c in procedure.clocks.values() if c.lapses_to == end and c.starts.stage == name]
    found += [stress_word("lapses", language)] if lapses else []
    return ", ".join(part for part in found if part) if found else stress_word("later", language)


def rows_of(procedure: Procedure, ways: list[Way]) -> list[list[str]]:
    """The names of stages and ends in rows from the top down, at most SIDE_BY_SIDE in each."""
    onward = _onward(procedure, ways)
    depth: dict[str, int] = {}

    def deep(name: str) -> int:
        if name not in depth:
            depth[name] = max((deep(way.begin) + 1 for way in onward if way.end == name), default=0)
        return depth[name]

    names = list(dict.fromkeys([*procedure.stages, *(way.end for way in ways)]))
    layers: dict[int, list[str]] = {}
    for name in names:
        layers.setdefault(deep(name), []).append(name)
    place: dict[str, float] = {}
    rows = []
    for layer in (layers[number] for number in sorted(layers)):
        above = {name: [place[way.begin] for way in onward if way.end == name] for name in layer}
        layer.sort(key=lambda name: sum(above[name]) / len(above[name]) if above[name] else 0.5)
        for start in range(0, len(layer), SIDE_BY_SIDE):
            row = layer[start : start + SIDE_BY_SIDE]
            place.update({name: (number + 1) / (len(row) + 1) for number, name in enumerate(row)})
            rows.append(row)
    return rows


def _onward(procedure: Procedure, ways: list[Way]) -> list[Way]:
    """The ways that do not turn back: to a stage that a walk from the first one is not in the middle of."""
    ahead: dict[str, list[Way]] = {}
    for way in ways:
        ahead.setdefault(way.begin, []).append(way)
    found, inside, done = [], set(), set()

    def walk(name: str) -> None:
        inside.add(name)
        for way in ahead.get(name, []):
            if way.end not in inside:
                found.append(way)
                if way.end not in done:
                    walk(way.end)
        inside.discard(name)
        done.add(name)

    named = {way.end for way in ways}
    for name in sorted(procedure.stages, key=lambda name: name in named):  # the doors first; the order holds else
        if name not in done:
            walk(name)
    return found


def flow_svg(title: str, procedure: Procedure, language: Language) -> str:
    """The drawing of a procedure in one language: a box for each stage and end, an arrow for each way."""
    return _Drawing(procedure, language).svg(title)


class _Drawing:
    def __init__(self, procedure: Procedure, language: Language) -> None:
        self.procedure, self.language = procedure, language
        self.ways = ways_of(procedure, language)
        self.rows = rows_of(procedure, self.ways)
        self.row = {name: number for number, row in enumerate(self.rows) for name in row}
        back = list(dict.fromkeys(way.end for way in self.ways if self._span(way) < 1))
        skip = list(dict.fromkeys(way.end for way in self.ways if self._span(way) > 1))
        self.left = MARGIN + LANE * len(back) + BETWEEN
        widest = max(len(row) for row in self.rows)
        inner = widest * (BOX + BETWEEN) - BETWEEN
        self.width = max(900, self.left + inner + BETWEEN + LANE * len(skip) + MARGIN)
        right = self.width - MARGIN - LANE * len(skip)
        self.inner = right - BETWEEN - self.left
        self.lanes = {(name, True): MARGIN + LANE * number for number, name in enumerate(back)}
        self.lanes |= {(name, False): right + LANE * (number + 1) for number, name in enumerate(skip)}
        self._place()

    def _span(self, way: Way) -> int:
        return self.row[way.end] - self.row[way.begin]

    def _place(self) -> None:
        """Boxes row by row; below each row as much room as its labels and the rails to the lanes take."""
        self.boxes: dict[str, Box] = {}
        self.rail: dict[tuple[Way, bool], float] = {}  # by way, and whether it is the rail above its end
        y = 8.0 + self._rails(-1, 8.0)
        for number, row in enumerate(self.rows):
            told = {name: self._lines(name) for name in row}
            height = LINE * (max(len(lines) for lines in told.values()) + 1) + 12
            step = self.inner / len(row)
            for place, name in enumerate(row):
                x = round(self.left + step * (place + 0.5) - BOX / 2, 1)
                self.boxes[name] = Box(x, y, height, told[name], self._kind(name))
            y += height
            labels = max(len([way for way in self.ways if way.begin == name]) for name in row)
            y += LABEL_LINE * labels + 6
            y += self._rails(number, y) + 24
        self.height = y

    def _rails(self, row: int, y: float) -> float:
        """Lay the rails in the gap below a row; the room that they take."""
        found = [(way, False) for way in self.ways if self.row[way.begin] == row and self._span(way) != 1]
        found += [(way, True) for way in self.ways if self.row[way.end] == row + 1 and self._span(way) != 1]
        for number, key in enumerate(found):
            self.rail[key] = y + RAIL * (number + 1)
        return RAIL * len(found) + (14 if row < 0 and found else 0)

    def _kind(self, name: str) -> str:
        return self.procedure.stages[name].kind if name in self.procedure.stages else "end"

    def _lines(self, name: str) -> tuple[str, ...]:
        if name in self.procedure.stages:
            title = self.procedure.stages[name].title
        else:
            title = self.procedure.outcomes.get(name)
        told = name.replace("_", " ") if title is None else title.en if self.language == "en" else title.zh
        return lines_of(stress_word("closed", self.language) if name == CLOSED and title is None else told, BOX - 12)

    def _lines_out(self, name: str) -> list[Way]:
        """The ways out of a stage from left to right, as their ends lie."""
        out = [way for way in self.ways if way.begin == name]
        return sorted(
            out, key=lambda way: -1e9 if self._span(way) < 1 else 1e9 if self._span(way) > 1 else self.boxes[way.end].x
        )

    def _arrivals(self, way: Way) -> float:
        into = [one for one in self.ways if one.end == way.end]
        into.sort(
            key=lambda one: -1e9 if self._span(one) < 1 else 1e9 if self._span(one) > 1 else self.boxes[one.begin].x
        )
        return self.boxes[way.end].x + BOX * (into.index(way) + 1) / (len(into) + 1)

    def svg(self, title: str) -> str:
        """The whole drawing."""
        arrows, labels = [], []
        for name in self.procedure.stages:
            box, out = self.boxes[name], self._lines_out(name)
            for number, way in enumerate(out):
                x, bottom = box.x + BOX * (number + 1) / (len(out) + 1), box.y + box.height
                arrows.append(self._arrow(way, x, bottom, bottom + LABEL_LINE * len(out) + 4))
                if way.label:
                    # From right to left each a line lower, so that no label is crossed by the way beside it.
                    y = bottom + LABEL_LINE * (len(out) - number)
                    text = escape(shortened(way.label, BOX))
                    labels.append(f'<text class="share" x="{x + 3:.1f}" y="{y:.1f}">{text}</text>')
        ident = f"head-{self.language}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" role="img" '
            f'style="width:100%;max-width:{self.width:g}px;height:auto" font-family="sans-serif" font-size="12">'
            f"<title>{escape(title)}</title>"
            f'<defs><marker id="{ident}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
            'orient="auto"><path d="M0 0L8 4L0 8z" fill="#555"/></marker></defs>'
            f'<g fill="none" stroke="#777" marker-end="none">{"".join(arrows)}</g>'
            f"<g>{''.join(self._box(name, box) for name, box in self.boxes.items())}</g>"
            '<g font-size="10" fill="#333" stroke="#fff" stroke-width="3" paint-order="stroke">'
            f"{''.join(labels)}</g></svg>"
        )

    def _arrow(self, way: Way, x: float, y: float, free: float) -> str:
        to, top = self._arrivals(way), self.boxes[way.end].y
        if self._span(way) == 1:
            half = (free + top) / 2
            path = (
                f"M{x:.1f} {y:.1f}V{free:.1f}C{x:.1f} {half:.1f} {to:.1f} {half:.1f} {to:.1f} {top - 8:.1f}V{top:.1f}"
            )
        else:
            lane, below, above = self.lanes[way.end, self._span(way) < 1], self.rail[way, False], self.rail[way, True]
            path = f"M{x:.1f} {y:.1f}V{below:.1f}H{lane:.1f}V{above:.1f}H{to:.1f}V{top:.1f}"
        dashes = ' stroke-dasharray="5 3"' if self._span(way) < 1 else ""
        ends = f'data-from="{escape(way.begin)}" data-to="{escape(way.end)}"'
        return f'<path class="way" {ends} d="{path}"{dashes} marker-end="url(#head-{self.language})"/>'

    def _box(self, name: str, box: Box) -> str:
        middle = box.x + BOX / 2
        rounded = {"end": 14, "wait": 8}.get(box.kind, 2)
        wide = ' stroke-width="2"' if box.kind == "end" else ""
        rect = (
            f'<rect data-name="{escape(name)}" data-kind="{box.kind}" x="{box.x:g}" y="{box.y:g}" width="{BOX}" '
            f'height="{box.height:g}" rx="{rounded}" fill="{FILL[box.kind]}" stroke="#555"{wide}/>'
        )
        first = box.y + (box.height - LINE * (len(box.lines) + 1)) / 2 + LINE - 3
        texts = [
            f'<text class="label" x="{middle:g}" y="{first + LINE * number:g}" text-anchor="middle">'
            f"{escape(line)}</text>"
            for number, line in enumerate(box.lines)
        ]
        kind = stress_word(f"kind_{box.kind}", self.language)
        y = first + LINE * len(box.lines)
        texts.append(f'<text x="{middle:g}" y="{y:g}" text-anchor="middle" font-size="10" fill="#666">{kind}</text>')
        return rect + "".join(texts)
