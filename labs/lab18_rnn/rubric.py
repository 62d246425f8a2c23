from __future__ import annotations

import numpy as np
from lab18_rnn import figures
from lab18_rnn.cases import DELAY, cases

from labkit.i18n import texts
from labkit.rubric.answers import agrees, holds, without
from labkit.rubric.by_hand import ByHand
from labkit.rubric.evidence import Answer
from labkit.rubric.lab import Budget, Check, Figure, Lab

_ = texts(__file__)

FUNCTIONS = ("unroll", "ordered_derivatives", "backward", "gradient", "truncated", "influence", "clip")
FUNCTIONS += ("train", "run_ahead", "universal", "with_keras")

_READY = ("keras", "tensorflow", "torch", "jax", "scipy", "sklearn")
_READY += ("numpy.linalg.inv", "numpy.linalg.pinv", "numpy.linalg.solve", "numpy.linalg.lstsq")


def _learns(answer: Answer) -> bool:
    """Whether the cost has all but gone, and bits that it never heard are echoed."""
    assert answer.returned is not None
    costs = answer.returned[5].astype(float)
    said, right = figures.echoes(answer)
    echoed = bool((said * right > 0)[DELAY:].all())
    return len(costs) == answer.arguments[-1] + 1 and costs[-1] < 0.05 * costs[0] and echoed


LAB = Lab(
    number=18,
    slug="rnn",
    title=_("Recurrence by hand"),
    chapter=_("Sequences and memory"),
    order=140,
    minutes=150,
    seconds=10,
    teaches=_("unrolling, backpropagation through time, clipping, teacher forcing"),
    builds_on=(13, 14),
    budget=Budget(cpu_seconds=60),
    by_hand=ByHand(FUNCTIONS, cases),
    checks=(
        Check(
            "unroll",
            title=_("States and outputs follow each other, step by step"),
            points=0.5,
            rule=agrees("unroll", rtol=1e-4, atol=1e-6),
            hint=_("Which state does a step start from, and which one does its output read?"),
        ),
        Check(
            "ordered",
            title=_("Ordered derivatives count every way through a system"),
            points=1,
            rule=agrees("ordered_derivatives"),
            hint=_(
                "In the worked example z1 acts on z3 by two ways. Where you need the derivative of "
                "a later quantity, is it final already?"
            ),
        ),
        Check(
            "deltas",
            title=_("Errors go back in time"),
            points=1,
            rule=agrees("backward", rtol=1e-4, atol=1e-6),
            hint=_(
                "A state acts in two places. And of which step is the slope that both have to pass?"
            ),
        ),
        Check(
            "gradient",
            title=_("The gradient of a shared weight is a sum over all steps"),
            points=1,
            needs=("unroll", "deltas"),
            rule=agrees("gradient", rtol=1e-4, atol=1e-6),
            hint=_("What did each weight multiply in step t? A state, an input, and of which step?"),
        ),
        Check(
            "truncated",
            title=_("Truncated, it goes back to the edge of a window and no further"),
            points=1,
            needs=("gradient",),
            rule=agrees("truncated", rtol=1e-4, atol=1e-6),
            hint=_(
                "The state crosses the edge, its derivative does not. Is every step in a window, and "
                "in only one?"
            ),
        ),
        Check(
            "influence",
            title=_("Influence vanishes or explodes with the distance"),
            points=0.5,
            rule=agrees("influence", rtol=1e-4, atol=1e-9),
            hint=_("Matrices do not commute. In which order does the chain rule multiply them?"),
        ),
        Check(
            "clip",
            title=_("A gradient too long is shortened and keeps its direction"),
            points=0.5,
            rule=agrees("clip", ("worked_example", "large"), rtol=1e-4),
            hint=_("There is one norm and one factor for all arrays together."),
        ),
        Check(
            "untouched",
            title=_("One that is not too long stays as it is"),
            points=0.5,
            needs=("clip",),
            rule=agrees("clip", ("small", "zero"), rtol=1e-4),
            hint=_("Clipping never makes anything longer. And what is the norm of zeros?"),
        ),
        Check(
            "steps",
            title=_("Training makes the right steps"),
            points=0.5,
            needs=("truncated", "clip", "untouched"),
            rule=agrees("train", ("whole", "windows"), rtol=1e-4, atol=1e-6),
            hint=_("Is the norm taken before clipping? And is there a cost before the first step?"),
        ),
        Check(
            "learns",
            title=_("It learns to echo what came three steps ago"),
            points=0.5,
            needs=("steps",),
            rule=holds(
                "train",
                _learns,
                _("expected a last cost below 5 % of the first, and echoes of bits in another order."),
                ("echo",),
            ),
            hint=_("Do you make all the steps that you are asked for, and return the last weights?"),
        ),
        Check(
            "forced",
            title=_("Forced, it is told at every step what really came"),
            points=0.5,
            needs=("unroll",),
            rule=agrees("run_ahead", ("forced", "wave_forced"), rtol=1e-4, atol=1e-5),
            hint=_("With every input given, what is left of this function but unroll()?"),
        ),
        Check(
            "free",
            title=_("Left to itself, it takes its own output for the next input"),
            points=0.5,
            needs=("unroll",),
            rule=agrees("run_ahead", ("half", "free", "wave_free"), rtol=1e-4, atol=1e-5),
            hint=_(
                "Input number `seen`, counted from 0, is the first that the network makes itself. "
                "Does its state go on from where it was?"
            ),
        ),
        Check(
            "universal",
            title=_("Every node hears inputs, earlier nodes, and all nodes of before"),
            points=1,
            rule=agrees("universal", rtol=1e-4, atol=1e-6),
            hint=_(
                "Two matrices, two moments: one meets what this step has made so far, the other one "
                "the whole step before."
            ),
        ),
        Check(
            "keras",
            title=_("Keras' layers, with the same weights, say the same"),
            points=0.5,
            rule=agrees("with_keras", rtol=1e-3, atol=1e-4, made_with="keras"),
            hint=_("Which shapes do recurrent.get_weights() have? And where does the state begin?"),
        ),
        Check(
            "own_work",
            title=_("It is made of NumPy's sums and products"),
            points=0.5,
            needs=("unroll", "ordered"),
            rule=without(*_READY, besides=("with_keras",)),
            hint=_("Two loops over time, one forward and one back, are all that is new here."),
        ),
    ),
    figures=(
        Figure(
            "strip",
            title=_("States, unrolled over time"),
            draw=figures.strip,
            caption=_(
                "In the delay line each unit repeats what its neighbour was, and bits wander down. "
                "In a dense network they are in the state as well, but mixed."
            ),
        ),
        Figure(
            "distances",
            title=_("How far back a gradient reaches"),
            draw=figures.distances,
            caption=_(
                "Left: with each step back the derivative is multiplied once more. Slopes of units "
                "that are driven hard make even the large matrix forget. Right: your training, before "
                "clipping and after."
            ),
        ),
        Figure(
            "learnt",
            title=_("Learning to remember"),
            draw=figures.learnt,
            caption=_(
                "A window of 2 steps never shows the gradient a bit together with its echo. "
                "Right: your trained network on bits in an order it has not heard."
            ),
        ),
        Figure(
            "wave",
            title=_("With a teacher and without"),
            draw=figures.wave,
            caption=_(
                "The same weights. One step ahead they are nearly right; fed with their own guesses, "
                "they lose the beat, for each small mistake is part of the next input."
            ),
        ),
    ),
)
