"""What the trusted side asks of an untrusted process, as a JSON file between them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

__all__ = ["End", "Job", "Outcome", "Walls"]

End = Literal["ended", "time", "memory", "killed", "died", "altered", "lost", "none"]

Walls = Literal["none", "landlock", "namespaces"]
"""What keeps a job apart from everything else; see `labkit.sandbox.isolation`."""


@dataclass(frozen=True, slots=True)
class Job:
    """One process of untrusted work.

    Args:
        name: Name of the job within its run, for the reply.
        role: ``"worker"`` runs a student's file; ``"replay"`` asks exported models.
        folder: Where its evidence goes. Behind walls it writes to a folder of its own instead, and
            what the kit wrote there is taken over.
        task: What to do; see `labkit.sandbox.worker` and `labkit.sandbox.replay`.
        cpu_seconds: Processor time it may use.
        wall_seconds: Time after which it is ended whatever it does.
        memory_mb: Resident memory, MiB, after which it is ended.
        room_mb: What it may write, MiB; counts behind walls only.
        walls: What keeps it apart.
        readable: Files and folders it may read behind walls, beside Python and its packages.
        alone: Whether nothing else may run beside it.
    """

    name: str
    role: Literal["worker", "replay"]
    folder: Path
    task: Mapping[str, Any] = field(default_factory=dict)
    cpu_seconds: int = 60
    wall_seconds: int = 300
    memory_mb: int = 4096
    room_mb: int = 256
    walls: Walls = "none"
    readable: tuple[Path, ...] = ()
    alone: bool = False

    def write(self) -> Path:
        """Write the job into its folder and return the file's path."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / "job.json"
        path.write_text(json.dumps(asdict(self), default=str), encoding="utf-8")
        return path

    @classmethod
    def read(cls, path: str | Path) -> Job:
        """Read back what `write` wrote."""
        fields = json.loads(Path(path).read_text(encoding="utf-8"))
        fields["folder"] = Path(fields["folder"])
        fields["readable"] = tuple(Path(path) for path in fields["readable"])
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the process of a job ended.

    Args:
        name: The job's name.
        end: ``"ended"`` by itself; ``"time"`` or ``"memory"`` when a limit was passed; ``"died"``
            when it broke off; ``"killed"`` when a signal from who knows where did it; ``"altered"``
            when what the kit wrote was changed; ``"lost"`` when the kit lost it; ``"none"`` where
            there was nothing to run.
        cpu_seconds: Processor time used, by the system's own account.
        wall_seconds: Time from start to end.
        peak_mb: Largest resident memory, MiB; 0 where the system does not say.
    """

    name: str
    end: End
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_mb: float = 0.0
