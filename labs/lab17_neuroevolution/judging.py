"""How lab 17 judges games, chaotic in the long run, and populations, which luck has bred."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
_RISE = 3  # times as long in the last generation as in the first: 8 and more by selection, 2 without
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
    """What `solve_xor` notes is what it bred, and it bred from the parents that the wheel chose."""

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
        begin, second = _noted(first), _noted(_second(answer))
        if not np.allclose(course[0], begin, rtol=0, atol=1e-6):
            said = _("the history should begin with best and mean of the first generation.")
        elif not np.allclose(course[1], second, rtol=0, atol=1e-6):
            said = _(
                "in the second generation best and mean are {found}; bred from the parents that "
                "by_rank selects by fitness and chances[0], they would be {wanted}.",
                found=_pair(course[1]),
                wanted=_pair(second),
            )
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
    """Champions last, on the average, on starts that they were not bred on, and selection did it.

    Among so many players luck has one that lasts. Only where the fitter become parents does the mean
    rise with the best.

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
            mean = _means(answer)
            if mean is None:
                return Verdict.failed(
                    _("balance() should return a history second, two numbers for each generation.")
                )
            if not mean[-1] >= _RISE * mean[0] > 0:
                return Verdict.failed(
                    _(
                        "balance(), case {case}: the mean goes from {first} steps in the first "
                        "generation to {last} in the last; where the fitter become parents, it rises "
                        "{times} times and more.",
                        case=answer.case,
                        first=f"{mean[0]:.1f}",
                        last=f"{mean[-1]:.1f}",
                        times=_RISE,
                    )
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


def _second(answer: Answer) -> np.ndarray:
    """The generation that `solve_xor` should breed from the first one."""
    genes, wheel, masks, noises, wheres = answer.arguments
    order = np.argsort(xor_fitness(genes), kind="stable")
    ranks = np.arange(1, len(genes) + 1)
    a, b = genes[order[np.searchsorted(np.cumsum(ranks) / ranks.sum(), wheel[0], side="right")]]
    children = np.where(masks[0], a, b) + wheres[0] * noises[0]
    return np.concatenate([genes[order[::-1][: len(genes) - len(children)]], children])


def _noted(genes: np.ndarray) -> tuple[float, float]:
    """Best and mean of a population, as a history has them."""
    fitness = xor_fitness(genes)
    return float(fitness.max()), float(fitness.mean())


def _pair(numbers: Iterable[float]) -> str:
    return " / ".join(f"{number:.4f}" for number in numbers)


def _means(answer: Answer) -> np.ndarray | None:
    """The mean of every generation, where the history has such."""
    course = answer.returned[-1]
    fits = course.ndim == 2 and course.shape[1] == 2 and len(course) > 1
    return course[:, 1].astype(float) if fits else None


def _corners() -> np.ndarray:
    return np.array(_CORNERS, dtype=float)
