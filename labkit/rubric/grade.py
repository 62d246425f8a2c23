"""A grade: every check with its verdict, and what the points come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from labkit.i18n import texts
from labkit.rubric.evidence import Evidence
from labkit.rubric.lab import Check, Lab
from labkit.rubric.verdict import Status, Verdict

__all__ = ["Grade", "Result", "judge", "without_looking"]

_ = texts(__file__)


@dataclass(frozen=True, slots=True)
class Result:
    """A check and what it said."""

    check: Check
    verdict: Verdict

    @property
    def points(self) -> float:
        """Points earned."""
        return self.check.points * self.verdict.fraction


@dataclass(frozen=True, slots=True)
class Grade:
    """What one run of one submission is worth.

    Args:
        lab: The lab.
        results: Every check in the rubric's order.
        provenance: Digests, seed, versions, times: what one needs to get the same grade again.
    """

    lab: Lab
    results: tuple[Result, ...]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """Points earned, bonus included."""
        return round(sum(result.points for result in self.results), 2)

    @property
    def maximum(self) -> float:
        """Points to be had, bonus not included."""
        return self.lab.maximum

    @property
    def undecided(self) -> float:
        """Points of checks that could not tell, and of those skipped because of them."""
        unsure = {r.check.name for r in self.results if r.verdict.status is Status.UNKNOWN}
        for result in self.results:
            skipped = result.verdict.status is Status.SKIPPED
            if skipped and unsure.intersection(result.check.needs):
                unsure.add(result.check.name)
        return sum(r.check.points for r in self.results if r.check.name in unsure and not r.check.bonus)

    @property
    def first_failure(self) -> Result | None:
        """The first check that cost points, bonus checks last; ``None`` with full points."""
        lost = [r for r in self.results if not r.verdict.full]
        lost.sort(key=lambda result: result.check.bonus)
        return lost[0] if lost else None


def judge(lab: Lab, evidence: Evidence, provenance: Mapping[str, Any]) -> Grade:
    """Ask every check of ``lab``; one whose needs have not passed is skipped.

    A rule that raises is the kit's own fault: its check could not tell.
    """
    verdicts: dict[str, Verdict] = {}
    for check in lab.checks:
        waiting = (name for name in check.needs if verdicts[name].status is not Status.PASSED)
        blocker = next((name for name in waiting if verdicts[name].blocks), None)
        if blocker is not None:
            title = lab.check(blocker).title
            verdicts[check.name] = Verdict.skipped(_("Waits for: {title}", title=title))
            continue
        try:
            verdicts[check.name] = check.rule(evidence)
        except Exception as error:  # evidence may be anything; the fault is the rule's
            verdicts[check.name] = Verdict.unknown(
                _("This check broke: {error}", error=f"{type(error).__name__}: {error}")
            )
    results = tuple(Result(check, verdicts[check.name]) for check in lab.checks)
    return Grade(lab, results, provenance)


def without_looking(lab: Lab, verdict: Verdict, provenance: Mapping[str, Any]) -> Grade:
    """A grade where there was nothing to look at: the first check says why, and all others wait for it.

    Args:
        lab: The lab.
        verdict: Why; failed, or unknown where it is not the student's fault.
        provenance: See `Grade`.
    """
    first, *others = lab.checks
    status = verdict.status
    waits = _("Waits for: {title}", title=first.title)
    other = Verdict.unknown(waits) if status is Status.UNKNOWN else Verdict.skipped(waits)
    results = (Result(first, verdict), *(Result(check, other) for check in others))
    return Grade(lab, results, provenance)
