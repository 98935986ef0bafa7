"""Results of several folders put together, as when parts of a study were run on several machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import ResultsError
from .disk import write_bytes, write_text, written
from .folders import places
from .lock import held
from .provenance import differences, few
from .store import MANIFEST, STUDY_FILE, Folder
from .sweep_kept import COPY, STATE, TABLE


def merge(into: Path, folders: Sequence[Path]) -> int:
    """Add what is finished in some folders to another one; how many replications were new there.

    Only what depends on the same scenario, seed and program is put together, and where two folders have the same
    replication it must have found the same. Raises ResultsError, and has then added whole replications or none.
    """
    with held(into):
        new = 0
        for folder in folders:
            for place in places(folder):
                new += _add(Folder(into / str(place.path.relative_to(folder))), place)
            with written(into):
                _add_study(into, folder)
                for name in (STATE, COPY):
                    if (folder / name).exists() and not (into / name).exists():
                        write_bytes(into / name, (folder / name).read_bytes())
                if new:
                    (into / TABLE).unlink(missing_ok=True)  # of a sweep: a report sums up what is there now
    return new


def _add(to: Folder, place: Folder) -> int:
    manifest = place.manifest()
    key = manifest["key"]
    with written(to.path):
        if (to.path / MANIFEST).exists():
            there = to.manifest()
            if there["key"] != key:
                raise ResultsError(
                    f"{place.path} and {to.path} hold results of different things: {few(differences(there, manifest))}",
                    try_="another --out for what does not belong together",
                )
        else:
            to.shard(0).parent.mkdir(parents=True, exist_ok=True)
            write_bytes(to.path / MANIFEST, (place.path / MANIFEST).read_bytes())
        had, new = to.records(key), 0
        for replication, record in place.records(key).items():
            if replication in had:
                if not _agree(had[replication], record, to, place):
                    raise ResultsError(
                        f"replication {replication} is not the same in {place.path} and in {to.path}",
                        try_="run it again on both machines: one of them does not compute as the other does",
                    )
                continue
            for kind in (".parquet", ".json"):
                found = place.shard(replication).with_suffix(kind)
                write_bytes(to.shard(replication).with_suffix(kind), found.read_bytes())
            new += 1
        _add_times(to, place, set(had))
    return new


def _agree(one: dict[str, Any], other: dict[str, Any], to: Folder, place: Folder) -> bool:
    """Whether two records are of the same findings; other versions of pyarrow write these in other bytes."""
    if one == other:
        return True
    key, replication = one["key"], one["replication"]
    found, given = (folder.findings(key, [replication])[0] for folder in (to, place))
    return bool(one["log"] == other["log"] and found.equals(given))


def _add_times(to: Folder, place: Folder, had: set[int]) -> None:
    key = place.manifest()["key"]
    for one in place.notes.machines():
        to.notes.machine(one)
    for row in place.notes.times(key):
        if row["replication"] not in had:
            to.notes.time({"key": key, **row})


def _add_study(into: Path, folder: Path) -> None:
    """The order in which a report shows scenarios: that of the first folder, then what others have besides."""
    if not (folder / STUDY_FILE).exists():
        return
    study = into / STUDY_FILE
    there, names = _names(study) if study.exists() else [], _names(folder / STUDY_FILE)
    write_text(study, json.dumps({"scenarios": [*there, *(name for name in names if name not in there)]}))


def _names(study: Path) -> list[str]:
    try:
        return [str(name) for name in json.loads(study.read_bytes())["scenarios"]]
    except (ValueError, KeyError, TypeError):
        raise ResultsError(
            f"{study} is spoilt, which says in what order a report shows scenarios",
            try_="the command that wrote it: it writes this file anew, and takes what is finished as it is",
        ) from None
