"""Hostile submissions to lab 2: what people hand in by accident, for fun, or to get out.

Every case is data: how to make the submission, and what has to become of it. Cases that look for a
way out print ``ESCAPED`` and what they got hold of; then, and only then, they also train for longer, so
that a way out shows in the points too. Whatever they try is bounded, so that a wall with a hole in it
costs a red test and not the machine. They are meant to be run behind the walls of `labkit.sandbox`.
"""

from __future__ import annotations

from tests.submissions import (
    archives,
    encodings,
    escape,
    escape_doors,
    escape_memory,
    escape_network,
    escape_privileges,
    escape_processes,
    escape_writes,
    models,
    notebooks,
    resources,
    resources_ends,
    resources_leftovers,
    resources_storage,
    tampering,
    tampering_evidence,
    tampering_files,
    tampering_patches,
)
from tests.submissions.base import HONEST, HONEST_POINTS, Hostile, honest
from tests.submissions.doors import ABSTRACT

__all__ = ["ABSTRACT", "CASES", "FAMILIES", "HONEST", "HONEST_POINTS", "Hostile", "honest"]

FAMILIES: dict[str, tuple[Hostile, ...]] = {
    "resources": resources.CASES
    + resources_storage.CASES
    + resources_ends.CASES
    + resources_leftovers.CASES,
    "escape": escape.CASES
    + escape_memory.CASES
    + escape_processes.CASES
    + escape_privileges.CASES
    + escape_network.CASES
    + escape_doors.CASES
    + escape_writes.CASES,
    "tampering": tampering.CASES
    + tampering_patches.CASES
    + tampering_evidence.CASES
    + tampering_files.CASES,
    "archives": archives.CASES,
    "models": models.CASES,
    "encodings": encodings.CASES,
    "notebooks": notebooks.CASES,
}

CASES: tuple[Hostile, ...] = tuple(case for family in FAMILIES.values() for case in family)
