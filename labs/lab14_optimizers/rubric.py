from __future__ import annotations

import numpy as np
from lab14_optimizers import figures
from lab14_optimizers.cases import cases

from labkit.i18n import texts
from labkit.rubric.answers import agrees, holds, without
from labkit.rubric.by_hand import ByHand
from labkit.rubric.evidence import Answer, Evidence
from labkit.rubric.lab import Budget, Check, Figure, Lab
from labkit.rubric.verdict import Status, Verdict

_ = texts(__file__)

FUNCTIONS = ("cost", "gradient", "curvature", "greatest_rate", "descend", "mini_batches", "momentum")
FUNCTIONS += ("rmsprop", "adam", "with_keras")
READY = ("tensorflow", "keras", "torch", "jax", "scipy", "sklearn")

_LOOSE = {"rtol": 1e-3, "atol": 1e-4}
"""Where gradients are not tiny, the place of an epsilon makes at most a tenth of this difference."""


def _falls(answer: Answer) -> bool:
    """Whether the path begins at the start and no step raises the cost."""
    assert answer.returned is not None
    start, x, y = answer.arguments[:3]
    path = answer.returned[0].astype(float)
    rises = np.diff(figures.costs_along(path, x, y))
    return np.allclose(path[0], start) and bool((rises <= 1e-6).all())


def _epsilon(evidence: Evidence) -> Verdict:
    """RMSprop and Adam are right where gradients are as small as EPSILON."""
    tiny = {"rmsprop": ("tiny_gradients",)}
    tiny["adam"] = ("tiny_gradients_plain", "tiny_gradients_corrected")
    verdicts = [agrees(function, names, rtol=1e-4)(evidence) for function, names in tiny.items()]
    lost = [verdict for verdict in verdicts if verdict.status is not Status.PASSED]
    return (lost or verdicts)[0]


LAB = Lab(
    number=14,
    slug="optimizers",
    title=_("Ways down"),
    chapter=_("Foundations: from a neuron to deep networks"),
    order=50,
    minutes=100,
    seconds=5,
    teaches=_("momentum, RMSprop, Adam, rates too small and too large"),
    builds_on=(13,),
    budget=Budget(cpu_seconds=30),
    by_hand=ByHand(FUNCTIONS, cases),
    checks=(
        Check(
            "cost",
            title=_("The cost is the mean of the squared errors"),
            points=0.5,
            rule=agrees("cost"),
            hint=_("Is it a sum or a mean? And does this one have a half?"),
        ),
        Check(
            "gradient",
            title=_("Its gradient carries the 2 and the 1/m"),
            points=0.5,
            rule=agrees("gradient"),
            hint=_("The cost is a mean over the rows. What becomes of its 1/m when you differentiate?"),
        ),
        Check(
            "curvature",
            title=_("How the gradient changes with the weights"),
            points=0.5,
            rule=agrees("curvature"),
            hint=_("A number for each pair of weights: (n, n). Which product of x with itself has it?"),
        ),
        Check(
            "greatest_rate",
            title=_("The steepest direction sets the greatest rate"),
            points=0.5,
            rule=agrees("greatest_rate"),
            hint=_(
                "In one dimension, with curvature 2, a step of rate 1 leads just as far to the other "
                "side. In more dimensions the axes need not be the steepest direction."
            ),
        ),
        Check(
            "falls",
            title=_("Down the gradient the cost falls with every step"),
            points=0.5,
            needs=("gradient",),
            rule=holds(
                "descend",
                _falls,
                _("the path should begin at the start, and no step raise the cost."),
                ("worked_example", "hidden", "too_small", "right"),
            ),
            hint=_("Is a step made along the gradient or against it, and with the latest gradient?"),
        ),
        Check(
            "descend",
            title=_("Every step of descent is right, with a rate too large as well"),
            points=1,
            needs=("falls",),
            rule=agrees("descend"),
            hint=_(
                "Do you make every step you are asked for, even where it leads nowhere good? And are "
                "the earlier rows of your path still what they were when you added them?"
            ),
        ),
        Check(
            "stochastic",
            title=_("Stochastic: a step for each row, in the order given"),
            points=0.5,
            needs=("gradient",),
            rule=agrees("mini_batches", ("worked_example", "one_row", "valley_one")),
            hint=_("The orders name the rows to take. How many steps are there in an epoch of size 1?"),
        ),
        Check(
            "mini_batch",
            title=_("Mini-batches: a step for every few rows"),
            points=0.5,
            needs=("stochastic",),
            rule=agrees("mini_batches", ("four_rows", "all_rows", "valley_five")),
            hint=_("Each batch has a mean of its own. Over how many rows?"),
        ),
        Check(
            "rows_left_over",
            title=_("Rows left over at the end make a smaller batch"),
            points=0.5,
            needs=("mini_batch",),
            rule=agrees("mini_batches", ("rows_left_over", "fewer_rows")),
            hint=_("Twelve rows, five to a batch: what happens to the last two?"),
        ),
        Check(
            "momentum",
            title=_("Momentum keeps some of its velocity"),
            points=1,
            needs=("gradient",),
            rule=agrees("momentum"),
            hint=_(
                "With a constant gradient the velocity should grow towards -rate g / (1 - beta). Does "
                "yours? Which way does it point?"
            ),
        ),
        Check(
            "rmsprop",
            title=_("RMSprop divides by the root of a running mean of squares"),
            points=1,
            needs=("gradient",),
            rule=agrees("rmsprop", ("worked_example", "hidden", "valley"), **_LOOSE),
            hint=_("What share of the mean is old and what share new? Does the step use the new mean?"),
        ),
        Check(
            "adam",
            title=_("Adam as usually printed: two running means, no correction"),
            points=1,
            needs=("gradient",),
            rule=agrees("adam", ("worked_example_plain", "hidden_plain", "valley_plain"), **_LOOSE),
            hint=_(
                "Which of the two means is of gradients, which of squares, and which root is taken?"
            ),
        ),
        Check(
            "corrected",
            title=_("Corrected as in Keras, its first step is as long as the rate"),
            points=0.5,
            needs=("adam",),
            rule=agrees(
                "adam", ("worked_example_corrected", "hidden_corrected", "valley_corrected"), **_LOOSE
            ),
            hint=_("At t = 1 the factor is √(1 - c) / (1 - b). What is it after very many steps?"),
        ),
        Check(
            "epsilon",
            title=_("Epsilon stands where Keras has it"),
            points=0.5,
            needs=("rmsprop", "adam"),
            rule=_epsilon,
            hint=_("Under the root in one of the two and beside it in the other: which is which?"),
        ),
        Check(
            "with_keras",
            title=_("Keras' own optimizers go the same ways"),
            points=0.5,
            rule=agrees("with_keras", rtol=1e-3, atol=1e-4, made_with="keras"),
            hint=_(
                "Does the layer begin with the start, has it no bias, and does every step see all rows?"
            ),
        ),
        Check(
            "own_work",
            title=_("The ways are written out"),
            points=0.5,
            needs=("gradient", "descend", "momentum", "rmsprop", "adam"),
            rule=without(*READY, besides=("with_keras",)),
            hint=_("Running means, products and roots of NumPy are all it takes."),
        ),
    ),
    figures=(
        Figure(
            "paths",
            title=_("Six ways through a long valley"),
            draw=figures.paths,
            caption=_(
                "Lines of equal cost; a cross marks the bottom. Left, all rows in every step. In the "
                "middle, few rows: the same way down, but no rest at the bottom. Right, each weight "
                "has a scale of its own, so steep and flat start at one pace; uncorrected Adam leaps."
            ),
        ),
        Figure(
            "costs",
            title=_("Cost by step"),
            draw=figures.costs,
            caption=_(
                "How far the cost is above the lowest there is; each mark down is a tenth. Straight "
                "lines are good news: every step gains the same share."
            ),
        ),
        Figure(
            "rates",
            title=_("Rates too small, right and too large"),
            draw=figures.rates,
            caption=_(
                "Shares of the greatest rate that does not diverge. Above it the way across the valley "
                "grows with every step (20 of them are on the map). Below it all distances shrink, but "
                "along the valley slowly at any rate: hence momentum."
            ),
        ),
    ),
)
