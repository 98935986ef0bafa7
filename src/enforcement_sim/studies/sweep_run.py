"""A sweep run: every point by one set of workers, what fails told, what is lacking marked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pyarrow as pa

from ..errors import EnforcementSimError
from ..model.precision import Precision
from ..model.questions import Questions
from ..model.scenario import Scenario
from .disk import write_bytes, written
from .points import ALONE, How, Place, Work, working
from .questions import Answers, answers, extract_tables, questions_of
from .rounds import Rounds, Standing, passes
from .sensitivity_table import keep_sensitivity, kept_sensitivity, sensitivity_table
from .store import MANIFEST, Folder
from .sweep import Point
from .sweep_file import Sweep
from .sweep_kept import COPY, State, keep_extracts, keep_state, keep_table, kept_extracts, kept_state, kept_table
from .sweep_table import overloaded_in, point_table, sweep_table

Progress = Callable[[Standing], None]


@dataclass(frozen=True)
class SweepResults:
    """What a sweep found: its table, how far each point came, what its questions are answered, and its indices."""

    table: pd.DataFrame
    state: State
    answers: Answers
    sensitivity: pd.DataFrame


def run_sweep(
    sweep: Sweep,
    points: list[Point],
    *,
    folder: Path,
    file: Path | None = None,
    replications: int | None = None,
    seed: int | None = None,
    how: How = ALONE,
    progress: Progress | None = None,
) -> SweepResults:
    """Run every point; finished replications are taken from the folder, in which `file` is copied beside the table.

    `replications` and `seed` replace those of the sweep and its scenarios. A replication that cannot be finished is
    noted with its cause and the others go on. Raises ResultsError where the folder cannot be used.
    """
    asked = asked_for(sweep, points, replications)
    budget = sweep.budget
    places = [
        Place(Folder(folder / p.name), p.name, p.scenario, p.scenario.seed if seed is None else seed) for p in points
    ]
    until = None if budget is None or budget.time is None else time.monotonic() + budget.time.seconds
    rounds = Rounds(len(points), asked, None if budget is None else budget.runs, until)
    with working(folder, places, how, rounds.most) as work:
        state = State.begun(sweep, points)
        keep_state(folder, state)
        if file is not None:
            with written(folder):
                write_bytes(folder / COPY, file.read_bytes())
        run = _Run(work, rounds, sweep.questions, progress or _silent)
        run.all()
        state = state.after(rounds.courses, run.overloaded, rounds.ended)
        table = sweep_table(state.points, run.tables)
        sensitivity = sensitivity_table(sweep, points, table)
        keep_sensitivity(folder, sensitivity)
        keep_extracts(folder, run.extracts)
        state = keep_table(folder, table, state)
        return SweepResults(table, state, answers(sweep.questions, state.points, run.extracts), sensitivity)


def asked_for(sweep: Sweep, points: Sequence[Point], replications: int | None = None) -> int | Precision:
    """How many replications of each point, or until when: as told, else as the sweep or its base says."""
    asked = sweep.replications if replications is None else replications
    return points[0].scenario.replications if asked is None else asked


def load_sweep_results(folder: Path) -> SweepResults:
    """The results of a sweep that is kept in a folder, also of one that was broken off. Raises ResultsError."""
    state = kept_state(folder)
    questions = questions_of(folder / COPY) if (folder / COPY).exists() else Questions()
    table, extracts = kept_table(folder, state), kept_extracts(folder, len(state.points))
    if table is not None and extracts is not None:
        return SweepResults(table, state, answers(questions, state.points, extracts), kept_sensitivity(folder))
    points, tables, extracts = [], [], []
    for point in state.points:
        place = Folder(folder / point.name)
        begun = place.manifest() if (place.path / MANIFEST).exists() else None
        sound = {replication: findings for replication, _, findings in place.sound(begun["key"])} if begun else {}
        some, numbers = list(sound.values()), list(sound)
        tables.append(point_table(some, numbers))
        extracts.append(extract_tables(some, numbers, questions))
        over = overloaded_in(Scenario.model_validate(begun["scenario"]), some, numbers) if begun and sound else []
        points.append(replace(point, used=len(sound), is_met=False, overloaded=over))
    state = replace(state, points=tuple(points))
    return SweepResults(sweep_table(points, tables), state, answers(questions, state.points, extracts), pd.DataFrame())


class _Run:
    """The rounds of a sweep while they run."""

    def __init__(self, work: Work, rounds: Rounds, questions: Questions, progress: Progress) -> None:
        self.work, self.rounds, self.questions, self.progress = work, rounds, questions, progress
        self.tables = [pd.DataFrame()] * rounds.points
        self.extracts = [extract_tables([], [], questions)] * rounds.points
        self.overloaded: list[list[str]] = [[]] * rounds.points
        self._summed_up: list[tuple[int, ...]] = [()] * rounds.points
        self._left = [0] * rounds.points
        self._done = self._failed = self._asked = self._over = 0

    def all(self) -> None:
        """Run round after round until nothing more is asked for."""
        wanted = self.rounds.first()
        while any(wanted):
            self._left = [len(one) for one in wanted]
            self._asked += sum(self._left)
            self.work.run(self._in_time(wanted), self._told)
            wanted = self.rounds.next(self._read)
            if not isinstance(self.rounds.wanted, int):
                self._over = sum(course.is_over for course in self.rounds.courses)
        for number, course in enumerate(self.rounds.courses):
            self._sum_up(number, course.used)

    def _in_time(self, wanted: list[range]) -> Iterator[tuple[int, range]]:
        most = self.work.most if self.rounds.until is not None else self.rounds.most
        for number, some in passes(wanted, most):
            if not self.rounds.in_time():
                return
            yield number, some

    def _told(self, number: int, replication: int, error: EnforcementSimError | None) -> None:
        course = self.rounds.courses[number]
        if error is None:
            course.done.add(replication)
            self._done += 1
        else:
            course.failures[replication] = f"{type(error).__name__}: {error}"
            self._failed += 1
        self._left[number] -= 1
        if self._left[number] == 0 and isinstance(self.rounds.wanted, int):
            self._over += 1
            self._sum_up(number, tuple(sorted(course.done)))  # while the workers go on with other points
        self.progress(self._standing())

    def _standing(self) -> Standing:
        return Standing(
            points_done=self._over, points=self.rounds.points, done=self._done, failed=self._failed,
            replications=self._asked, most=self.rounds.points * self.rounds.most, widest=self.rounds.widest,
        )  # fmt: skip

    def _sum_up(self, number: int, used: tuple[int, ...]) -> None:
        if used != self._summed_up[number]:
            found = self._read(number, used)
            self.tables[number] = point_table(found, used)
            self.extracts[number] = extract_tables(found, used, self.questions)
            self.overloaded[number] = overloaded_in(self.work.places[number].scenario, found, used)
            self._summed_up[number] = used

    def _read(self, number: int, replications: Sequence[int]) -> list[pa.Table]:
        place = self.work.places[number]
        return place.folder.tables(self.work.key(number), replications)[0]


def _silent(_: Standing) -> None:
    """Tell nobody how far it is."""
