"""The rules of lab 6: what generated images earn."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from lab06_gan import measures

from labkit.i18n import Text, texts
from labkit.rubric import rules
from labkit.rubric.curves import share
from labkit.rubric.evidence import Evidence
from labkit.rubric.verdict import Status, Verdict

__all__ = ["COMPARED", "CURVES", "ONE_IMAGE", "both_losses", "claims_both", "images", "measured"]
__all__ += ["originals", "varied"]

_ = texts(__file__)

COMPARED = 500
"""Generated images that are compared with one another and with all training images."""

ONE_IMAGE = 1.0
"""Closer together, in grey values of 0 to 1, two images are one; hidden digits keep 1.1 or more."""

CURVES: Mapping[str, Mapping[float, float]] = {
    "coverage": {0.60: 0, 0.78: 1},
    "confidence": {0.65: 0, 0.80: 1},
    "frechet": {45.0: 1, 130.0: 0},
    "variety": {0.02: 1, 0.20: 0},
    "originals": {0.01: 1, 0.10: 0},
    "distance": {2.0: 0, 3.0: 1},
}
"""Measure -> its values -> share of the points. INSTRUCTORS.md says where these numbers come from."""

_LOSSES = ("discriminator_loss", "generator_loss")
_BOTH = "classifier:generated", "classifier:hidden"


def images() -> rules.Rule:
    """The exported generator gives images of 28 × 28 numbers from 0 to 1."""

    def rule(evidence: Evidence) -> Verdict:
        answers = evidence.predictions.get("main:generated")
        if answers is None:
            return _silent(evidence)
        if answers.shape[1:] != (28, 28):
            return Verdict.failed(
                _(
                    "The generator gives arrays of shape {found}; expected (28, 28).",
                    found=answers.shape[1:],
                )
            )
        low, high = float(answers.min()), float(answers.max())
        message = _("Pixels from {low:.3g} to {high:.3g}; expected 0 to 1.", low=low, high=high)
        inside = low >= -1e-3 and high <= 1 + 1e-3  # false where something is not a number
        return Verdict.passed(message) if inside else Verdict.failed(message)

    return rule


def measured(
    name: Text,
    measure: Callable[[np.ndarray, np.ndarray], float],
    curve: Mapping[float, float],
    form: str,
) -> rules.Rule:
    """What the classifier says of generated images, against what it says of real ones.

    Args:
        name: What the measure is called, for the message.
        measure: Function of its answers on generated and on real images.
        curve: Measure -> share of the points, see `labkit.rubric.curves.share`.
        form: How the number is written, a format specification.
    """
    full = next(knot for knot, part in curve.items() if part == 1)

    def rule(evidence: Evidence) -> Verdict:
        if any(key not in evidence.predictions for key in _BOTH):
            return _silent(evidence)
        value = measure(*(evidence.predictions[key] for key in _BOTH))
        message = _(
            "{name}: {value}; full points at {full}.",
            name=name,
            value=format(value, form),
            full=format(full, form),
        )
        return Verdict.passed(message, share(curve, value), value=value)

    return rule


def originals(curve: Mapping[float, float], distance: Mapping[float, float]) -> rules.Rule:
    """Generated images are no copies of training images, and no faded or grainy ones either.

    Args:
        curve: Share of copies -> share of the points.
        distance: Median distance to the nearest training image -> share of the points. The lesser
            share counts.
    """

    def rule(evidence: Evidence) -> Verdict:
        answers = evidence.predictions.get("main:generated")
        if answers is None:
            return _silent(evidence)
        far, _which = measures.nearest(answers[:COMPARED], evidence.rows["main"][0])
        copies, middle = float(np.mean(far < ONE_IMAGE)), float(np.median(far))
        message = _(
            "{copies:.1%} of {count} images are copies; the median distance to the nearest training "
            "image is {middle:.1f}, full points from {full} on.",
            copies=copies,
            count=len(far),
            middle=middle,
            full=f"{max(distance):g}",
        )
        points = min(share(curve, copies), share(distance, middle))
        return Verdict.passed(message, points, value=copies, distance=middle)

    return rule


def varied(curve: Mapping[float, float]) -> rules.Rule:
    """No generated image is another one once more.

    Args:
        curve: Share of images that have a twin -> share of the points.
    """

    def rule(evidence: Evidence) -> Verdict:
        answers = evidence.predictions.get("main:generated")
        if answers is None:
            return _silent(evidence)
        far = measures.twins(answers[:COMPARED])
        alike = float(np.mean(far < ONE_IMAGE))
        message = _(
            "Of {count} images {alike:.1%} are the same as another one; the median distance to the "
            "one most like it is {middle:.1f}.",
            alike=alike,
            count=len(far),
            middle=float(np.median(far)),
        )
        return Verdict.passed(message, share(curve, alike), value=alike)

    return rule


def both_losses() -> rules.Rule:
    """The history has both losses, one number each for every epoch."""

    def rule(evidence: Evidence) -> Verdict:
        ran = rules.step("fit")(evidence)
        if ran.status is not Status.PASSED:
            return ran
        return _has_both(_("The history of fit"), evidence.main.history)

    return rule


def claims_both() -> rules.Rule:
    """`evaluate` returns both losses, which are above 0."""

    def rule(evidence: Evidence) -> Verdict:
        ran = rules.step("evaluate")(evidence)
        if ran.status is not Status.PASSED:
            return ran
        claims = {name: [value] for name, value in evidence.main.claims.items()}
        has = _has_both(_("The dict of evaluate"), claims)
        if has.status is not Status.PASSED:
            return has
        for name in _LOSSES:
            if not claims[name][0] > 0:
                return Verdict.failed(
                    _(
                        "The dict of evaluate: {name} is {found:.3f}; expected more than 0, as every "
                        "softplus is.",
                        name=name,
                        found=claims[name][0],
                    )
                )
        return has

    return rule


def _has_both(what: Text, values: Mapping[str, list[float]]) -> Verdict:
    """Whether both losses are among these values by name, and numbers."""
    for name in _LOSSES:
        if not values.get(name):
            names = ", ".join(values) or "-"
            return Verdict.failed(
                _("{what} has {names}; expected {name} among them.", what=what, names=names, name=name)
            )
        if not np.isfinite(values[name]).all():
            return Verdict.failed(_("{what}: {name} is not a number.", what=what, name=name))
    last = {name: values[name][-1] for name in _LOSSES}
    return Verdict.passed(
        _(
            "{what} has both losses, at the end {discriminator:.3f} and {generator:.3f}.",
            what=what,
            discriminator=last["discriminator_loss"],
            generator=last["generator_loss"],
        ),
        **last,
    )


def _silent(evidence: Evidence) -> Verdict:
    """The verdict where a question has no answer."""
    exported = rules.exports()(evidence)
    if exported.status is not Status.PASSED:
        return exported
    if "classifier:hidden" not in evidence.predictions:
        return Verdict.unknown(_("The kit's classifier gave no answers. Run it again."))
    return Verdict.failed(_("The exported generator gave no images."))
