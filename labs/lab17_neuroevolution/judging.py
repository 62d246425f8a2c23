"""How lab 17 judges games, chaotic in the long run, and populations, which luck has bred."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from lab17_neuroevolution import pole
from lab17_neuroevolution.cases import starts

from labkit.i18n import texts
from labkit.rubric.answers import each
from labkit.rubric.curves import share
from labkit.rubric.evidence import Answer, Evidence
from labkit.rubric.rules import Rule, step
from labkit.rubric.verdict import Status, Verdict

__all__ = ["balanced", "champion", "hidden_starts", "histories", "plays", "solved", "xor_fitness"]

_ = texts(__file__)

_SURE = 250
"""Steps up to which rounding cannot be seen. An error grows e-fold in 0.25 s: from 1e-16 to 1e-7 after
250 steps, to anything after 500, and a game that ends there may end a step sooner or later."""

_AGREE = 0.99  # share of games, in case a push hung on a rounding error all the same
_HIDDEN = 50  # starts that nobody was bred on
_CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))


def plays() -> Rule:
    """Games last as long as the reference's, as far as that can be foreseen."""

    def judge(answer: Answer) -> Verdict | None:
        mine, right = answer.returned[0], answer.expected[0]
        if mine.shape != right.shape or mine.dtype.kind not in "iuf":
            return Verdict.failed(
                _(
                    "play(), case {case}: it returned {found}; expected whole numbers, {wanted}.",
                    case=answer.case,
                    found=f"{mine.dtype} {mine.shape}",
                    wanted=str(right.shape),
                )
            )
        sure = np.minimum(right, _SURE)
        wrong = np.argwhere(~(np.minimum(mine, _SURE) == sure) | (mine > answer.arguments[2]))
        if len(wrong) <= (1 - _AGREE) * right.size:
            return None
        player, start = wrong[0]
        return Verdict.failed(
            _(
                "play(), case {case}: {count} of {size} games last too long or too short. Network "
                "{player} from start {start}: {mine} steps; expected {right}.",
                case=answer.case,
                count=len(wrong),
                size=right.size,
                player=int(player),
                start=int(start),
                mine=f"{mine[player, start]:g}",
                right=int(right[player, start]),
            )
        )

    return each("play", judge)


def histories() -> Rule:
    """What `solve_xor` notes is what it bred."""

    def judge(answer: Answer) -> Verdict | None:
        first, generations = answer.arguments[0], len(answer.arguments[1])
        bred = champion(answer)
        course = answer.returned[-1]
        if bred is None or course.shape != (generations + 1, 2):
            found = ", ".join(str(array.shape) for array in answer.returned)
            wanted = f"({first.shape[1]},), ({generations + 1}, 2)"
            said = _(
                "solve_xor(), case {case}: it returned {found}; expected {wanted}.",
                case=answer.case,
                found=found,
                wanted=wanted,
            )
            return Verdict.failed(said)
        fitness = xor_fitness(first)
        if not np.allclose(course[0], [fitness.max(), fitness.mean()], atol=1e-6):
            said = _("the history should begin with best and mean of the first generation.")
        elif np.diff(course[:, 0]).min() < -1e-9:
            said = _("the best fitness falls, although the elite is kept.")
        elif abs(course[-1, 0] - xor_fitness(bred[None])[0]) > 1e-6:
            said = _("the network it returned is not the fittest of the last generation.")
        else:
            return None
        return Verdict.failed(_("solve_xor(), case {case}: {what}", case=answer.case, what=said))

    return each("solve_xor", judge)


def solved(at_least: float) -> Rule:
    """What populations bring forth for XOR has such a fitness on the average.

    Args:
        at_least: Networks with 0.95 and more are right about all four samples, but for rare ones.
    """

    def rule(evidence: Evidence) -> Verdict:
        ran = step("solve_xor")(evidence)
        if ran.status is not Status.PASSED:
            return ran
        bred = [champion(answer) for answer in evidence.answers("solve_xor")]
        found = [0.0 if genes is None else xor_fitness(genes[None])[0] for genes in bred]
        said = _(
            "The champions of {count} populations have a fitness of {mean} on the average; {enough} "
            "would do.",
            count=len(found),
            mean=f"{np.mean(found):.3f}",
            enough=f"{at_least:g}",
        )
        return Verdict.passed(said) if np.mean(found) >= at_least else Verdict.failed(said)

    return rule


def balanced(curve: Mapping[float, float]) -> Rule:
    """Champions last, on the average, on starts that they were not bred on.

    Args:
        curve: Steps -> share of the points, see `labkit.rubric.curves.share`.
    """

    def rule(evidence: Evidence) -> Verdict:
        ran = step("balance")(evidence)
        if ran.status is not Status.PASSED:
            return ran
        found = []
        for answer in evidence.answers("balance"):
            genes = champion(answer)
            if genes is None:
                size = answer.arguments[0].shape[1]
                return Verdict.failed(
                    _("balance() should return the {size} genes of a network first.", size=size)
                )
            found.append(pole.lengths(genes[None], hidden_starts(answer)).mean())
        steps = float(np.mean(found))
        said = _(
            "On starts they were not bred on, the champions of {count} populations last {steps} steps "
            "of 500; full points from {full} on.",
            count=len(found),
            steps=f"{steps:.0f}",
            full=f"{max(curve):g}",
        )
        return Verdict.passed(said, share(curve, steps), steps=steps)

    return rule


def champion(answer: Answer) -> np.ndarray | None:
    """The genes that a population ended in, where they are such."""
    if not answer.returned or answer.returned[-1].dtype.kind not in "biuf":
        return None
    genes = answer.returned[0]
    numbers = genes.dtype.kind == "f" and genes.shape == answer.arguments[0].shape[1:]
    return genes.astype(float) if numbers and (np.abs(genes) < 1e6).all() else None


def hidden_starts(answer: Answer) -> np.ndarray:
    """Starts for the champion of a population, other ones for each population and seed."""
    seed = np.abs(answer.arguments[0][0, :4]) * 2**30
    return starts(np.random.default_rng(seed.astype(int).tolist()), _HIDDEN)


def xor_fitness(genes: np.ndarray) -> np.ndarray:
    """1 - mean square of what is missing to the right answers of XOR, for each of (P, G)."""
    said = 1 / (1 + np.exp(-np.clip(pole.network(genes, _corners()), -700, 700)))
    return 1 - ((said - _corners().sum(axis=1) % 2) ** 2).mean(axis=1)


def _corners() -> np.ndarray:
    return np.array(_CORNERS, dtype=float)
