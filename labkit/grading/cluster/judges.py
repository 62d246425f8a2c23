"""The coordinator's own processes: they know the truth, judge what comes back and draw its report."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from pathlib import Path

from dask.system import CPU_COUNT

from labkit.errors import LabkitError, SandboxError
from labkit.grading.attempted import could_not_tell
from labkit.grading.cluster.packing import unbox
from labkit.grading.cluster.post import collect, dispose
from labkit.grading.cluster.worker import Delivered
from labkit.grading.judging import Judge, Judged, Report
from labkit.i18n import current_language, speaking, texts
from labkit.rubric import find
from labkit.rubric.protocol import Trial

__all__ = ["Judges"]

_ = texts(__file__)

_MOST = 8

_judge: Judge
_language: str


class Judges:
    """A context manager: as many processes as this machine has cores to spare.

    Args:
        judge: What each of them is; its lab must be one of the kit's.
    """

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.width = max(1, min(_MOST, CPU_COUNT // 2))  # what a container may use, too
        self._processes = ProcessPoolExecutor(
            self.width,
            multiprocessing.get_context("spawn"),
            _begin,
            (judge.lab.name, judge.trial, judge.report, current_language()),
        )

    def __enter__(self) -> Judges:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._processes.shutdown(wait=True, cancel_futures=True)

    def judged(self, delivered: Delivered, folder: Path, ended: Future[Judged | None]) -> None:
        """Have a submission judged; ``ended`` gets what it earned, or the error."""

        def told(judging: Future[Judged]) -> None:
            if ended.cancelled() or judging.cancelled():
                return
            error = judging.exception()
            if isinstance(error, BrokenExecutor):
                ended.set_exception(_lost())
            elif error is not None:
                ended.set_exception(error)
            else:
                ended.set_result(judging.result())

        try:
            judging = self._processes.submit(_one, delivered, folder)
        except RuntimeError:  # one of them was killed; or they are being shut down
            ended.set_exception(_lost())
        else:
            judging.add_done_callback(told)


def _begin(lab: str, trial: Trial, report: Report, language: str) -> None:
    """What each process keeps; it ends with the coordinator, however that ends."""
    global _judge, _language
    _judge, _language = Judge(find.lab(lab), trial, report), language
    threading.Thread(target=_end_with_the_coordinator, daemon=True).start()


def _end_with_the_coordinator() -> None:
    coordinator = multiprocessing.parent_process()
    assert coordinator is not None
    coordinator.join()
    os._exit(1)


def _one(delivered: Delivered, folder: Path) -> Judged:
    """Unpack what came back, and judge it."""
    carried = delivered.carried
    try:
        if delivered.files:
            unbox(collect(delivered.files), folder)
    except LabkitError as error:
        carried = could_not_tell(error)
    finally:
        dispose(delivered.files)
    with speaking(_language):
        return _judge(carried, folder)


def _lost() -> SandboxError:
    return SandboxError(
        _("A process of this machine that judges was lost."),
        _("What was graded before is safe in the gradebook."),
        _("See whether there is memory left, and run the command again: it goes on there."),
    )
