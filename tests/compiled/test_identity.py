"""Both engines write the same log of whatever scenario chance brings, bit for bit."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

import pytest
from both_engines import assert_same, differences, told
from chance_tools import Body
from hypothesis import HealthCheck, given, settings
from scenarios_of_chance import SWITCHES, Drawn, by_seed, scenario, scenarios

from enforcement_sim.engines import reference
from enforcement_sim.plan.build import build
from enforcement_sim.records import What

EXAMPLES, LEAST = 500, 450
"""Seeds, and how many of them must give a sound scenario that is different from all before."""
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@dataclass
class Examined:
    """What was met on the way through all examples."""

    seen: set[str] = field(default_factory=set)
    used: Counter[str] = field(default_factory=Counter)
    events: Counter[What] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    failure: BaseException | None = None

    def examine(self, drawn: Drawn) -> None:
        """Compare the engines on a scenario, unless it has been met before."""
        text = json.dumps(drawn.data, sort_keys=True)
        if text in self.seen:
            return
        said = assert_same(drawn.data)
        self.seen.add(text)
        self.used.update(drawn.used)
        if isinstance(said, str):
            self.ends["standstill" if "nothing can move" in said else "never enough"] += 1
        else:
            self.ends["log"] += 1
            self.events.update(What(what) for what in said.what.tolist())


@pytest.fixture(scope="module")
def examined() -> Examined:
    """The examples of the ordinary suite; each is looked at once for all tests.

    By seeds, not by Hypothesis: that also draws the constants of whatever modules are loaded, and so its examples
    would hang on which tests ran before. The long test has them, and makes a scenario that fails smaller.
    """
    found = Examined()
    for seed in range(EXAMPLES):
        drawn = by_seed(seed)
        try:
            if drawn is not None:
                found.examine(drawn)
        except Exception as error:
            error.add_note(f"scenario of seed {seed}")
            found.failure = error
            break
    return found


def test_both_engines_write_the_same_log(examined: Examined) -> None:
    if examined.failure is not None:
        raise examined.failure
    assert len(examined.seen) >= LEAST


def test_chance_brings_every_construct_and_every_event(examined: Examined) -> None:
    """A generator that quietly lost a construct would go on finding no difference."""
    if examined.failure is not None:
        pytest.skip("the engines differ, and so not all examples were looked at")
    rare = {name: examined.used[name] for name in SWITCHES if examined.used[name] < 5}
    assert not rare
    assert {what.name: examined.events[what] for what in What if examined.events[what] < 20} == {}
    assert examined.ends["log"] >= LEAST // 2
    assert min(examined.ends["never enough"], examined.ends["standstill"]) >= 3


@pytest.mark.long
@settings(max_examples=5_000, deadline=None, suppress_health_check=SLOW)
@given(scenarios())
def test_both_engines_write_the_same_log_of_thousands(drawn: Drawn) -> None:
    assert_same(drawn.data)


SMALL: Body = {
    "format": 1, "title": "small", "purpose": "theory", "period": {"length": "20 h"}, "teams": {"staff": {"officers": 1}},
    "procedures": {"p": {"stages": {"work": {"kind": "work", "team": "staff", "duration": "1 h", "then": "closed"}}}},
    "origins": {"cases": {"process": "listed", "enters": "work", "at": ["1 h", "1 h"]}},
}  # fmt: skip


def test_a_difference_is_told_in_words() -> None:
    slow = {**SMALL, "teams": {"staff": {"officers": 2}}}
    one, other = (told(reference.run, build(scenario(data))) for data in (SMALL, slow))

    lines = differences(one, other)

    assert "  day 0 01:00:00  case 0  work  started  staff" in lines
    assert "- day 0 02:00:00  case 0  work  ended  staff" in lines
    assert "+ day 0 01:00:00  case 1  work  started  staff" in lines
    assert differences(one, "GridlockError: gridlock") == ["- a log of 10 rows", "+ GridlockError: gridlock"]
