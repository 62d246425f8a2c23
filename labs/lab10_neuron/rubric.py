from __future__ import annotations

from collections.abc import Callable

import numpy as np
from lab10_neuron import figures
from lab10_neuron.cases import CORNERS, RIGHT, TABLES, WRONG, cases

from labkit.i18n import texts
from labkit.rubric.answers import agrees, holds, without
from labkit.rubric.by_hand import ByHand
from labkit.rubric.evidence import Answer
from labkit.rubric.lab import Budget, Check, Figure, Lab

_ = texts(__file__)


def _computes(*names: str) -> Callable[[Answer], bool]:
    """Whether each gate of those names answers as its table says."""

    def condition(answer: Answer) -> bool:
        gates = np.vstack(answer.returned)
        if gates.shape != (len(TABLES), 3):
            return False
        answers = dict(zip(TABLES, gates[:, :2] @ np.transpose(CORNERS) + gates[:, 2:] > 0))
        return all(np.array_equal(answers[name], TABLES[name]) for name in names)

    return condition


LAB = Lab(
    number=10,
    slug="neuron",
    title=_("One neuron that learns"),
    chapter=_("Foundations: from a neuron to deep networks"),
    order=10,
    minutes=60,
    seconds=4,
    teaches=_("Hebb's rule, the perceptron, logic gates"),
    budget=Budget(cpu_seconds=30),
    by_hand=ByHand(("step", "neuron", "hebb", "perceptron_step", "perceptron", "gates"), cases),
    checks=(
        Check(
            "step",
            title=_("step() is 1 above 0, and 0 elsewhere"),
            points=1,
            rule=agrees("step"),
            hint=_("What does your function say of exactly 0? Read its docstring again."),
        ),
        Check(
            "neuron",
            title=_("neuron() answers every row at once"),
            points=1,
            needs=("step",),
            rule=agrees("neuron"),
            hint=_("x has a row for each sample. Which side of the product do the weights stand on?"),
        ),
        Check(
            "hebb",
            title=_("Hebb's rule gives the weights of the worked example"),
            points=1,
            rule=agrees("hebb", ("worked_example", "exercise")),
            hint=_("Only rows whose answer is not 0 move the weights. By how much, and where to?"),
        ),
        Check(
            "hebb_hidden",
            title=_("It goes on from any weights, with answers of either sign"),
            points=1,
            needs=("hebb",),
            rule=agrees("hebb", ("hidden",)),
            hint=_("Which weights do you begin with? And what does an answer of -1 do?"),
        ),
        Check(
            "right_answers",
            title=_("A right answer moves nothing"),
            points=1,
            needs=("step",),
            rule=agrees("perceptron_step", tuple(RIGHT)),
            hint=_(
                "The error is the answer that should be minus the answer that is. What if they agree?"
            ),
        ),
        Check(
            "wrong_answers",
            title=_("A wrong answer moves weights and bias towards the right one"),
            points=1,
            needs=("step",),
            rule=agrees("perceptron_step", tuple(WRONG)),
            hint=_(
                "After the step, is the net input of this row larger or smaller? Which should it be?"
            ),
        ),
        Check(
            "perceptron",
            title=_("The perceptron finds a line where there is one"),
            points=1.5,
            needs=("right_answers", "wrong_answers"),
            rule=agrees("perceptron", ("and", "separable")),
            hint=_("Begin at zero, go through the rows in order, and stop behind a flawless epoch."),
        ),
        Check(
            "xor",
            title=_("Where there is none, it ends after the epochs it was given"),
            points=1,
            needs=("perceptron",),
            rule=agrees("perceptron", ("xor",)),
            hint=_("How many states are there after 12 epochs, the first one counted?"),
        ),
        Check(
            "gates",
            title=_("One neuron computes AND, one OR"),
            points=0.5,
            rule=holds(
                "gates", _computes("AND", "OR"), _("AND or OR is wrong for one of the four rows.")
            ),
            hint=_("Draw the four corners of a square. Where does the line lie for AND, where for OR?"),
        ),
        Check(
            "not",
            title=_("With negative weights, NAND and NOT"),
            points=0.5,
            rule=holds(
                "gates", _computes("NAND", "NOT"), _("NAND or NOT is wrong for one of the four rows.")
            ),
            hint=_("NAND is the opposite of AND: what does the other sign of a net input mean?"),
        ),
        Check(
            "own_work",
            title=_("The functions are written out"),
            points=0.5,
            needs=("neuron", "hebb", "wrong_answers"),
            rule=without("scipy", "sklearn", "tensorflow", "keras", "torch", "jax"),
            hint=_("Comparisons, products and sums are all it takes."),
        ),
    ),
    figures=(
        Figure(
            "line",
            title=_("The line moves"),
            draw=figures.line,
            caption=_(
                "Where the net input is 0, after some epochs. The last line should part all the points."
            ),
        ),
        Figure(
            "mistakes",
            title=_("Mistakes by epoch"),
            draw=figures.mistakes,
            caption=_("Left they end: the number of corrections has a bound. Right they never will."),
        ),
    ),
)
