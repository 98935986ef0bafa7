"""What is finished in a folder of results, and what its results answer."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from ..studies.folders import in_study, sound_and_spoilt
from ..studies.provenance import code, differences, few
from ..studies.store import EARLIER, MANIFEST, Folder
from ..studies.sweep_kept import STATE, State, kept_state

MOST_LISTED = 5


def tell_status(folder: Path) -> None:
    """Print one line for every scenario in a folder; ResultsError where there is none."""
    state = kept_state(folder) if (folder / STATE).exists() else None
    asked = {} if state is None else {point.name: point.asked for point in state.points}
    table = Table("scenario", "finished", "of", "failed", "spoilt", "put by", "today's program?")
    current, taken_out = in_study(folder)
    for place in current:
        name = place.name_in(folder)
        table.add_row(name, *_line(place, asked.get(name)))
    Console().print(table)
    if state is not None:
        print(_told(state))
    if taken_out:
        print(f"no points of this sweep any more, and in no answer of `query`: {_listed(taken_out, folder)}")


def _listed(places: list[Folder], folder: Path) -> str:
    names = [place.name_in(folder) for place in places]
    return ", ".join(names[:MOST_LISTED]) + (f" and {len(names) - MOST_LISTED} more" * (len(names) > MOST_LISTED))


def _line(place: Folder, asked: int | None) -> list[str]:
    told = place.manifest()
    finished, spoilt = sound_and_spoilt(place)
    by = len(list((place.path / EARLIER).glob("*/" + MANIFEST)))
    other = differences(told, {**told, "code": code()})
    return [
        str(finished), str(asked or told["scenario"]["replications"]), str(len(place.notes.failures(told["key"]))),
        str(spoilt), str(by), f"no: {few(other)}" if other else "yes",
    ]  # fmt: skip


def _told(state: State) -> str:
    """How far a sweep is."""
    if not state.digest:
        return f"a sweep of {len(state.points)} points that has not ended; the same command goes on"
    over = sum(bool(point.overloaded) for point in state.points)
    told = f"; at {over} of them something is overloaded" if over else ""
    if not state.lacking:
        return f"a sweep of {len(state.points)} points, complete{told}"
    why = {"": "", "runs": "; its budget of runs is used up", "time": "; its time is up"}[state.ended]
    return f"a sweep of {len(state.points)} points, {len(state.lacking)} of them incomplete{why}{told}"


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
