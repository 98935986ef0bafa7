"""A scenario file read once, for many scenarios that differ from it in a few values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import ScenarioError
from ..model.scenario import Scenario
from .read import Changes, checked, extended, scenario_of
from .setting import set_values
from .tree import Tree, parse_file, parse_text


class Opened:
    """A file and the scenario that it holds; `scenario(changes)` is `load(path, changes)`, many times quicker.

    The file is parsed once, and every part that no change touches is checked for its form once and then shared:
    a thousand scenarios take little more room than one. Names and limits are checked for each scenario as a whole.
    `text`, if given, is taken for what stands at `path`; nothing that lies outside of `within`, if given, is read.
    """

    def __init__(self, path: Path, text: str | None = None, within: Path | None = None) -> None:
        self.path, self._within = path, within
        own = parse_file(path) if text is None else parse_text(text, str(path))
        self.tree = extended(own, path, within=within)
        self._whole = _copy(self.tree)
        try:
            self._base: Scenario | None = scenario_of(self._whole, within)
        except ScenarioError:
            self._base = None  # with its changes it may be sound

    @property
    def files(self) -> set[str]:
        """Every file that it was read from."""
        return {place.file for places in (self._whole.keys, self._whole.values) for place in places.values()}

    @property
    def is_sound(self) -> bool:
        """Whether the file holds a scenario as it stands, before any change."""
        return self._base is not None

    def scenario(self, changes: Changes) -> Scenario:
        """The scenario with changes laid over it; raises ScenarioError with every fault found."""
        touched: dict[str, set[str]] = {}
        for dotted in changes:
            first, _, rest = dotted.partition(".")
            touched.setdefault(first, set()).add(rest.partition(".")[0])
        if self._base is None or self._reach(touched):
            tree = _copy(self.tree)
            set_values(tree, changes)
            return scenario_of(tree, self._within)
        tree = Tree(self._whole.data, self._whole.keys, self._whole.values)
        set_values(tree, changes)
        return checked(tree, _shared(tree.data, self._base, touched))

    def _reach(self, touched: dict[str, set[str]]) -> bool:
        """Whether a change may reach further than the part that it touches."""
        if "law" in touched:
            return True  # the folder may be another one
        bodies = self.tree.data.get("procedures")
        inherit = isinstance(bodies, dict) and any(
            isinstance(body, dict) and "extends" in body for body in bodies.values()
        )
        return "procedures" in touched and inherit


def _copy(tree: Tree) -> Tree:
    """A tree whose procedures can be extended and whose law can be put in without a trace in the other."""
    data = dict(tree.data)
    if isinstance(data.get("procedures"), dict):
        data["procedures"] = dict(data["procedures"])
    return Tree(data, dict(tree.keys), dict(tree.values))


def _shared(data: dict[str, Any], base: Scenario, touched: dict[str, set[str]]) -> dict[str, Any]:
    """The data with the nouns of the base in place of every part that is the same."""
    result: dict[str, Any] = {}
    for key, value in data.items():
        known = getattr(base, key) if key in Scenario.model_fields else None
        if key not in touched:
            result[key] = value if known is None else known
        elif isinstance(value, dict) and isinstance(known, dict):
            result[key] = {
                name: known[name] if name in known and name not in touched[key] else inner
                for name, inner in value.items()
            }
        else:
            result[key] = value
    return result
