"""Questions in SQL about all results in a folder, asked of the shards themselves through DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from ..errors import ResultsError
from .store import places

VIEWS = {
    "scenarios": "scenario, name, seed, key, replications, finished",
    "runs": "scenario, replication, log, rows",
    "times": "scenario, replication, seconds, finished",
    "findings": "scenario, replication, measure, jurisdiction, field, item, period, value",
}
"""Names of the views and their columns."""


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection with the VIEWS of all sound results in a folder; spoilt shards are warned of and left out."""
    scenarios: list[dict[str, Any]] = []
    runs: list[dict[str, Any]] = []
    times: list[dict[str, Any]] = []
    files: list[str] = []
    for place in places(folder):
        told = place.manifest()
        name = str(place.path.relative_to(folder)) if place.path != folder else str(told["name"])
        finished = place.finished(told["key"])
        scenarios.append({
            "scenario": name, "name": told["name"], "seed": told["seed"], "key": told["key"],
            "replications": told["scenario"]["replications"], "finished": len(finished),
        })  # fmt: skip
        for replication in finished:
            record = place.record(replication)
            assert record is not None
            files.append(str(place.shard(replication)))
            runs.append({
                "scenario": name, "replication": replication, "log": record["log"], "rows": record["rows"],
                "file": files[-1],
            })  # fmt: skip
        times += [{"scenario": name, **row} for row in place.times(told["key"])]
    base = duckdb.connect()
    _table(base, "scenarios", scenarios, ["scenario", "name", "seed", "key", "replications", "finished"])
    _table(base, "shards", runs, ["scenario", "replication", "log", "rows", "file"])
    _table(base, "times", times, ["scenario", "replication", "seconds", "finished"])
    base.execute("CREATE VIEW runs AS SELECT scenario, replication, log, rows FROM shards")
    if files:
        listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
        base.execute(
            "CREATE VIEW findings AS SELECT scenario, replication, found.* EXCLUDE (filename) "
            f"FROM read_parquet([{listed}], filename = true) found JOIN shards ON found.filename = shards.file"
        )
    else:
        raise ResultsError(f"no finished replication in {folder}", try_="run the same command again")
    return base


def _table(base: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]], columns: list[str]) -> None:
    frame = pd.DataFrame(rows, columns=columns)
    base.register("given", frame)
    base.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    base.unregister("given")


def ask(folder: Path, question: str) -> pd.DataFrame:
    """The answer to a question in SQL; ResultsError says what is wrong with one that cannot be asked."""
    with opened(folder) as base:
        try:
            answer = base.execute(question)
            return pd.DataFrame() if answer.description is None else answer.df()
        except duckdb.Error as error:
            told = "; ".join(f"{name} ({columns})" for name, columns in VIEWS.items())
            raise ResultsError(f"the question cannot be answered: {error}", try_=f"the views {told}") from None
