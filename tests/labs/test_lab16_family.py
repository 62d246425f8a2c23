from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.rubric import find
from labkit.rubric.evidence import Evidence, TrainingEvidence
from labkit.rubric.verdict import Status

LAB = find.lab("lab16")  # puts its folder where the imports below find it

from lab16_family_tree import family  # noqa: E402
from lab16_family_tree.cases import SHOWN, cases  # noqa: E402

SEEDS = st.integers(0, 2**32)
NAMES = family.ENGLISH + family.ITALIAN


def _asked(person: str, relation: str) -> set[str]:
    x, y = family.asked(family.families())
    number = 24 + family.RELATIONS.index(relation)
    row = np.flatnonzero((x[:, 0] == NAMES.index(person)) & (x[:, 1] == number))
    return {NAMES[who] for who in np.flatnonzero(y[row].sum(axis=0))}


def test_hintons_trees_have_104_questions_and_112_answers() -> None:
    x, y = family.asked(family.families())
    assert (len(x), np.count_nonzero(y)) == (104, 112)
    np.testing.assert_allclose(y.sum(axis=1), 1)
    assert x[0].tolist() == [0, 24 + family.RELATIONS.index("wife")]


@pytest.mark.parametrize(
    ("person", "relation", "answers"),
    [
        ("Colin", "uncle", {"Arthur", "Charles"}),
        ("Sophia", "aunt", {"Gina", "Angela"}),
        ("Margaret", "nephew", {"Colin"}),
        ("Marco", "father", {"Pierro"}),
        ("Charlotte", "sister", set()),
    ],
)
def test_who_is_who_in_them(person: str, relation: str, answers: set[str]) -> None:
    assert _asked(person, relation) == answers


def test_both_families_have_the_same_tree() -> None:
    _x, y = family.asked(family.families())
    np.testing.assert_array_equal(y[:52, :12], y[52:, 12:])
    assert not y[:52, 12:].any()


@given(SEEDS)
def test_in_a_family_that_is_made_up_nobody_is_out_of_order(seed: int) -> None:
    made = family.grown(np.random.default_rng(seed))
    married = np.flatnonzero(made.spouse >= 0)
    np.testing.assert_array_equal(made.spouse[made.spouse[married]], married)
    assert (made.female[married] != made.female[made.spouse[married]]).all()
    children = made.parents[(made.parents >= 0).all(axis=1)]
    assert (made.female[children].sum(axis=1) == 1).all()
    assert (made.spouse[children[:, 0]] == children[:, 1]).all()
    found = family.relatives(made)
    for person in range(len(made.spouse)):
        assert not found["elders"][person] & (found["parents"][person] | {person})


@given(SEEDS)
def test_what_is_held_out_can_be_worked_out_from_the_rest(seed: int) -> None:
    x, y = family.asked(family.families())
    drawn = family.held_out(x, y, np.random.default_rng(seed))
    assert len(set(x[drawn, 1])) == family.HELD_OUT
    kept = np.delete(np.arange(len(x)), drawn)
    for row in drawn:
        for who in np.flatnonzero(y[row]):
            assert any(x[k, 0] == who and y[k, x[row, 0]] for k in kept)


def test_people_keep_their_numbers_in_the_main_training_alone() -> None:
    x, y = family.asked(family.families())
    facts = {(*question, *answers) for question, answers in zip(x.tolist(), y.tolist())}

    def known(number: int) -> int:
        rows = family.make(np.random.default_rng(5), number)
        assert (len(rows.x), len(rows.hidden_x)) == (100, 4)
        return sum((*q, *a) in facts for q, a in zip(rows.x.tolist(), rows.y.tolist()))

    assert known(0) == 100
    assert known(1) < 20


def test_a_row_is_right_when_all_of_its_answers_are_in_front() -> None:
    y = np.array([[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 1, 0], [0, 1, 0]])
    outputs = np.array([[0.4, 0.4, 0.2], [0.6, 0.1, 0.3], [0.1, 0.8, 0.1], [0.2, 0.4, 0.4]])
    assert family.all_right(outputs, y).tolist() == [True, False, True, False]


def test_equal_generators_give_equal_calls() -> None:
    one, other = (list(cases(np.random.default_rng(3))) for _time in range(2))
    for call, again in zip(one, other):
        assert (call.function, call.case) == (again.function, again.case)
        for given_, same in zip(call.arguments, again.arguments):
            np.testing.assert_equal(given_, same)


def _evidence(**changes: Any) -> Evidence:
    """Two draws whose models are always right."""
    drawn = {
        name: family.make(np.random.default_rng([0, number]), number)
        for number, name in enumerate(("main", "draw01", "draw02"))
    }
    truth = {
        f"{n}:{'hidden' if n != 'main' else 'holdout'}": rows.hidden_y for n, rows in drawn.items()
    }
    asked = {key: drawn[key.partition(":")[0]].hidden_x for key in truth}
    table = np.random.default_rng(0).normal(size=(36, 6))
    fields: dict[str, Any] = {
        "trainings": {
            "main": TrainingEvidence(
                returned={"learn": {f"{SHOWN}:0": np.geomspace(3, 0.1, 50), f"{SHOWN}:1": table}}
            ),
            "draw01": TrainingEvidence(),
            "draw02": TrainingEvidence(),
        },
        "calls": tuple(cases(np.random.default_rng(0))),
        "truth": truth,
        "predictions": truth,
        "inputs": asked,
        "replay": "ended",
    }
    return Evidence(**(fields | changes))


def _half_wrong() -> dict[str, np.ndarray]:
    right = dict(_evidence().truth)
    return right | {"draw02:hidden": np.full_like(right["draw02:hidden"], 1 / 24)}


def test_points_follow_the_share_over_all_draws() -> None:
    rule = LAB.check("generalizes").rule
    assert rule(_evidence()).full
    half = rule(_evidence(predictions=_half_wrong()))
    assert (half.data["right"], half.data["by_draw"], half.fraction) == (0.5, [1.0, 0.0], 1.0)
    nothing = {key: np.full_like(y, 1 / 24) for key, y in _evidence().truth.items()}
    assert rule(_evidence(predictions=nothing)).status is Status.FAILED


def test_a_draw_without_answers_is_named_and_one_that_was_lost_is_not_the_students() -> None:
    rule, right = LAB.check("draws").rule, dict(_evidence().truth)
    assert rule(_evidence()).full
    broken = rule(_evidence(predictions={k: v for k, v in right.items() if k != "draw02:hidden"}))
    assert broken.data["broken"] == ["draw02"]
    assert rule(_evidence(replay="lost", predictions={})).status is Status.UNKNOWN


@pytest.mark.parametrize("name", ["units", "sweeps", "four", "held_out"])
def test_a_figure_is_drawn_when_there_are_answers_and_only_then(name: str) -> None:
    draw = next(figure.draw for figure in LAB.figures if figure.name == name)
    assert draw(_evidence()) is not None
    nothing = {"main": TrainingEvidence(), "draw01": TrainingEvidence(), "draw02": TrainingEvidence()}
    assert draw(_evidence(trainings=nothing, predictions={})) is None
    odd = TrainingEvidence(
        returned={"learn": {f"{SHOWN}:0": np.array(["a"]), f"{SHOWN}:1": np.zeros(3)}}
    )
    shapes = {key: np.zeros((2, 2)) for key in _evidence().truth}
    assert draw(_evidence(trainings=nothing | {"main": odd}, predictions=shapes)) is None


def test_the_trees_are_drawn_before_there_is_anything_else() -> None:
    draw = next(figure.draw for figure in LAB.figures if figure.name == "trees")
    assert draw(Evidence(trainings={"main": TrainingEvidence()})) is not None
