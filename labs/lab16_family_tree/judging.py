"""The rules of lab 16 that are its own."""

from __future__ import annotations

import numpy as np
from lab16_family_tree.family import HELD_OUT, all_right

from labkit.i18n import texts
from labkit.rubric.curves import share
from labkit.rubric.evidence import Answer, Evidence
from labkit.rubric.verdict import Verdict

__all__ = ["CURVE", "converges", "draws", "every_draw_answers", "generalizes", "share_right"]

_ = texts(__file__)

CURVE = {0.25: 0.0, 0.50: 1.0}
"""Share of the held-out questions that are answered right -> share of the points."""

_NEAR = 0.15  # of the cost at the end: rounding grows in a thousand sweeps


def share_right(outputs: np.ndarray, y: np.ndarray) -> float:
    """Share of the rows of chances that have all right answers, and nobody else, in front."""
    if outputs.shape != y.shape:
        raise ValueError(f"a chance for each person is needed. Received: {outputs.shape}")
    return float(all_right(outputs, y).mean())


def converges(answer: Answer) -> bool:
    """Whether the costs of `learn` begin and end where the reference's do."""
    assert answer.returned is not None and answer.expected is not None
    mine, right = answer.returned[0].astype(float), answer.expected[0]
    return bool(
        mine.shape == right.shape
        and abs(mine[0] - right[0]) < 1e-3
        and abs(mine[-1] - right[-1]) < _NEAR * right[-1]
    )


def draws(evidence: Evidence) -> list[str]:
    """The trainings that were asked about hidden questions, in order."""
    return [name for name in evidence.trainings if f"{name}:hidden" in evidence.truth]


def answered(evidence: Evidence, name: str) -> bool:
    """Whether the model of a draw gave a finite number for each person and question."""
    key = f"{name}:hidden"
    outputs = evidence.predictions.get(key)
    return (
        outputs is not None
        and outputs.shape == evidence.truth[key].shape
        and bool(np.isfinite(outputs).all())
    )


def every_draw_answers(evidence: Evidence) -> Verdict:
    """The steps ran on every draw, and each model gave a chance for each person."""
    names = draws(evidence)
    outcomes = {evidence.trainings[name].outcome for name in names}
    if "lost" in outcomes or evidence.replay == "lost":
        return Verdict.unknown(_("A process of the kit was lost. Run it again."))
    if broken := [name for name in names if not answered(evidence, name)]:
        message = _(
            "{broken} of {draws} draws gave no chance for each person; the first is {first}.",
            broken=len(broken),
            draws=len(names),
            first=broken[0],
        )
        return Verdict.failed(message, broken=broken)
    return Verdict.passed(_("All {draws} draws were trained and answered.", draws=len(names)))


def generalizes(evidence: Evidence) -> Verdict:
    """Of the questions held out of all draws, how many are answered right."""
    keys = [f"{name}:hidden" for name in draws(evidence)]
    if not keys:
        return Verdict.unknown(_("No question was held out."))
    shares = [share_right(evidence.predictions[key], evidence.truth[key]) for key in keys]
    mean = float(np.mean(shares))
    message = _(
        "Of {asked} held-out questions in {draws} trainings {right} are answered right, {mean:.1f} of "
        "{each} on average; full points from {full:.1f}.",
        asked=HELD_OUT * len(keys),
        draws=len(keys),
        right=round(HELD_OUT * sum(shares)),
        mean=HELD_OUT * mean,
        each=HELD_OUT,
        full=HELD_OUT * max(CURVE),
    )
    return Verdict.passed(message, share(CURVE, mean), right=mean, by_draw=shares)
