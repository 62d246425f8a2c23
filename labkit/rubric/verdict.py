"""What a check says: passed (with a fraction), failed, could not tell, or skipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any

from labkit.i18n import Text, Verbatim

__all__ = ["Status", "Verdict"]


class Status(str, Enum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The kit could not tell; this never costs points silently."""
    SKIPPED = "skipped"
    """Something this check builds on failed, so it was not looked at."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one check.

    Args:
        status: How it ended.
        message: What was found, and what was expected where that differs.
        fraction: Share of the points earned, 0 to 1; above 0 only when passed.
        data: Numbers behind the verdict, for reports and comparison.
        blocks: Whether checks that need this one wait where it has not passed.
    """

    status: Status
    message: Text | Verbatim
    fraction: float = 0.0
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    blocks: bool = True

    @classmethod
    def passed(cls, message: Text | Verbatim, fraction: float = 1.0, **data: Any) -> Verdict:
        """A passed check; with ``fraction`` 0 it has failed instead.

        Raises:
            ValueError: ``fraction`` is outside 0 to 1.
        """
        if not 0.0 <= fraction <= 1.0:
            raise ValueError(f"fraction must lie between 0 and 1. Received: {fraction}")
        if fraction == 0.0:
            return cls.failed(message, **data)
        return cls(Status.PASSED, message, fraction, MappingProxyType(data))

    @classmethod
    def failed(cls, message: Text | Verbatim, **data: Any) -> Verdict:
        """A failed check."""
        return cls(Status.FAILED, message, 0.0, MappingProxyType(data))

    @classmethod
    def not_shown(cls, message: Text | Verbatim) -> Verdict:
        """A check that what was handed in cannot show; those that need it do not wait for it."""
        return cls(Status.FAILED, message, blocks=False)

    @classmethod
    def unknown(cls, message: Text | Verbatim, **data: Any) -> Verdict:
        """A check that could not be decided, for no fault of the student."""
        return cls(Status.UNKNOWN, message, 0.0, MappingProxyType(data))

    @classmethod
    def skipped(cls, message: Text | Verbatim) -> Verdict:
        """A check that waits for another one to pass."""
        return cls(Status.SKIPPED, message)

    @property
    def full(self) -> bool:
        """Whether every point of the check was earned."""
        return self.status is Status.PASSED and self.fraction == 1.0
