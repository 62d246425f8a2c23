"""A training as TensorBoard opens it: event files, written while it goes.

Names are those of Keras' own callback, runs ``train`` and ``validation`` with scalars ``epoch_loss``,
so that both curves lie in one plot. Nothing here needs TensorFlow, which the callback would.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labkit.errors import StorageError, UsageError
from labkit.i18n import texts
from labkit.report.outline import clean, clip
from labkit.rubric.epochs import Epoch, Follower

__all__ = ["EventFiles", "expect_tensorboard"]

_ = texts(__file__)

_MOST_RUNS = 400
_VALIDATION = "val_"
_VERSION = "brain.Event:2"


@dataclass(slots=True)
class _Training:
    """What is known of one training's epochs, and how many are written."""

    follower: Follower
    written: int = 0
    begun: dict[int, float] = field(default_factory=dict)  # fit -> time of day


def expect_tensorboard() -> None:
    """See that event files can be written, before anything is trained.

    Raises:
        UsageError: TensorBoard, whose format it is, is not installed.
    """
    try:
        import tensorboard.summary.writer.record_writer  # noqa: F401
    except ImportError as error:
        raise UsageError(
            _("TensorBoard is not installed."),
            fix=_("Install it with `pip install tensorboard`, or leave --tensorboard out."),
        ) from error


class EventFiles:
    """The event files of a run, for each of its trainings.

    Args:
        folder: Where they go; TensorBoard is given this folder or one above it.

    Raises:
        StorageError: The folder cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritten(folder, error) from error
        self.folder = folder
        self.trouble: StorageError | None = None
        """Why writing has ended early, if it has."""
        self._trainings: dict[Path, _Training] = {}

    def follow(self, evidence: Path) -> None:
        """Write the epochs that have ended since the last call.

        Args:
            evidence: The run's evidence folder, with a folder for each training.
        """
        if self.trouble is not None:
            return
        try:
            for path in sorted(evidence.glob("*/progress.jsonl")):
                known = self._trainings.setdefault(path, _Training(Follower(path)))
                self._write(path.parent.name, known)
        except OSError as error:
            self.trouble = _unwritten(self.folder, error)

    def _write(self, name: str, training: _Training) -> None:
        epochs = training.follower.epochs()
        new, training.written = epochs[training.written :], len(epochs)
        place = self.folder if name == "main" else self.folder / name
        runs: dict[Path, list[bytes]] = {}
        for epoch in new:
            fit = 1 if epoch.epochs == 1 else epoch.fit  # a loop of single epochs is one training
            if fit not in training.begun and len(training.begun) >= _MOST_RUNS:
                continue
            begun = training.begun.setdefault(fit, time.time() - epoch.seconds)
            below = place if fit == 1 else place / f"fit{fit}"
            for run, event in _events(epoch, begun):
                runs.setdefault(below / run, []).append(event)
        for run_folder, events in runs.items():
            _append(run_folder, events)


def _events(epoch: Epoch, begun: float) -> Iterator[tuple[str, bytes]]:
    """The run and the event of each metric of an epoch."""
    step = epoch.fit if epoch.epochs == 1 else epoch.epoch
    for name, value in epoch.logs.items():
        run = "validation" if name.startswith(_VALIDATION) else "train"
        tag = "epoch_" + clip(clean(name.removeprefix(_VALIDATION)), 80)
        scalar = {"tag": tag, "simple_value": value}
        yield run, _event(begun + epoch.seconds, step=step, summary={"value": [scalar]})


def _event(moment: float, **fields: Any) -> bytes:
    from tensorboard.compat.proto.event_pb2 import Event

    content: bytes = Event(wall_time=moment, **fields).SerializeToString()
    return content


def _append(folder: Path, events: Iterable[bytes]) -> None:
    """Add events to the one file of a folder."""
    from tensorboard.summary.writer.record_writer import RecordWriter

    path = folder / "events.out.tfevents.labkit"
    is_new = not path.exists()
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as stream:
        writer = RecordWriter(stream)
        if is_new:
            writer.write(_event(time.time(), file_version=_VERSION))
        for event in events:
            writer.write(event)


def _unwritten(folder: Path, error: OSError) -> StorageError:
    return StorageError(
        _("Nothing can be written to {folder}: {error}", folder=folder, error=error),
        fix=_("Make room, or name another folder after --tensorboard."),
    )
