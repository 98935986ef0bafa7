"""The command that describes a scenario after STRESS-DES, the reporting guideline for discrete-event simulations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..errors import ScenarioError
from ..files import explain
from ..files.read import load
from ..files.tree import parse_file
from ..measures.stress import stress_facts
from ..model.figures import Language
from ..model.stress import StressTexts
from ..studies.disk import write_text, written
from ..studies.store import Folder
from ..views.stress import stress_markdown, write_stress_report
from .manner import Manner


def describe_file(file: Path, texts: Path, results: Path | None, out: Path, language: Language, manner: Manner) -> None:
    """Write the description as a page in both languages, and as Markdown in each."""
    scenario = load(file)
    base = None if scenario.compare_to is None else load(file.parent / scenario.compare_to)
    facts = stress_facts(scenario, _texts(texts), base=base, **_of_results(results))
    page = out / f"{file.stem}.html"
    with written(out):
        out.mkdir(parents=True, exist_ok=True)
        write_stress_report(page, facts, language)
        for code in ("en", "zh"):
            write_text(out / f"{file.stem}.{code}.md", stress_markdown(facts, code))
    manner.say(f"described in {page}")
    manner.end(page=str(page))


def _texts(file: Path) -> StressTexts:
    """What only the author knows. Raises ScenarioError with every text that is missing."""
    tree = parse_file(file)
    try:
        return StressTexts.model_validate(tree.data)
    except ValidationError as error:
        raise ScenarioError(explain.problems(error, tree)) from None


def _of_results(results: Path | None) -> dict[str, Any]:
    """Seed, replications, versions and machine of results that are kept, if a folder of some is given."""
    if results is None:
        return {}
    place = Folder(results)
    told = place.manifest()
    code = {name: version for name, version in told["code"].items() if not name.endswith(".py")}
    machines = place.notes.machines()
    one = machines[0] if machines else None
    return {
        "seed": told["seed"],
        "replications": len(place.finished(told["key"])),
        "code": code,
        "machine": one and f"{one['processor']}, {one['processors']} processors, {one['system']}",
    }
