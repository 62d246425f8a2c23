"""Fifty workers of a cluster in one process, and a grading that takes its time without doing anything.

    python benchmarks/cluster_workers.py WORKERS

prints the scheduler's address and serves until its standard input closes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from distributed import LocalCluster

from labkit.grading.attempted import Carried
from labkit.grading.cluster.bundle import Bundle
from labkit.grading.cluster.post import Parcel, Post
from labkit.grading.cluster.worker import Delivered
from labkit.grading.pipeline import Graded
from labkit.grading.running import Ran
from labkit.report.record import as_record

SECONDS = 0.5


def carry(bundle: Bundle, parcel: Parcel, door: str, post: Post, left: bytes) -> Delivered:
    """What the kit's own task does, with a wait in place of the grading, and the same files for all."""
    time.sleep(SECONDS)
    now, facts = datetime.now(timezone.utc), {"seconds": SECONDS, "cpu_seconds": SECONDS, "peak_mb": 0}
    ran = Ran({"main": "ended"}, "none", "neuron.py", "", (), (), now, facts)
    return Delivered(Carried(ran, "namespaces"), left)


def record(graded: Graded, folder: Path) -> Mapping[str, Any]:
    """A report that draws nothing: that is the work of as many processes as there are cores."""
    return as_record(graded.grade)


def main() -> None:
    count = int(sys.argv[1])
    options = {"processes": False, "threads_per_worker": 1, "dashboard_address": None}
    options["memory_limit"] = 0  # of one process, which all of them are
    with LocalCluster(n_workers=count, protocol="tcp://", host="127.0.0.1", **options) as made:
        print(made.scheduler_address, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
