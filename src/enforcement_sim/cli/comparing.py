"""The command that lays several scenarios beside one base."""

from __future__ import annotations

import warnings
from pathlib import Path

from ..errors import ResultsError
from ..files.read import load
from ..model.figures import Language
from ..studies.folders import places
from ..studies.provenance import differences, few
from ..studies.replicate import Results, load_results
from ..studies.store import MANIFEST, Folder
from .manner import EngineName, Manner, with_the
from .part import part_of, run_named_part
from .running import run_named, tell_and_write


def compare_files(
    base: Path,
    files: list[Path],
    out: Path,
    replications: int | None,
    seed: int | None,
    manner: Manner,
    language: Language,
    with_engine: EngineName | None = None,
    part: str | None = None,
) -> None:
    """Run a base and further scenarios on the same cases; write and name the report that compares them, but of a part.

    Folders of finished results stand for what was run into them.
    """
    one = part_of(part)
    stems = [_name(file) for file in (base, *files)]
    twice = [stem for stem in stems if stems.count(stem) > 1]
    if twice:
        raise ResultsError(
            f"two files are called '{twice[0]}'", try_="files of different names: results are kept by name"
        )
    kept = [file.is_dir() for file in (base, *files)]
    if any(kept) and one is not None:
        raise ResultsError(
            "--part is for scenarios that are run", try_="leave it out: results are compared as they are"
        )
    if all(kept):
        results = _kept(base, files)
        out.mkdir(parents=True, exist_ok=True)
    elif any(kept):
        raise ResultsError(
            "some of these are folders of results and others are scenario files",
            try_="only files, which are run, or only folders, which are compared as they are",
        )
    else:
        loaded = [with_the(with_engine, load(file)) for file in (base, *files)]
        first = loaded[0]  # what it says of cases holds for all, unless told otherwise
        count = first.replications if replications is None else replications
        chosen = first.seed if seed is None else seed
        scenarios = dict(zip(stems, loaded, strict=True))
        if one is not None:
            run_named_part({name: (it, chosen) for name, it in scenarios.items()}, out, count, one, manner)
            return
        results = run_named(scenarios, out, count, chosen, manner)
    tell_and_write(out, results, language, manner)


def _name(file: Path) -> str:
    return file.resolve().name if file.is_dir() else file.stem


def _kept(base: Path, folders: list[Path]) -> list[Results]:
    """Results that are kept, if they met the same random cases. Raises ResultsError."""
    here = [_place(folder) for folder in (base, *folders)]
    told = [place.manifest() for place in here]
    for place, its in zip(here[1:], told[1:], strict=True):
        if its["seed"] != told[0]["seed"]:
            raise ResultsError(
                f"{place.path} met other random cases than {here[0].path}: seed {its['seed']}, not {told[0]['seed']}",
                try_="run both with the same --seed",
            )
        if its["code"] != told[0]["code"]:
            by = few(differences(told[0], {**told[0], "code": its["code"]}))
            warnings.warn(f"{place.path} and {here[0].path} are of different programs: {by}", stacklevel=2)
    return [load_results(place.path) for place in here]


def _place(folder: Path) -> Folder:
    """The one scenario whose results are in a folder."""
    here = [Folder(folder)] if (folder / MANIFEST).exists() else places(folder)
    if len(here) > 1:
        raise ResultsError(
            f"{folder} holds the results of {len(here)} scenarios", try_=f"one of them, e.g. {here[0].path}"
        )
    return here[0]
