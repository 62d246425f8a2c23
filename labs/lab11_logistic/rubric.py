from __future__ import annotations

import numpy as np
from lab11_logistic import figures
from lab11_logistic.cases import cases

from labkit.i18n import texts
from labkit.rubric.answers import agrees, holds, without
from labkit.rubric.by_hand import ByHand
from labkit.rubric.evidence import Answer
from labkit.rubric.lab import Budget, Check, Figure, Lab

_ = texts(__file__)

FUNCTIONS = ("sigmoid", "sigmoid_slope", "standardize", "likelihood", "cross_entropy", "gradient")
FUNCTIONS += ("descend", "confusion", "scores")


def _falls(answer: Answer) -> bool:
    """Whether the costs begin at ln 2 and never rise."""
    assert answer.returned is not None
    costs = answer.returned[2].astype(float)
    return abs(costs[0] - np.log(2)) < 1e-5 and bool((np.diff(costs) <= 1e-6).all())


def _arrives(answer: Answer) -> bool:
    """Whether weights, bias and cost are those of the minimum, which is never quite reached."""
    assert answer.returned is not None and answer.expected is not None
    weights, bias, costs = (np.asarray(array, dtype=float) for array in answer.returned)
    line, lowest = np.append(weights, bias), answer.expected[2]
    near = np.allclose(line, np.append(*answer.expected[:2]), rtol=0.02, atol=0.02)
    return near and abs(costs[-1] - lowest) < 1e-4


LAB = Lab(
    number=11,
    slug="logistic",
    title=_("One neuron as a probability"),
    chapter=_("Foundations: from a neuron to deep networks"),
    order=20,
    minutes=90,
    seconds=5,
    teaches=_("cross-entropy, gradient descent, precision and recall"),
    builds_on=(10,),
    budget=Budget(cpu_seconds=30),
    by_hand=ByHand(FUNCTIONS, cases),
    checks=(
        Check(
            "sigmoid",
            title=_("The sigmoid makes probabilities of net inputs"),
            points=0.5,
            rule=agrees("sigmoid", ("curve", "table")),
            hint=_("What is it at 0, and on which side of 0 is it near 1?"),
        ),
        Check(
            "stable",
            title=_("It does so for -1000 and 1000 as well"),
            points=0.5,
            needs=("sigmoid",),
            rule=agrees("sigmoid", ("extreme",), atol=1e-12),
            hint=_(
                "exp(-z) is safe for z from 0 on, exp(z) below 0. What does np.abs make of the two?"
            ),
        ),
        Check(
            "slope",
            title=_("Its slope follows from its value"),
            points=0.5,
            needs=("sigmoid",),
            rule=agrees("sigmoid_slope", atol=1e-10),
            hint=_(
                "z is a net input, not yet a probability. Where is the curve steepest, and how steep?"
            ),
        ),
        Check(
            "standardize",
            title=_("Each column of scores has mean 0 and deviation 1"),
            points=0.5,
            rule=agrees("standardize", ("applicants", "hidden")),
            hint=_("One mean for each column. And is the mean square divided by m or by m - 1?"),
        ),
        Check(
            "constant",
            title=_("A column that never varies does no harm"),
            points=0.5,
            needs=("standardize",),
            rule=agrees("standardize", ("constant",)),
            hint=_("What is 0 / 0, and what should such a column become?"),
        ),
        Check(
            "likelihood",
            title=_("The likelihood is a product with a factor for each answer"),
            points=0.5,
            rule=agrees("likelihood", atol=1e-12),
            hint=_("What did the neuron say of an answer 0, if its chance of a 1 was 0.4?"),
        ),
        Check(
            "cost",
            title=_("The cross-entropy is minus the mean of the logarithms"),
            points=1,
            needs=("sigmoid",),
            rule=agrees("cross_entropy", ("untrained", "hidden")),
            hint=_(
                "An untrained neuron says 0.5 of everyone. Its cost is ln 2: positive, whatever m is."
            ),
        ),
        Check(
            "certain",
            title=_("Being certain and wrong costs much, but not infinity"),
            points=0.5,
            needs=("cost",),
            rule=agrees("cross_entropy", ("certain", "certain_and_wrong")),
            hint=_(
                "The logarithm of a sigmoid that is 0 is lost. Simplify ln(1 / (1 + exp(-z))) first."
            ),
        ),
        Check(
            "gradient",
            title=_("The gradient is the mean of differences times inputs"),
            points=1,
            needs=("sigmoid",),
            rule=agrees("gradient"),
            hint=_(
                "Which way round is the difference? If the neuron said too much, the slope is positive."
            ),
        ),
        Check(
            "falls",
            title=_("Descending, the cost falls from ln 2 on"),
            points=0.5,
            needs=("cost", "gradient"),
            rule=holds(
                "descend",
                _falls,
                _("the costs should begin at ln 2 = 0.693 and never rise."),
                ("worked_example", "applicants", "raw_scores"),
            ),
            hint=_(
                "Do you begin with zero weights? And does a step go against the gradient or along it?"
            ),
        ),
        Check(
            "descend",
            title=_("Weights, bias and costs are right after every number of steps"),
            points=1,
            needs=("falls",),
            rule=agrees("descend", ("worked_example", "applicants", "raw_scores")),
            hint=_("Compute both parts of the gradient before you change either weights or bias."),
        ),
        Check(
            "arrives",
            title=_("After many steps it has found the likeliest line"),
            points=0.5,
            needs=("falls",),
            rule=holds(
                "descend",
                _arrives,
                _("weights, bias or cost are not yet those of the minimum."),
                ("to_the_end",),
            ),
            hint=_("Do you make all the steps you are asked for, however little each of them gains?"),
        ),
        Check(
            "confusion",
            title=_("The confusion matrix counts all four cases"),
            points=1,
            rule=agrees("confusion"),
            hint=_(
                "Rows are what is true, columns what the neuron says. And what of exactly one half?"
            ),
        ),
        Check(
            "scores",
            title=_("Accuracy, precision, recall and F follow from it"),
            points=0.5,
            rule=agrees("scores", ("worked_example", "hidden")),
            hint=_(
                "Precision looks down the column of those it said 1 to, recall along the row of ones."
            ),
        ),
        Check(
            "undefined",
            title=_("Where they would be 0 / 0 they are 0"),
            points=0.5,
            needs=("scores",),
            rule=agrees("scores", ("nobody_admitted", "nobody_was")),
            hint=_("What if the neuron says 1 to nobody? What if nobody is a 1? And what is F then?"),
        ),
        Check(
            "own_work",
            title=_("The functions are written out"),
            points=0.5,
            needs=("sigmoid", "standardize", "cost", "gradient", "scores"),
            rule=without("scipy", "sklearn", "tensorflow", "keras", "torch", "jax"),
            hint=_("Exponentials, logarithms, means and counts are all it takes."),
        ),
    ),
    figures=(
        Figure(
            "boundary",
            title=_("Who is admitted"),
            draw=figures.boundary,
            caption=_(
                "Your neuron's chances by exam scores. The likeliest line is right about 89 of 100: "
                "where two who are alike were treated differently, no line helps."
            ),
        ),
        Figure(
            "costs",
            title=_("Cost by step, with scaled scores and without"),
            draw=figures.costs,
            caption=_(
                "The same data, as many steps. With raw scores the rate has to be tiny, or the cost "
                "leaps up and down; so most of the way is never made."
            ),
        ),
        Figure(
            "curve",
            title=_("The sigmoid and its slope"),
            draw=figures.curve,
            caption=_(
                "Far from 0 the curve is flat. In the gradient the cross-entropy makes up for it; "
                "a squared error would not."
            ),
        ),
    ),
)
