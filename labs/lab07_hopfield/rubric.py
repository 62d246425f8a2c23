from __future__ import annotations

import numpy as np
from lab07_hopfield import figures
from lab07_hopfield.cases import cases

from labkit.i18n import texts
from labkit.rubric.answers import agrees, each, holds
from labkit.rubric.by_hand import ByHand
from labkit.rubric.evidence import Answer, Evidence
from labkit.rubric.lab import Budget, Check, Figure, Lab
from labkit.rubric.rules import Rule
from labkit.rubric.verdict import Status, Verdict

_ = texts(__file__)


def _every(*rules: Rule) -> Rule:
    """All of them are passed; the first that is not has the word."""

    def rule(evidence: Evidence) -> Verdict:
        verdicts = [one(evidence) for one in rules]
        lost = [verdict for verdict in verdicts if verdict.status is not Status.PASSED]
        return (lost or verdicts)[0]

    return rule


def _coupled(answer: Answer) -> Verdict | None:
    """Whether couplings between two neurons are right, whatever a neuron's with itself."""
    mine, right = answer.returned[0], answer.expected[0]
    if mine.shape != right.shape or mine.dtype.kind == "U":
        return Verdict.failed(
            _(
                "hebb(), case {case}: it returned {mine}; expected {right}.",
                case=answer.case,
                mine=f"{mine.dtype} {mine.shape}",
                right=f"{right.dtype} {right.shape}",
            )
        )
    wrong = ~np.isclose(mine.astype(float), right, rtol=1e-5, atol=1e-7) & ~np.eye(
        len(right), dtype=bool
    )
    if not wrong.any():
        return None
    i, j = np.argwhere(wrong)[0]
    return Verdict.failed(
        _(
            "hebb(), case {case}: neurons {i} and {j} are coupled by {mine}; expected {right}.",
            case=answer.case,
            i=int(i),
            j=int(j),
            mine=f"{mine[i, j]:.6g}",
            right=f"{right[i, j]:.6g}",
        )
    )


def _empty_diagonal(answer: Answer) -> bool:
    return np.abs(np.diag(answer.returned[0])).max() <= 1e-7


def _only_falls(answer: Answer) -> bool:
    """Whether a visit changes its own neuron or nothing, and the energy never rises."""
    weights, state, order = answer.arguments
    film = np.asarray(answer.returned[0], dtype=float)
    changed = film[1:] != film[:-1]
    changed[np.arange(len(order)), order] = False
    energies = figures.energies(weights, film)
    return np.array_equal(film[0], state) and not changed.any() and np.diff(energies).max() <= 1e-6


LAB = Lab(
    number=7,
    slug="hopfield",
    title=_("A memory that completes what it is shown"),
    chapter=_("Neurons, memories and energy"),
    order=180,
    minutes=90,
    seconds=4,
    teaches=_("Hebb's rule, recall, energy, capacity"),
    builds_on=(10,),
    budget=Budget(cpu_seconds=60),
    by_hand=ByHand(
        (
            "to_bipolar",
            "hebb",
            "energy",
            "overlap",
            "decide",
            "is_stable",
            "recall_synchronous",
            "recall_asynchronous",
            "remembered",
            "run_layer",
        ),
        cases,
    ),
    datasets=("mnist",),
    checks=(
        Check(
            "bipolar",
            title=_("Images become rows of -1 and +1"),
            points=0.5,
            rule=agrees("to_bipolar"),
            hint=_("What becomes of a pixel exactly at the threshold? And how many rows are there?"),
        ),
        Check(
            "hebb",
            title=_("Hebb's rule couples neurons that agree"),
            points=1,
            rule=each("hebb", _coupled),
            hint=_("Is the sum over patterns, and what is it divided by? Check the worked example."),
        ),
        Check(
            "no_self_coupling",
            title=_("No neuron is coupled to itself"),
            points=0.5,
            needs=("hebb",),
            rule=holds(
                "hebb", _empty_diagonal, _("the diagonal should be 0, and has other numbers in it.")
            ),
            hint=_("What is x_i times x_i, whatever the pattern? Does that say anything about it?"),
        ),
        Check(
            "energy",
            title=_("Every state has its energy"),
            points=1,
            rule=agrees("energy"),
            hint=_("One number for each row. Look at the sign and at the factor; both are needed."),
        ),
        Check(
            "overlap",
            title=_("The overlap says how alike two states are"),
            points=0.5,
            rule=agrees("overlap"),
            hint=_("Each state with each pattern: rows for states, columns for patterns."),
        ),
        Check(
            "decide",
            title=_("A neuron follows its field"),
            points=0.5,
            rule=agrees("decide", ("signs",)),
            hint=_("Which sign does the neuron take when the field is positive, and which when not?"),
        ),
        Check(
            "stable",
            title=_("It knows a stable state, also one that nobody stored"),
            points=1,
            needs=("decide",),
            rule=agrees("is_stable", ("worked_example", "valleys")),
            hint=_("A single neuron that wants to change is enough. One truth value for each row."),
        ),
        Check(
            "synchronous",
            title=_("All at once, damaged letters are mended"),
            points=1,
            needs=("decide",),
            rule=agrees("recall_synchronous", ("letters",)),
            hint=_("In a step, may a neuron see what the others have just become? What is returned?"),
        ),
        Check(
            "two_states",
            title=_("All at once, it may alternate between two states for ever"),
            points=0.5,
            needs=("synchronous",),
            rule=agrees("recall_synchronous", ("worked_example", "checkerboard", "hidden")),
            hint=_("Do you stop, or keep a state back, where nothing seems to be gained? Do not."),
        ),
        Check(
            "energy_falls",
            title=_("One at a time, the energy never rises"),
            points=0.5,
            needs=("decide",),
            rule=holds(
                "recall_asynchronous",
                _only_falls,
                _(
                    "expected the given state and one state more for each visit, in which only the "
                    "visited neuron may be another, and no energy above the one before."
                ),
            ),
            hint=_("From which state do you compute the field of a neuron: the first or the latest?"),
        ),
        Check(
            "asynchronous",
            title=_("One at a time, it visits the neurons in the order given"),
            points=1,
            needs=("energy_falls",),
            rule=agrees(
                "recall_asynchronous",
                ("worked_example", "the_other_way", "letters", "digits", "checkerboard", "hidden"),
            ),
            hint=_("Every entry of the order is a visit, the last as well as the first."),
        ),
        Check(
            "zero_field",
            title=_("Where the field is 0, a neuron stays as it is"),
            points=0.5,
            needs=("decide",),
            rule=_every(
                *(
                    agrees(function, ("zero_field",))
                    for function in ("decide", "is_stable", "recall_synchronous", "recall_asynchronous")
                )
            ),
            hint=_("The sign of 0 is 0, and no neuron is 0. What says that it should change at all?"),
        ),
        Check(
            "remembered",
            title=_("It remembers few patterns and forgets many"),
            points=0.5,
            needs=("no_self_coupling", "overlap", "two_states"),
            rule=agrees("remembered"),
            hint=_("Compare the last state of probe k with pattern k, and with no other."),
        ),
        Check(
            "layer",
            title=_("The same recall is a Keras layer"),
            points=1,
            rule=agrees("run_layer"),
            hint=_("So many steps as self.steps says, and keras.ops in place of NumPy. Field 0, too?"),
        ),
    ),
    figures=(
        Figure(
            "film",
            title=_("Recall, as a film"),
            draw=figures.film,
            caption=_(
                "One neuron at a time, a damaged letter, half a digit and a checkerboard become "
                "something stable. All at once, the checkerboard turns into its inverse and back."
            ),
        ),
        Figure(
            "energy",
            title=_("Downhill"),
            draw=figures.energy,
            caption=_(
                "The energy of your states. One neuron at a time it falls until a valley is reached; "
                "all at once it may stay where it is for ever."
            ),
        ),
        Figure(
            "valleys",
            title=_("Valleys that were stored, and others"),
            draw=figures.valleys,
            caption=_("By your functions: which states are stable, and how deep each one lies."),
        ),
        Figure(
            "capacity",
            title=_("How much it can hold"),
            draw=figures.capacity,
            caption=_(
                "Recall from the stored patterns themselves. Beyond about 0.138 patterns a neuron it "
                "breaks down, the more abruptly the more neurons there are."
            ),
        ),
    ),
)
