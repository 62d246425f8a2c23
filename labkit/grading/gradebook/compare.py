"""What changed between two attempts of one student."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labkit.grading.gradebook.records import Attempt

__all__ = ["Change", "Comparison", "compare", "last_two"]


@dataclass(frozen=True, slots=True)
class Change:
    """A check that came out differently: its title, and points and message before and after."""

    title: str
    before: float
    after: float
    said_before: str
    said_after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two attempts and what is different.

    Args:
        before: The earlier attempt.
        after: The later one.
        causes: What differs in what they rest on: ``"submission"``, ``"rubric"``, ``"split"``,
            or the name of a package.
        changes: Checks that came out differently, in the later rubric's order, then those it has not.
    """

    before: Attempt
    after: Attempt
    causes: tuple[str, ...]
    changes: tuple[Change, ...]


def last_two(attempts: Sequence[Attempt]) -> Comparison | None:
    """The last attempt compared with the one before; ``None`` where there is just one."""
    return compare(*attempts[-2:]) if len(attempts) > 1 else None


def compare(before: Attempt, after: Attempt) -> Comparison:
    """Compare two attempts of one student in one lab."""
    old, new = _checks(before), _checks(after)
    both = ((old.get(name, {}), new.get(name, {})) for name in {**new, **old})
    changes = tuple(_change(one, other) for one, other in both if _outcome(one) != _outcome(other))
    return Comparison(before, after, tuple(_causes(before, after)), changes)


def _change(old: Mapping[str, Any], new: Mapping[str, Any]) -> Change:
    """One check; a rubric that does not have it gives it no points."""
    known = new or old
    return Change(
        title=str(known.get("title", known["name"])),
        before=float(old.get("points", 0.0)),
        after=float(new.get("points", 0.0)),
        said_before=str(old.get("message", "")),
        said_after=str(new.get("message", "")),
    )


def _outcome(check: Mapping[str, Any]) -> tuple[Any, Any]:
    return check.get("points"), check.get("status")


def _causes(before: Attempt, after: Attempt) -> list[str]:
    basis = {"submission": "sha256", "rubric": "rubric_sha256", "split": "seed"}
    found = [cause for cause, name in basis.items() if getattr(before, name) != getattr(after, name)]
    old, new = (attempt.record.get("provenance", {}) for attempt in (before, after))
    packages = ("labkit", "python", "tensorflow", "keras", "numpy")
    return found + [name for name in packages if old.get(name) != new.get(name)]


def _checks(attempt: Attempt) -> dict[str, Mapping[str, Any]]:
    return {str(check["name"]): check for check in attempt.record.get("checks", ())}
