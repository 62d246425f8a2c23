"""Hinton's two families, families that are made up, and the questions one can ask about them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from labkit.rubric.protocols.generated import Tables

__all__ = ["ENGLISH", "GROUPS", "HELD_OUT", "ITALIAN", "PLACES", "RELATIONS", "Family"]
__all__ += ["all_right", "asked", "families", "grown", "held_out", "left_over", "make", "relatives"]

ENGLISH = ("Christopher", "Penelope", "Andrew", "Christine", "Margaret", "Arthur")
ENGLISH += ("Victoria", "James", "Jennifer", "Charles", "Colin", "Charlotte")
ITALIAN = ("Roberto", "Maria", "Pierro", "Francesca", "Gina", "Emilio")
ITALIAN += ("Lucia", "Marco", "Angela", "Tomaso", "Alfonso", "Sophia")
"""Who has the same number in both families has the same place."""

RELATIONS = ("father", "mother", "husband", "wife", "son", "daughter")
RELATIONS += ("uncle", "aunt", "brother", "sister", "nephew", "niece")

HELD_OUT = 4

_PARENTS = {5: (0, 1), 6: (0, 1), 7: (2, 3), 8: (2, 3), 10: (7, 6), 11: (7, 6)}
_COUPLES = ((0, 1), (2, 3), (5, 4), (7, 6), (9, 8))
_WOMEN = (1, 3, 4, 6, 8, 11)

PLACES = ((0.5, 0), (1.5, 0), (3.5, 0), (4.5, 0), (0, 1), (1, 1))
PLACES += ((2, 1), (3, 1), (4, 1), (5, 1), (2, 2), (3, 2))
"""Column and row of each person of one family in the tree."""

GROUPS = {
    "nationality": (0,) * 12 + (1,) * 12,
    "generation": (0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2) * 2,
    "branch": (0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 2, 2) * 2,
    "sex": (0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1) * 2,
}
"""What the people of both families could be told apart by; the youngest belong to both branches."""


class Family(NamedTuple):
    """Parents, (n, 2), and spouse, (n,), of each person, -1 for nobody; 1 for a woman, (n,)."""

    parents: np.ndarray
    spouse: np.ndarray
    female: np.ndarray


def families() -> Family:
    """Both of Hinton's: the English one first."""
    parents, spouse = np.full((24, 2), -1), np.full(24, -1)
    for first in (0, 12):
        for child, pair in _PARENTS.items():
            parents[first + child] = [first + parent for parent in pair]
        for husband, wife in _COUPLES:
            spouse[first + husband], spouse[first + wife] = first + wife, first + husband
    return Family(parents, spouse, np.isin(np.arange(24) % 12, _WOMEN).astype(int))


def grown(rng: np.random.Generator) -> Family:
    """A family that is made up: some 20 people in three generations, numbered in any order."""
    parents, female, couples = [(-1, -1)] * 4, [0, 1, 0, 1], [(0, 1), (2, 3)]

    def born(pair: tuple[int, int], woman: int) -> int:
        parents.append(pair)
        female.append(woman)
        return len(parents) - 1

    heirs = born((0, 1), 1), born((2, 3), 0)
    couples.append(heirs)
    for pair in ((0, 1), (3, 2)):
        for _child in range(rng.integers(1, 3)):
            child = born(pair, int(rng.integers(2)))
            if rng.random() < 0.75:
                couples.append((child, born((-1, -1), 1 - female[child])))
    for pair in couples[2:]:
        for _child in range(rng.integers(2 if pair == heirs else 0, 4)):
            born(pair, int(rng.integers(2)))
    return _renumbered(parents, couples, female, rng.permutation(len(parents)))


def _renumbered(
    parents: list[tuple[int, int]], couples: list[tuple[int, int]], female: list[int], new: np.ndarray
) -> Family:
    """A family whose person k gets the number ``new[k]``."""
    named = np.append(new, -1)  # so that -1 stays nobody
    family = Family(np.full((len(new), 2), -1), np.full(len(new), -1), np.zeros(len(new), int))
    family.parents[new], family.female[new] = named[np.array(parents)], female
    for one, other in couples:
        family.spouse[new[one]], family.spouse[new[other]] = new[other], new[one]
    return family


def relatives(family: Family) -> dict[str, dict[int, set[int]]]:
    """Whose parents, spouses, children, siblings, uncles and aunts, nephews and nieces are who."""
    everybody = range(len(family.spouse))
    parents = {i: {int(j) for j in family.parents[i] if j >= 0} for i in everybody}
    spouses = {i: {int(family.spouse[i])} - {-1} for i in everybody}
    children = {i: {j for j in everybody if i in parents[j]} for i in everybody}
    siblings = {i: {k for j in parents[i] for k in children[j]} - {i} for i in everybody}
    blood = {i: {k for j in parents[i] for k in siblings[j]} for i in everybody}
    elders = {i: blood[i] | {k for j in blood[i] for k in spouses[j]} for i in everybody}
    return {
        "parents": parents,
        "spouses": spouses,
        "children": children,
        "elders": elders,
        "siblings": siblings,
        "young": {i: {j for j in everybody if i in elders[j]} for i in everybody},
    }


def asked(family: Family) -> tuple[np.ndarray, np.ndarray]:
    """Every question to a family that has an answer, (m, 2), and the shares of its answers, (m, n)."""
    people, found = len(family.spouse), relatives(family)
    kinds = [found[k] for k in ("parents", "spouses", "children", "elders", "siblings", "young")]
    x, y = [], []
    for person in range(people):
        for number in range(len(RELATIONS)):
            women = number % 2
            those = [k for k in kinds[number // 2][person] if family.female[k] == women]
            if those:
                x.append((person, people + number))
                y.append([(k in those) / len(those) for k in range(people)])
    return np.array(x), np.array(y)


def held_out(x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw the numbers of questions to hold out, whose answers can be worked out from the others.

    No two are of one relation, and no two are about the same two people: who is told that James has a
    son called Colin, and that James is a man, knows who Colin's father is.
    """
    while True:
        drawn = rng.choice(len(x), HELD_OUT, replace=False)
        pairs = [frozenset((int(x[row, 0]), int(k))) for row in drawn for k in np.flatnonzero(y[row])]
        if len(set(x[drawn, 1])) == HELD_OUT and len(set(pairs)) == len(pairs):
            return drawn


def make(rng: np.random.Generator, number: int) -> Tables:
    """Hinton's questions, four of them held out; but for training 0 people are numbered anew."""
    x, y = asked(families())
    new = rng.permutation(y.shape[1]) if number else np.arange(y.shape[1])
    renumbered = np.zeros_like(y)
    renumbered[:, new] = y
    hidden = held_out(x, y, rng)
    x[:, 0] = new[x[:, 0]]
    order = rng.permutation(np.setdiff1d(np.arange(len(x)), hidden))
    x, y = x.astype("int32"), renumbered.astype("float32")
    return Tables(x[order], y[order], x[hidden], y[hidden])


def all_right(outputs: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which rows, (m,), have their right answers, and nobody else, in front."""
    found = []
    for row, shares in zip(outputs, y):
        first, those = np.argsort(-row, kind="stable"), set(np.flatnonzero(shares))
        behind = row[first[len(those)]] if len(those) < len(row) else -np.inf
        found.append(set(first[: len(those)]) == those and row[first[len(those) - 1]] > behind)
    return np.array(found)


def left_over(codes: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """What share of each unit's variance lies inside groups, (units,); 1 where it never varies."""
    inside = sum(np.mean(groups == group) * codes[groups == group].var(axis=0) for group in set(groups))
    spread = codes.var(axis=0)
    return np.divide(inside, spread, out=np.ones_like(spread), where=spread > 1e-12)
