"""The coordinator's side: hands submissions to Dask, and takes in what they left."""

from __future__ import annotations

import logging
import pickle
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import dask
from distributed import Client, KilledWorker, LocalCluster
from distributed import Future as DaskFuture
from distributed.comm.core import CommClosedError

from labkit.errors import SandboxError, StorageError, SubmissionError, UsageError
from labkit.grading.attempted import could_not_tell, is_full, refused
from labkit.grading.cluster.bundle import Bundle
from labkit.grading.cluster.judges import Judges
from labkit.grading.cluster.packing import pack
from labkit.grading.cluster.post import Parcel, Post, dispose
from labkit.grading.cluster.worker import Delivered, Door, carry, deliver, fingerprint, refusal
from labkit.grading.here import data_folder
from labkit.grading.judging import Judge, Judged, Report
from labkit.grading.people.identity import Entry
from labkit.grading.pipeline import prepared
from labkit.i18n import texts
from labkit.rubric.lab import Lab
from labkit.sandbox.launch import Launcher
from labkit.sandbox.protections import Isolation

__all__ = ["Cluster", "cluster", "connected"]

_ = texts(__file__)

_A_PLACE = 2  # submissions under way for each place: one that runs, one that waits beside it
_LEAST = 2  # under way where nobody has a place yet, so that an adaptive cluster grows
_LOOK = 2.0  # seconds between two looks at the workers
_FAILURES = 2  # lost workers that a submission may be suspected of; the third sets it apart
_CONNECT = 10  # seconds


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """A connection to a cluster.

    Args:
        address: Of a scheduler (``tcp://host:8786``), or ``local:N`` for N workers on this machine.

    Raises:
        UsageError: That is no address.
        SandboxError: Nobody answers there.
    """
    kind, _colon, rest = address.partition(":")
    for name in ("distributed", "distributed.client", "distributed.nanny", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said by the kit
    if kind == "local":
        if not rest.isdecimal() or int(rest) < 1:
            raise _no_address(address)
        settings = {
            "distributed.scheduler.allowed-failures": _FAILURES,
            "distributed.worker.daemon": False,
        }
        with (
            dask.config.set(settings),
            LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=int(rest),
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,
            ) as made,
            Client(made) as client,
        ):
            yield client
        return
    try:
        client = Client(address, timeout=_CONNECT)
    except (ValueError, TypeError) as error:
        raise _no_address(address) from error
    except (OSError, TimeoutError) as error:
        raise SandboxError(
            _("No Dask scheduler answers at {address}: {error}", address=address, error=error),
            fix=_("Start one, or look at the address and at the network between."),
        ) from error
    with client:
        yield client


class Cluster:
    """A `labkit.grading.batch.Carrier` on the workers of a cluster.

    Args:
        client: Connected.
        judges: Processes of this machine that know the truth.
        bundle: What submissions are run with, without the truth.
        door: Of the workers.
        post: How files travel.
        tell: Told why a worker takes no submissions.
    """

    def __init__(
        self,
        client: Client,
        judges: Judges,
        bundle: Bundle,
        door: Door,
        post: Post,
        tell: Callable[[object], None],
    ) -> None:
        self.judge = judges.judge
        self._client, self._judges, self._door = client, judges, door
        self._post, self._tell = post, tell
        self._under_way: set[DaskFuture] = set()
        self._told: set[str] = set()
        self._looked = -_LOOK
        self._places = 0
        client.register_plugin(door, name=door.name)
        self._where: dict[str, Any] = {"resources": {door.resource: 1}, "pure": False}
        sent = post.send(pickle.dumps(bundle)) if post.url else bundle
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Sending large graph")
            self._bundle = client.submit(deliver, sent, **self._where)

    @property
    def room(self) -> int:
        """How many submissions may be under way: a few for each place that workers offer now.

        Raises:
            SandboxError: There are workers, and none of them takes submissions.
        """
        if time.monotonic() - self._looked > _LOOK:
            self._look()
            self._looked = time.monotonic()
        return max(_LEAST, _A_PLACE * self._places) + self._judges.width

    def begin(self, entry: Entry, folder: Path) -> Future[Judged | None]:
        """Send a submission; what comes back is judged beside, by one of the judges."""
        ended: Future[Judged | None] = Future()
        try:
            parcel = self._post.send(pack(entry.paths))
        except SubmissionError as error:
            self._judges.judged(Delivered(refused(error)), folder, ended)
        except StorageError as error:
            if is_full(error):
                raise
            self._judges.judged(Delivered(could_not_tell(error)), folder, ended)
        else:
            begun = self._client.submit(
                carry, self._bundle, parcel, self._door.name, self._post, **self._where
            )
            self._under_way.add(begun)  # Dask gives up what nobody keeps
            begun.add_done_callback(lambda begun: self._back(begun, parcel, folder, ended))
        return ended

    def close(self) -> None:
        """Give up what is under way."""
        under_way, self._under_way = self._under_way, set()
        with suppress(Exception):  # the scheduler may be what was lost
            self._client.cancel(list(under_way))

    def _back(
        self, begun: DaskFuture, parcel: Parcel, folder: Path, ended: Future[Judged | None]
    ) -> None:
        """What a worker sent goes to a judge; what no worker could send says why."""
        dispose(parcel)
        if begun not in self._under_way:  # given up
            return
        self._under_way.discard(begun)
        try:
            delivered: Delivered = begun.result()
        except KilledWorker:
            ended.set_result(None)
        except (CancelledError, CommClosedError):
            ended.set_exception(_scheduler_lost())
        except Exception as error:  # of Dask, or of the kit on the worker
            said = could_not_tell(_("The kit could not grade this: {error}", error=error))
            self._judges.judged(Delivered(said), folder, ended)
        else:
            self._judges.judged(delivered, folder, ended)

    def _look(self) -> None:
        """Count the places, and hear why some workers offer none."""
        try:
            workers = self._client.scheduler_info(n_workers=-1)["workers"]  # all of them
        except Exception as error:  # of the connection, or of what it brought
            raise _scheduler_lost() from error
        offered = {
            name: worker.get("resources", {}).get(self._door.resource)
            for name, worker in workers.items()
        }
        self._places = int(sum(places or 0 for places in offered.values()))
        shut = [name for name, places in offered.items() if places == 0]
        new = [name for name in shut if name not in self._told]
        if new:
            said = self._client.run(refusal, self._door.name, workers=new, on_error="ignore")
            for name, reason in said.items():
                if reason is not None:
                    self._told.add(name)
                    self._tell(_("{worker} takes no submissions: {reason}", worker=name, reason=reason))
        if shut and len(shut) == len(workers):
            raise SandboxError(
                _("No worker of the cluster may run submissions."),
                fix=_("See what each of them said, and start others."),
            )


@contextmanager
def cluster(
    client: Client,
    lab: Lab,
    folder: Path,
    seed: int | None,
    isolation: Isolation,
    shared: str,
    report: Report,
    tell: Callable[[object], None] = print,
) -> Iterator[Cluster]:
    """Get ready to run a class on a cluster.

    Args:
        client: Connected.
        lab: The lab.
        folder: The class folder; rows lie in a folder of it meanwhile.
        seed: Secret seed of the split, ``None`` for the public one; it stays here.
        isolation: Which walls workers must have.
        shared: URL of a folder that everybody reaches, for what travels; empty for through Dask.
        report: Writes a grade's report; a function of a module.
        tell: Told why a worker takes no submissions.

    Raises:
        DataError: The lab's data are missing or damaged.
        StorageError: ``shared`` cannot be written.
    """
    post = Post.at(shared)
    try:
        with data_folder(folder) as data:
            launcher = Launcher()
            try:
                trial = prepared(lab, data, launcher, seed)
            finally:
                launcher.close()
            bundle = Bundle.of(lab, trial, data, seed)
            door = Door(lab.name, isolation, fingerprint(lab.name))
            with (
                Judges(Judge(lab, trial, report)) as judges,
                closing(Cluster(client, judges, bundle, door, post, tell)) as carrier,
            ):
                yield carrier
    finally:
        post.close()


def _scheduler_lost() -> SandboxError:
    return SandboxError(
        _("The cluster's scheduler was lost."),
        _("What was graded before is safe in the gradebook."),
        _("Start it, and run the command again: it goes on there."),
    )


def _no_address(address: str) -> UsageError:
    return UsageError(
        _("{address} is no address of a cluster.", address=address),
        _("tcp://host:8786, or local:4 for four workers on this machine, was expected."),
    )
