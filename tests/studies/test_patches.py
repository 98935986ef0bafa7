"""A patch leads from any tree to any other, and from a tree to itself there is nothing to do."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from enforcement_sim.studies.patches import patch, patched

LEAVES = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2) | st.text("ab", max_size=2)
NAMES = st.text("abc", min_size=1, max_size=2)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=12
)


@given(TREES, TREES)
def test_a_patched_tree_is_the_other_one_order_included(one: Any, other: Any) -> None:
    way = json.loads(json.dumps(patch(one, other)))

    assert json.dumps(patched(one, way)) == json.dumps(other)


@given(TREES)
def test_nothing_leads_from_a_tree_to_itself(tree: Any) -> None:
    assert patch(tree, json.loads(json.dumps(tree))) == {}


def test_only_what_differs_is_told() -> None:
    before = {"teams": [{"officers": 3}, {"officers": 4}], "seed": 1}

    assert patch(before, {"teams": [{"officers": 3}, {"officers": 5}], "seed": 1}) == {
        "teams": {"1": {"officers": {"": 5}}}
    }
    assert patch({"a": 1, "b": 2}, {"b": 2, "a": 1}) == {"": {"b": 2, "a": 1}}
    assert patch({"a": 1}, {"a": 1.0}) == {"a": {"": 1.0}}
