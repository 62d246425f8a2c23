"""What runs on a Dask worker: a door that only workers with walls open, and one submission a task."""

from __future__ import annotations

import asyncio
import pickle
import platform
import shutil
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distributed import Reschedule, Status, Worker, WorkerPlugin, get_worker

from labkit.errors import LabkitError, SandboxError, StorageError
from labkit.grading.attempted import Carried, could_not_tell, is_full, tried
from labkit.grading.cluster.bundle import Bundle
from labkit.grading.cluster.packing import box, unpack
from labkit.grading.cluster.post import Parcel, Post, collect
from labkit.grading.pipeline import rubric_digest
from labkit.grading.running import Conditions, versions
from labkit.i18n import Verbatim, in_every_language, texts
from labkit.rubric import find
from labkit.rubric.protocol import Trial
from labkit.sandbox import protections
from labkit.sandbox.job import Walls
from labkit.sandbox.launch import Launcher
from labkit.sandbox.protections import Isolation

__all__ = ["Delivered", "Door", "carry", "deliver", "fingerprint", "refusal"]

_ = texts(__file__)

_NOT_YET = _("Nobody has looked yet whether submissions may run here.")
_KEPT = 4  # bundles whose files stay, for coordinators that share a worker

_lock = threading.Lock()
_launchers: dict[str, Launcher] = {}
_trials: dict[str, Trial] = {}


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of a submission.

    Args:
        carried: How it was run.
        files: A box of what it left.
    """

    carried: Carried
    files: Parcel = b""


def fingerprint(lab: str) -> dict[str, str]:
    """What has to be the same on every machine for grades to be the same."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {**versions(), "python": python, "rubric": rubric_digest(find.lab(lab))[:12]}


class Door(WorkerPlugin):
    """Lets a worker offer `resource`, a place for each of its threads, if it may run submissions.

    A task that asks for the resource runs on no other worker.

    Args:
        lab: ``"lab2"``.
        isolation: Which walls are required.
        expected: The coordinator's own `fingerprint`.
    """

    def __init__(self, lab: str, isolation: Isolation, expected: dict[str, str]) -> None:
        self.lab, self.isolation, self.expected = lab, isolation, expected
        told = "-".join([lab, isolation, *expected.values()])
        self.name = self.resource = f"labkit-{told}"
        self.walls: Walls = "none"
        # Dask puts a new door of the same name in place before it awaits `setup`: it begins shut.
        self.refusal: Verbatim | None = Verbatim(in_every_language(_NOT_YET))

    async def setup(self, worker: Worker) -> None:
        """Look at the machine; raises nothing: what keeps the door shut is told by `refusal`."""
        try:
            self.walls = await asyncio.to_thread(self._look)
            self.refusal = None
        except LabkitError as error:
            self.refusal = Verbatim(in_every_language(error))
        except Exception as error:
            self.refusal = Verbatim({"en": repr(error)})
        await self._offer(worker, 0 if self.refusal else worker.state.nthreads)

    async def shut(self, worker: Worker, reason: object) -> None:
        """Take no more submissions."""
        self.refusal = Verbatim(in_every_language(reason))
        await self._offer(worker, 0)

    async def _offer(self, worker: Worker, places: int) -> None:
        """Offer so many places, and have the scheduler look again at tasks that waited for one."""
        await worker.set_resources(**{self.resource: places})
        if worker.status is Status.running:  # it looks when a worker begins to run, not at this
            worker.status = Status.paused
            worker.status = Status.running

    def _look(self) -> Walls:
        """The walls that submissions run behind here.

        Raises:
            SandboxError: None hold, or what runs here is not what runs there.
        """
        found = fingerprint(self.lab)
        other = ", ".join(
            f"{name} {found.get(name, '-')} ({expected})"
            for name, expected in self.expected.items()
            if found.get(name) != expected
        )
        if other:
            raise SandboxError(
                _(
                    "Other versions are installed than where grades are given: {list}.",
                    list=other,
                ),
                fix=_("Install the same on all machines: a container image does."),
            )
        return protections.choose(self.isolation)


def refusal(name: str, dask_worker: Worker) -> Verbatim | None:
    """Why this worker's door is shut, if it is."""
    door: Any = dask_worker.plugins.get(name)
    return door.refusal if door is not None else None


def deliver(bundle: Bundle | str) -> Bundle:
    """The task that brings what all submissions are run with; other tasks get its result from Dask."""
    if isinstance(bundle, Bundle):
        return bundle
    brought: Bundle = pickle.loads(collect(bundle))  # noqa: S301  the coordinator's own
    return brought


def carry(bundle: Bundle, parcel: Parcel, door: str, post: Post) -> Delivered:
    """The task that runs one submission.

    Args:
        bundle: What it is run with.
        parcel: What was handed in, packed.
        door: Name of the worker's `Door`.
        post: How its files get back.

    Raises:
        Reschedule: There is no room on this worker: it takes no more, and another one does this.
    """
    worker = get_worker()
    own: Any = worker.plugins[door]
    if own.refusal is not None:  # shut since, or not open yet
        raise Reschedule
    try:
        place = Path(tempfile.mkdtemp(prefix="attempt-", dir=worker.local_directory))
    except OSError as error:
        raise _shutting(own, worker, error) from error
    try:
        conditions = Conditions(
            find.lab(bundle.lab),
            _trial(bundle, Path(worker.local_directory)),
            _launcher(own.walls, worker.state.nthreads),
            bundle.training_seed,
            threads=1,
            repeat=True,
        )
        (place / "handed-in").mkdir()
        (place / "attempt").mkdir()
        sources = unpack(collect(parcel), place / "handed-in")
        carried = tried(sources, place / "attempt", conditions)
        return Delivered(carried, post.send(box(place / "attempt")))
    except (OSError, StorageError) as error:
        if not is_full(error):
            return Delivered(could_not_tell(error))
        raise _shutting(own, worker, error) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _shutting(door: Any, worker: Worker, error: Exception) -> Reschedule:
    """Have the worker take no more, for want of a place to write to; another one does this task."""
    worker.loop.add_callback(door.shut, worker, _("There is no room left: {error}", error=error))
    return Reschedule()


def _launcher(walls: Walls, width: int) -> Launcher:
    """This process's warm parent; it ends with the process."""
    with _lock:
        if walls not in _launchers:
            _launchers[walls] = Launcher(width, walls)
        return _launchers[walls]


def _trial(bundle: Bundle, folder: Path) -> Trial:
    """The bundle's trial; its files are unpacked once."""
    with _lock:
        if bundle.digest not in _trials:
            while len(_trials) >= _KEPT:
                oldest = next(iter(_trials))
                del _trials[oldest]
                shutil.rmtree(folder / f"bundle-{oldest}", ignore_errors=True)
            place = folder / f"bundle-{bundle.digest}"
            place.mkdir(exist_ok=True)
            _trials[bundle.digest] = bundle.open(place)
        return _trials[bundle.digest]
