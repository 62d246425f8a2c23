"""Lab 1: what is looked at."""

from __future__ import annotations

import numpy as np
from lab01_gasoline import figures
from lab01_gasoline.folds import errors, fold_names

from labkit.i18n import texts
from labkit.metrics import mean_absolute_error
from labkit.rubric import rules
from labkit.rubric.curves import share
from labkit.rubric.evidence import Evidence
from labkit.rubric.lab import Budget, Check, Figure, Lab
from labkit.rubric.protocol import RepeatedKFold
from labkit.rubric.verdict import Verdict

__all__ = ["CURVE", "LAB", "every_fold_answered", "near_least_squares"]

_ = texts(__file__)

CURVE = {1.05: 1.0, 1.40: 0.0}
"""Mean absolute error as a multiple of that of least squares -> share of the points."""


def every_fold_answered(evidence: Evidence) -> Verdict:
    """The steps ran on every fold, and each model answered with one finite number a row."""
    names = fold_names(evidence)
    if any(evidence.trainings[name].outcome == "lost" for name in names):
        return Verdict.unknown(_("The process of a fold was lost. Run it again."))
    if evidence.replay == "lost":
        return Verdict.unknown(_("The process that asked the models was lost. Run it again."))
    broken = [name for name in names if not _answered(evidence, name)]
    if broken:
        return Verdict.failed(
            _(
                "{broken} of {folds} folds gave no finite number for each row; the first is "
                "{first}.",
                broken=len(broken),
                folds=len(names),
                first=broken[0],
            ),
            broken=broken,
        )
    return Verdict.passed(_("All {folds} folds were trained and answered.", folds=len(names)))


def near_least_squares(evidence: Evidence) -> Verdict:
    """Mean absolute error over the folds, against least squares on the same folds."""
    network, plane, constant = errors(evidence)
    ratio = network.mean() / max(plane.mean(), 1e-9)
    message = _(
        "Mean absolute error over {folds} folds: {network:.1f}. Least squares: {plane:.1f}; "
        "always the mean: {constant:.1f}; full points up to {full:.1f}.",
        folds=len(network),
        network=network.mean(),
        plane=plane.mean(),
        constant=constant.mean(),
        full=min(CURVE) * plane.mean(),
    )
    return Verdict.passed(
        message,
        share(CURVE, ratio),
        mae=float(network.mean()),
        least_squares=float(plane.mean()),
        mean=float(constant.mean()),
        ratio=float(ratio),
    )


def _answered(evidence: Evidence, name: str) -> bool:
    answers = evidence.predictions.get(f"{name}:hidden")
    return (
        answers is not None
        and answers.size == len(evidence.truth[f"{name}:hidden"])
        and bool(np.isfinite(answers).all())
    )
