from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from lab12_activations import figures
from lab12_activations.cases import COSTS, NAMES, cases

from labkit.i18n import texts
from labkit.rubric.answers import agrees, holds, without
from labkit.rubric.by_hand import ByHand
from labkit.rubric.evidence import Answer, Evidence
from labkit.rubric.lab import Budget, Check, Figure, Lab
from labkit.rubric.verdict import Status, Verdict

_ = texts(__file__)

_SHOWN = ("worked_example", "curve", "hidden")
_HEADS = ("head", "with_keras")
_KINDS = ("binary", "categorical")


def _of(names: Sequence[str], *cases: str) -> tuple[str, ...]:
    """The cases of some names."""
    return tuple(f"{name}_{case}" for name in names for case in cases)


def _given(place: int) -> Callable[[Answer], bool]:
    """Whether what Keras made of the head is right: the layer's outputs at 0, the cost at 1."""

    def same(answer: Answer) -> bool:
        assert answer.returned is not None and answer.expected is not None
        mine, right = answer.returned[place], answer.expected[place]
        return mine.shape == right.shape and bool(np.allclose(mine, right, rtol=1e-4, atol=1e-5))

    return same


def _written_out(evidence: Evidence) -> Verdict:
    """No library's activation or cost stands in for one; Keras makes the heads."""
    ready = ("numpy.tanh", "numpy.heaviside", "math.tanh", "cmath", "scipy", "sklearn", "tensorflow")
    ready += ("torch", "jax", "keras.activations", "keras.ops")
    anywhere = without(*ready, besides=_HEADS)(evidence)
    if anywhere.status is not Status.PASSED:
        return anywhere
    return without("keras", besides=(*_HEADS, ""))(evidence)


LAB = Lab(
    number=12,
    slug="activations",
    title=_("Activations and costs"),
    chapter=_("Foundations: from a neuron to deep networks"),
    order=30,
    minutes=120,
    seconds=5,
    teaches=_("activations with their slopes, costs, which head goes with which"),
    builds_on=(11,),
    budget=Budget(cpu_seconds=30),
    by_hand=ByHand(
        (
            "activate",
            "slope",
            "maxout",
            "softmax",
            "softmax_jacobian",
            "regression_cost",
            "regression_slope",
            "cross_entropy",
            "cross_entropy_of_net",
            "cross_entropy_slope",
            "with_keras",
        ),
        cases,
    ),
    checks=(
        Check(
            "step",
            title=_("Identity and step, whose value at 0 is 0"),
            points=0.5,
            rule=agrees("activate", _of(("linear", "step"), *_SHOWN, "at_0")),
            hint=_("Is 0 above 0? The docstring says which of the two values the step has there."),
        ),
        Check(
            "smooth",
            title=_("Sigmoid and hyperbolic tangent"),
            points=0.5,
            rule=agrees("activate", _of(("sigmoid", "tanh"), *_SHOWN, "at_0")),
            hint=_("One runs from 0 to 1, the other from -1 to 1. What is each of them at 0?"),
        ),
        Check(
            "rectified",
            title=_("ReLU, leaky ReLU and ELU"),
            points=0.5,
            rule=agrees("activate", _of(("relu", "leaky_relu", "elu"), *_SHOWN, "at_0")),
            hint=_("Above 0 all three are z. How does each go on below, and do the parts meet at 0?"),
        ),
        Check(
            "far_out",
            title=_("All of them hold out at -1000 and 1000"),
            points=0.5,
            needs=("step", "smooth", "rectified"),
            rule=agrees("activate", _of(NAMES, "far")),
            hint=_("Infinity divided by infinity is no number. Which exp() became infinite?"),
        ),
        Check(
            "slopes",
            title=_("Each has its slope"),
            points=0.5,
            needs=("step", "smooth", "rectified"),
            rule=agrees("slope", _of(NAMES, *_SHOWN)),
            hint=_("z is the net input. Compute the activation first where the slope follows from it."),
        ),
        Check(
            "kinks",
            title=_("At the kinks and far out, too"),
            points=0.5,
            needs=("far_out", "slopes"),
            rule=agrees("slope", _of(NAMES, "at_0", "far")),
            hint=_("At 0 two slopes meet. The docstring says which of them counts."),
        ),
        Check(
            "maxout",
            title=_("Maxout hands its slope to the winner"),
            points=0.5,
            rule=agrees("maxout"),
            hint=_("Each row has its own largest. What if there are two of them, or three?"),
        ),
        Check(
            "softmax",
            title=_("The softmax makes probabilities of each row"),
            points=0.5,
            rule=agrees("softmax", _SHOWN),
            hint=_("What should each row sum to? Along which axis does your sum run?"),
        ),
        Check(
            "softmax_far",
            title=_("It does so for net inputs like 1000, 1001, 1002"),
            points=0.5,
            needs=("softmax",),
            rule=agrees("softmax", ("far",)),
            hint=_("Subtract something from the row before exp(). A row of its own: what suits it?"),
        ),
        Check(
            "jacobian",
            title=_("Each probability depends on each net input"),
            points=0.5,
            needs=("softmax",),
            rule=agrees("softmax_jacobian"),
            hint=_("Raising one net input lowers the other probabilities. What does a row sum to?"),
        ),
        Check(
            "errors",
            title=_("MSE, MAE and Huber weigh errors"),
            points=0.5,
            rule=agrees("regression_cost"),
            hint=_("Where Huber's two parts meet, at |e| = delta, they should be equal. Are yours?"),
        ),
        Check(
            "error_slopes",
            title=_("The slope of a mean carries 1 / n"),
            points=0.5,
            rule=agrees("regression_slope"),
            hint=_(
                "How much of the mean is each error's? Count all numbers, not rows. And what is the "
                "slope where the error is 0?"
            ),
        ),
        Check(
            "cross_entropy",
            title=_("The cross-entropy of probabilities"),
            points=0.5,
            rule=agrees("cross_entropy", _of(_KINDS, "worked_example", "hidden"), atol=1e-6),
            hint=_(
                "A logarithm of a probability is negative, a cost is not. And is the mean over all "
                "numbers, or over rows?"
            ),
        ),
        Check(
            "certain",
            title=_("It takes probabilities of exactly 0 and 1"),
            points=0.5,
            needs=("cross_entropy",),
            rule=agrees("cross_entropy", _of(_KINDS, "certain"), atol=1e-6),
            hint=_("Two logarithms can go wrong, one at p = 0 and one at p = 1. TINY is for both."),
        ),
        Check(
            "nets",
            title=_("The cross-entropy of net inputs"),
            points=0.5,
            rule=agrees("cross_entropy_of_net", _of(_KINDS, "worked_example", "hidden")),
            hint=_("It is the same cost, written without the probability. Put one into the other."),
        ),
        Check(
            "nets_far",
            title=_("It is exact for net inputs of -1000 and 1000"),
            points=0.5,
            needs=("nets",),
            rule=agrees("cross_entropy_of_net", _of(_KINDS, "far")),
            hint=_("Once a probability has become 0, its logarithm is lost. Simplify before exp()."),
        ),
        Check(
            "nets_slope",
            title=_("Its slope is probability minus truth"),
            points=0.5,
            needs=("far_out", "softmax_far"),
            rule=agrees("cross_entropy_slope"),
            hint=_("Too high a probability: should the slope be positive? And a mean over how many?"),
        ),
        Check(
            "head",
            title=_("head() has an activation for each kind of problem"),
            points=0.5,
            rule=holds(
                "with_keras",
                _given(0),
                _("the layer gives other numbers than the head for this problem should."),
            ),
            hint=_("Must the outputs sum to 1? May each be any number, or any probability?"),
        ),
        Check(
            "loss",
            title=_("head() has a loss for each kind of problem"),
            points=0.5,
            needs=("head",),
            rule=holds(
                "with_keras",
                _given(1),
                _("the loss is another than the one that fits this problem."),
            ),
            hint=_("Which costs compare probabilities, and is the truth one class or several labels?"),
        ),
        Check(
            "own_work",
            title=_("The functions are written out"),
            points=0.5,
            needs=("smooth", "rectified", "softmax", "errors", "cross_entropy"),
            rule=_written_out,
            hint=_("Exponentials, logarithms, sums and comparisons are all it takes."),
        ),
    ),
    figures=(
        Figure(
            "activations",
            title=_("Activations and their slopes"),
            draw=figures.activations,
            caption=_(
                "Where the slope is 0, nothing is learned. Look where each of them has any: the step "
                "nowhere, sigmoid and tanh near 0, the ReLU from 0 on, leaky ReLU and ELU below too."
            ),
        ),
        Figure(
            "errors",
            title=_("What an error costs, and how hard it pulls"),
            draw=figures.errors,
            caption=_(
                "Under the squared error an outlier pulls hardest; under the absolute error all errors "
                "pull alike, however small. Huber's cost is the first near 0 and the second far out."
            ),
        ),
        Figure(
            "certainty",
            title=_("A neuron that should say 1"),
            draw=figures.certainty,
            caption=_(
                "On the left the neuron is certain and wrong. There the cross-entropy is steepest; "
                "the squared error is flat, and such a neuron would not learn."
            ),
        ),
    ),
)
