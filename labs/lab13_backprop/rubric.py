from __future__ import annotations

import numpy as np
from lab13_backprop import figures
from lab13_backprop.cases import RIGHT_BELOW, cases

from labkit.i18n import texts
from labkit.rubric.answers import agrees, holds, without
from labkit.rubric.by_hand import ByHand
from labkit.rubric.evidence import Answer
from labkit.rubric.lab import Budget, Check, Figure, Lab

_ = texts(__file__)

FUNCTIONS = ("hadamard", "step", "forward_one", "forward", "cost", "deltas", "gradients")
FUNCTIONS += ("numerical_gradient", "disagreement", "train", "with_keras")
KERAS = ("with_keras", "half_squared_error")


def _agree(answer: Answer) -> bool:
    """Whether two gradients are the same but for rounding."""
    assert answer.returned is not None
    return bool(answer.returned[0].astype(float) < 1e-6)


def _learns(answer: Answer) -> bool:
    """Whether the last cost is one that four right answers have, and the one it should be."""
    assert answer.returned is not None and answer.expected is not None
    last = float(answer.returned[-1].astype(float)[-1])
    return last < RIGHT_BELOW and bool(np.isclose(last, answer.expected[-1][-1], rtol=1e-3))


LAB = Lab(
    number=13,
    slug="backprop",
    title=_("Several layers, and how mistakes travel back"),
    chapter=_("Foundations: from a neuron to deep networks"),
    order=40,
    minutes=120,
    seconds=5,
    teaches=_("forward and backward in matrices, gradients checked, XOR"),
    builds_on=(11, 12),
    budget=Budget(cpu_seconds=30),
    by_hand=ByHand(FUNCTIONS, cases),
    checks=(
        Check(
            "hadamard",
            title=_("The product ⊙ goes number by number"),
            points=0.5,
            rule=agrees("hadamard"),
            hint=_("Three numbers times three numbers are three numbers here, not their sum."),
        ),
        Check(
            "step",
            title=_("A step goes against the gradient"),
            points=0.5,
            rule=agrees("step"),
            hint=_("If the cost rises with a weight, should the weight become larger or smaller?"),
        ),
        Check(
            "forward_one",
            title=_("One sample goes through all layers"),
            points=0.5,
            rule=agrees("forward_one"),
            hint=_("What does the second layer see: the sample, or what the first layer answered?"),
        ),
        Check(
            "forward",
            title=_("All samples go through at once, and what happens inside is kept"),
            points=1,
            rule=agrees("forward"),
            hint=_(
                "Write the shapes beside each other: (m, inputs) and (neurons, inputs). Which product "
                "gives (m, neurons)? And is the first activation the input itself?"
            ),
        ),
        Check(
            "cost",
            title=_("The cost is half the squared error, averaged over samples"),
            points=0.5,
            rule=agrees("cost"),
            hint=_(
                "Sum over the outputs, mean over the samples: by what do you divide, and how often?"
            ),
        ),
        Check(
            "output_delta",
            title=_("The last layer's δ is its error times its slope"),
            points=0.5,
            needs=("forward",),
            rule=agrees("deltas", ("one_layer",), atol=1e-9),
            hint=_("Which way round is the difference, and is the slope taken at z or at a?"),
        ),
        Check(
            "hidden_deltas",
            title=_("Each layer's δ comes from the layer behind it"),
            points=1,
            needs=("output_delta",),
            rule=agrees("deltas", ("worked_example", "xor", "deep"), atol=1e-9),
            hint=_(
                "An error goes back along the weights it came by: which weights lie between this "
                "layer and the next? And whose slope belongs to it?"
            ),
        ),
        Check(
            "gradients",
            title=_("Gradients for all weights and biases"),
            points=1,
            needs=("hidden_deltas",),
            rule=agrees("gradients", atol=1e-9),
            hint=_(
                "A weight joins an activation in front of it with a δ behind it. Is your gradient the "
                "mean over the samples, as the cost is?"
            ),
        ),
        Check(
            "numerical_gradient",
            title=_("The same by finite differences"),
            points=1,
            needs=("forward", "cost"),
            rule=agrees("numerical_gradient", atol=1e-9),
            hint=_(
                "One number moves at a time, to both sides, and afterwards it is back in its place."
            ),
        ),
        Check(
            "disagreement",
            title=_("How far the two are apart, as a share of their lengths"),
            points=0.5,
            needs=("gradients", "numerical_gradient"),
            rule=agrees("disagreement", ("coarse",)),
            hint=_("With h = 0.5 the two do differ. A length is a root of a sum of squares."),
        ),
        Check(
            "agree",
            title=_("With a small h they agree"),
            points=0.5,
            needs=("disagreement",),
            rule=holds(
                "disagreement", _agree, _("with h = 0.00001 it should be below 0.000001."), ("fine",)
            ),
            hint=_("Do you hand on the h that you are given?"),
        ),
        Check(
            "train",
            title=_("Weights, biases and costs are right after every epoch"),
            points=1,
            needs=("step", "cost", "gradients"),
            rule=agrees("train", ("deep",)),
            hint=_(
                "All gradients of an epoch belong to the same weights. And the first cost is that of "
                "the network as it was given."
            ),
        ),
        Check(
            "xor",
            title=_("It learns XOR"),
            points=0.5,
            needs=("train",),
            rule=holds(
                "train",
                _learns,
                _("from this start the last cost should be below 1/32: all four answers right."),
                ("xor",),
            ),
            hint=_("Do you make all the epochs you are asked for? The cost hardly falls at first."),
        ),
        Check(
            "with_keras",
            title=_("Keras, from the same start, arrives at the same place"),
            points=0.5,
            rule=agrees("with_keras", rtol=1e-4, atol=1e-5, made_with="keras"),
            hint=_(
                "A kernel of Keras is (inputs, neurons). Do cost, rate and number of rows in a batch "
                "match as well?"
            ),
        ),
        Check(
            "own_work",
            title=_("Forward and backward are written out"),
            points=0.5,
            needs=("hadamard", "forward_one", "gradients", "numerical_gradient"),
            rule=without(
                "tensorflow", "keras", "torch", "jax", "autograd", "scipy", "sklearn", besides=KERAS
            ),
            hint=_("The chain rule and products of matrices are all the machinery there is."),
        ),
    ),
    figures=(
        Figure(
            "plane",
            title=_("How the hidden layer bends the plane"),
            draw=figures.plane,
            caption=_(
                "Shaded: the network says 1. Circles (01, 10) should be 1, squares 0. Left, the lines "
                "that your two hidden neurons draw. What they make of a grid between the corners is a "
                "sheet at the start; trained, it is folded, and one straight line parts circles from "
                "squares."
            ),
        ),
        Figure(
            "costs",
            title=_("Cost by epoch"),
            draw=figures.costs,
            caption=_(
                "Two starts, the same rule. The second runs into a flat valley at 1/12: right about "
                "one corner, and one and the same answer to the other three."
            ),
        ),
    ),
)
