"""What the trusted side asks of an untrusted process, as a JSON file between them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

__all__ = ["End", "Job", "Outcome"]

End = Literal["ended", "time", "memory", "died", "lost"]


@dataclass(frozen=True, slots=True)
class Job:
    """One process of untrusted work.

    Args:
        name: Name of the job within its run, for the reply.
        role: ``"worker"`` runs a student's file; ``"replay"`` asks exported models.
        folder: Where its evidence goes; the only folder it may write to.
        task: What to do; see `labkit.sandbox.worker` and `labkit.sandbox.replay`.
        cpu_seconds: Processor time it may use.
        wall_seconds: Time after which it is ended whatever it does.
        memory_mb: Resident memory, MiB, after which it is ended.
    """

    name: str
    role: Literal["worker", "replay"]
    folder: Path
    task: Mapping[str, Any] = field(default_factory=dict)
    cpu_seconds: int = 60
    wall_seconds: int = 300
    memory_mb: int = 4096

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
        return cls(**{**fields, "folder": Path(fields["folder"])})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the process of a job ended.

    Args:
        name: The job's name.
        end: ``"ended"`` by itself; ``"time"`` or ``"memory"`` when a limit was passed; ``"died"``
            when it broke off; ``"lost"`` when the kit lost it.
        cpu_seconds: Processor time used, by the system's own account.
        wall_seconds: Time from start to end.
        peak_mb: Largest resident memory, MiB; 0 where the system does not say.
    """

    name: str
    end: End
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_mb: float = 0.0
