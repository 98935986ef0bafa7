"""A Dask cluster as the workers of a study: on Slurm, Kubernetes, or a few office machines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import ResultsError
from .hands import Cluster

PATIENCE = 30
"""Seconds after which a scheduler that does not answer, or has no workers, is given up."""


@contextmanager
def connected(where: str) -> Iterator[Cluster]:
    """The workers of a cluster, by the address of its scheduler (tcp://host:8786) or by its scheduler file.

    Workers must reach the folder of the results under the same path, and have the same program; each of their processes
    runs one replication at a time. Raises ResultsError if Dask is missing, nobody answers, or no worker comes.
    """
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise ResultsError(
            "a cluster needs the library distributed, which is not installed",
            try_="pip install 'enforcement-sim[cluster]'",
        ) from None
    is_file = Path(where).is_file()
    if not is_file and "://" not in where and ":" not in where:
        raise ResultsError(
            f"--cluster {where}: there is no such scheduler file, and it is no address",
            try_="an address like tcp://host:8786, or the file that `dask scheduler --scheduler-file` writes",
        )
    try:
        at = {"scheduler_file": where} if is_file else {"address": where}
        client = Client(**at, timeout=PATIENCE)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        what = f"no Dask scheduler answers at {where}: {error}"
        raise ResultsError(what, try_="whether `dask scheduler` runs there and can be reached") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise ResultsError(
                f"the cluster at {where} has no workers", try_=f"`dask worker {where} --nthreads 1` on each machine"
            ) from None
        executor, workers = client.get_executor(pure=False), len(client.nthreads())  # type: ignore[no-untyped-call]
        yield Cluster(executor, workers, (KilledWorker,))
