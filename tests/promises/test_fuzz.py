"""Whatever happens to a scenario file, it is either sound and runs, or it is refused with a message."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enforcement_sim.engines.reference import run
from enforcement_sim.errors import EnforcementSimError
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import Tree, parse_file
from enforcement_sim.measures.findings import findings
from enforcement_sim.plan.build import build

GOOD = parse_file(Path(__file__).parent.parent / "data" / "small_shift.yaml")
GOOD.data["period"] = {"start": "2023-12-01", "end": "2024-02-01"}
for origin in GOOD.data["origins"].values():
    for row in origin["counts"]:
        row["count"] = 60
        row["kinds"] = dict.fromkeys(row["kinds"], "rest") if len(row["kinds"]) == 1 else {"clean": "rest", "found": 20}
GOOD.data["published"] = []

JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(allow_nan=True), st.text(max_size=6),
    st.sampled_from(["closed", "rest", "0 h", "1 h", "3 working days", "1e9 days", "city", "east", "investigation", "2024-01-01", "all"]),
    st.lists(st.integers(0, 2), max_size=2), st.dictionaries(st.sampled_from(["value", "family", "kind", "by", "x"]), st.integers(0, 1), max_size=2),
)  # fmt: skip


def paths(data: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else []
    found = [here] if here else []
    for key, value in inner:
        found += paths(value, (*here, key))
    return found


ALL = paths(GOOD.data)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(ALL), st.sampled_from(["remove", "replace", "rename", "double"]), JUNK),
        min_size=1,
        max_size=3,
    )
)
def test_a_scenario_with_random_faults_runs_or_is_refused(changes: list[tuple[tuple[Any, ...], str, Any]]) -> None:
    data = copy.deepcopy(GOOD.data)
    for path, how, junk in changes:
        holder = data
        try:
            for part in path[:-1]:
                holder = holder[part]
            value = holder[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
        if how == "replace":
            holder[path[-1]] = junk
        elif how == "remove":
            del holder[path[-1]]
        elif how == "rename" and isinstance(holder, dict):
            holder[f"{path[-1]}x"] = holder.pop(path[-1])
        elif how == "double" and isinstance(holder, list):
            holder.append(copy.deepcopy(value))
    try:
        scenario = scenario_of(Tree(data, dict(GOOD.keys), dict(GOOD.values)))
        if (
            scenario.period.seconds > 400 * 86_400
            or sum(len(o.model_dump_json()) for o in scenario.origins.values()) > 5000
        ):
            return
        plan = build(scenario)
        findings(run(plan, 0), plan)
    except EnforcementSimError:
        return  # refused with a message, which is what a broken file deserves


def test_a_scenario_in_which_nobody_arrives_has_nothing_to_tell() -> None:
    data = copy.deepcopy(GOOD.data)
    for origin in data["origins"].values():
        for row in origin["counts"]:
            row["count"] = 0
            row["kinds"] = {"clean": "rest"}
    plan = build(scenario_of(Tree(data)))

    table = findings(run(plan, 0), plan)

    assert (table.loc[table["measure"] == "use", "value"] == 0).all()
