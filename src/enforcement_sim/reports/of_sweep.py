"""What a report shows of a sweep: some of its points beside the first, and the maps of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..errors import ResultsError
from ..model.figures import Language, Title
from ..model.scenario import Scenario
from ..studies.main_effects import main_effects
from ..studies.replicate import Results, load_results
from ..studies.staffing_curves import WORDS_OF_STAFF, staffing_curves
from ..studies.store import MANIFEST, Folder
from ..studies.sweep_kept import PointState, flat, points_table
from ..studies.sweep_run import SweepResults
from ..views.levers import lever_told
from ..views.pages.shown import Shown
from ..views.sweep_tables import MANY, SweepTables
from ..views.words import word
from .material import names_of, of_results

MOST_BESIDE = 2
"""Points that are shown beside the first one; the maps show all."""
TARGET = 0.05
"""Share of cases that may be overdue, unless told otherwise: the target of the staffing curves."""


def of_sweep(folder: Path, results: SweepResults, *, target: float = TARGET) -> Shown:
    """A sweep: its first point with results as the base, a few points beside it, and the maps of all.

    Raises ResultsError where no point has any.
    """
    state = results.state
    chosen = _beside([point for point in state.points if point.used], _picked(results))
    if not chosen:
        raise ResultsError(f"no point of the sweep in {folder} has finished a replication", try_="run it again")
    runs = [_titled(replace(load_results(folder / point.name), name=point.name), point) for point in chosen]
    shown = of_results(runs)
    levers = dict.fromkeys(axis for point in state.points for axis in {**point.labels, **point.changes})
    effects = main_effects(results.table, [axis for axis in levers if axis in results.table])
    return replace(
        shown,
        title=state.title,
        sweep=SweepTables(
            state.title, results.table, state.axes, points_table(state), state.ended, shown.names, effects
        ),
        answers=results.answers if results.answers.questions else None,
        sensitivity=results.sensitivity,
        staffing=staffing_curves(results.table, state.points, _staffed(folder, state.points), target),
    )


def _picked(results: SweepResults) -> list[str]:
    """The points that an answer picks as the best."""
    best = results.answers.best
    return [str(name) for name in best.loc[best["picked"].astype(bool), "name"]] if len(best) else []


def _beside(points: Sequence[PointState], picked: Sequence[str]) -> list[PointState]:
    """The first point, those that are picked and, as far as there is room, the last one and those in between."""
    if len(points) <= 1:
        return list(points)
    wanted = [point for point in points[1:] if point.name in picked][:MOST_BESIDE]
    for part in (1.0, 0.5):
        point = points[round((len(points) - 1) * part)]
        if len(wanted) < MOST_BESIDE and point not in (points[0], *wanted):
            wanted.append(point)
    return [points[0], *sorted(wanted, key=lambda point: point.number)]


def _titled(run: Results, point: PointState) -> Results:
    """The results of a point under a title that tells what it changes."""
    names = names_of([run])

    def told(language: Language) -> str:
        values = [
            lever_told(axis, flat(value), names, language) for axis, value in (point.labels or point.changes).items()
        ]
        said = word("list_comma", language).join([*[point.scenario_name] * bool(point.scenario_name), *values])
        return said[:1].upper() + said[1:] or point.name

    return replace(run, scenario=run.scenario.model_copy(update={"title": Title(en=told("en"), zh=told("zh"))}))


def _staffed(folder: Path, points: Sequence[PointState]) -> dict[int, Scenario]:
    """The scenarios of the points by their place, where a lever moves staff and they are not too many to be read."""
    if len(points) > MANY or not any(word in path for path in points[0].changes for word in WORDS_OF_STAFF):
        return {}
    places = {at: Folder(folder / point.name) for at, point in enumerate(points)}
    return {
        at: Scenario.model_validate(place.manifest()["scenario"])
        for at, place in places.items()
        if (place.path / MANIFEST).exists()
    }
