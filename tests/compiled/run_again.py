"""Run by test_planted in a process of its own: which scenario of a file is the first of which an engine says another
thing than the file; nothing is printed if there is none."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from enforcement_sim.engines import reference
from enforcement_sim.engines.compiled import engine
from enforcement_sim.errors import EnforcementSimError
from enforcement_sim.files.read import scenario_of
from enforcement_sim.files.tree import Tree
from enforcement_sim.plan.build import build

if __name__ == "__main__":
    run = {"reference": reference.run, "compiled": engine.run}[sys.argv[1]]
    for number, (data, expected) in enumerate(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))):
        try:
            said = run(build(scenario_of(Tree(data))), 0).digest
        except EnforcementSimError as error:
            said = f"{type(error).__name__}: {error}"
        except Exception as error:  # a fault that breaks the engine is found too
            said = repr(error)
        if said != expected:
            print(number, said)
            break
