"""What is finished in a folder of results, and what its results answer."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from ..model.scenario import Scenario
from ..studies.provenance import differences, few, manifest
from ..studies.store import EARLIER, MANIFEST, Folder, places, sound_and_spoilt


def tell_status(folder: Path) -> None:
    """Print one line for every scenario in a folder; ResultsError where there is none."""
    table = Table("scenario", "finished", "of", "spoilt", "put by", "today's program?")
    for place in places(folder):
        table.add_row(place.name_in(folder), *_line(place))
    Console().print(table)


def _line(place: Folder) -> list[str]:
    told = place.manifest()
    finished, spoilt = sound_and_spoilt(place)
    by = len(list((place.path / EARLIER).glob("*/" + MANIFEST)))
    try:
        scenario = Scenario.model_validate(told["scenario"])
        other = differences(told, manifest(told["name"], scenario, told["seed"], told["compare_to"]))
    except ValueError:  # a scenario that today's program does not read any more
        other = ["its scenario is not one of today's program"]
    return [
        str(finished), str(told["scenario"]["replications"]), str(spoilt), str(by),
        f"no: {few(other)}" if other else "yes",
    ]  # fmt: skip


def answer(folder: Path, question: str, form: str) -> None:
    """Print the answer to a question in SQL."""
    from ..studies.query import ask

    found = ask(folder, question)
    if form == "csv":
        print(found.to_csv(index=False), end="")
    elif form == "json":
        print(found.to_json(orient="records", force_ascii=False, indent=1))
    else:
        table = Table(*(str(column) for column in found.columns))
        for row in found.itertuples(index=False):
            table.add_row(*("" if value is None else str(value) for value in row))
        Console().print(table)
