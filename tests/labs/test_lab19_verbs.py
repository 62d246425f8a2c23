from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

from labkit.rubric import find
from labkit.rubric.evidence import Evidence, TrainingEvidence

LAB = find.lab("lab19")  # puts its folder where the imports below find it

from lab19_attention import scores, tables  # noqa: E402


@pytest.fixture(scope="module")
def rows() -> Any:
    return tables.make(np.random.default_rng(7))


def _infinitives(x: np.ndarray) -> set[str]:
    return {tables.asked(row)[0] for row in x}


def test_equal_generators_give_equal_tables_and_others_do_not(rows: Any) -> None:
    again, other = (tables.make(np.random.default_rng(seed)) for seed in (7, 8))
    assert all(np.array_equal(one, same) for one, same in zip(rows, again))
    assert not np.array_equal(rows.hidden_x, other.hidden_x)


def test_no_verb_that_is_asked_about_was_trained_on(rows: Any) -> None:
    assert not _infinitives(rows.x) & _infinitives(rows.hidden_x)


def test_only_regular_verbs_are_trained_on(rows: Any) -> None:
    assert all(tables.verbs()[infinitive].regular for infinitive in _infinitives(rows.x))


def test_hidden_are_shown_forms_then_regular_then_irregular_ones(rows: Any) -> None:
    forms = [tables.asked(row) for row in rows.hidden_x]
    shown, cut = len(tables.SHOWN), len(tables.SHOWN) + tables.HIDDEN
    assert tuple(forms[:shown]) == tables.SHOWN
    assert all(tables.verbs()[infinitive].regular for infinitive, _form in forms[shown:cut])
    assert not any(tables.verbs()[infinitive].regular for infinitive, _form in forms[cut:])
    assert len(forms) == cut + tables.IRREGULAR


def test_all_endings_tenses_and_persons_are_hidden(rows: Any) -> None:
    forms = [tables.asked(row) for row in rows.hidden_x[: tables.HIDDEN]]
    assert {place for _infinitive, place in forms} == set(range(24))
    assert {infinitive[-2:] for infinitive, _place in forms} >= {"ar", "er", "ir"}


def test_an_answer_ends_and_is_padded_behind(rows: Any) -> None:
    for y in (rows.y, rows.hidden_y):
        assert ((y == tables.END).sum(axis=1) == 1).all()
        assert np.array_equal(scores.finished(y), y)
        assert y.max() < tables.ANSWER
    assert rows.x.max() == tables.SYMBOLS - 1
    assert (rows.x.shape[1], rows.y.shape[1]) == (tables.SOURCE, tables.STEPS)


def test_rows_can_be_read_again(rows: Any) -> None:
    for question, answer in zip(rows.hidden_x[:50], rows.hidden_y[:50]):
        infinitive, place = tables.asked(question)
        assert tables.written(answer) == tables.verbs()[infinitive].forms[place]


def test_the_rule_bends_irregular_verbs_and_leaves_regular_ones() -> None:
    assert tables.regularized("saber")[0] == "sabo"
    assert tables.regularized("oír")[5] == "oen"
    assert tables.regularized("cantar") == tables.verbs()["cantar"].forms


def test_what_the_starter_says_of_symbols_is_so() -> None:
    given: dict[str, Any] = {}
    for node in ast.parse(find.solution(LAB).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            names, values = (
                ast.unparse(node.targets[0]).strip("()").split(", "),
                ast.literal_eval(node.value),
            )
            given |= dict(zip(names, values if len(names) > 1 else [values]))
    assert given == {name: getattr(tables, name) for name in given}
    assert len(given) == 7


def test_an_answer_with_one_wrong_letter_is_wrong_and_what_follows_its_end_does_not_count() -> None:
    y = np.array([[5, 6, 2, 0], [5, 6, 7, 2], [5, 2, 0, 0], [5, 2, 0, 0]])
    said = np.array([[5, 6, 2, 9], [5, 6, 8, 2], [5, 5, 5, 5], [5, 2, 2, 2]])
    assert scores.exact(said, y) == 0.5
    with pytest.raises(ValueError, match="expected"):
        scores.exact(said[0], y)


def _evidence(rows: Any, **changes: Any) -> Evidence:
    """A run whose model says every form as the rule would have it."""
    said = np.zeros_like(rows.hidden_y)
    for row, question in enumerate(rows.hidden_x):
        infinitive, place = tables.asked(question)
        answer = tables.answer(tables.regularized(infinitive)[place])[: tables.STEPS]
        said[row, : len(answer)] = answer
    seen = np.full((16, tables.STEPS, tables.SOURCE), 1 / tables.SOURCE)
    fields: dict[str, Any] = {
        "trainings": {"main": TrainingEvidence()},
        "inputs": {"main:hidden": rows.hidden_x},
        "predictions": {"main:hidden": said},
        "attention": {"main:hidden": seen},
    }
    return Evidence(**(fields | changes))


def test_a_model_that_knows_only_the_rule_bends_every_irregular_form(rows: Any) -> None:
    assert LAB.check("irregular").rule(_evidence(rows)).full
    right = LAB.check("exact").rule(_evidence(rows))
    assert 0.5 < right.data["value"] < 1


def test_a_model_that_knows_every_form_gets_regular_ones_right_and_bends_none(rows: Any) -> None:
    knowing = _evidence(rows, predictions={"main:hidden": rows.hidden_y})
    assert LAB.check("exact").rule(knowing).full
    assert LAB.check("irregular").rule(knowing).fraction == 0


@pytest.mark.parametrize("name", ["attention", "by_tense", "mistakes", "irregular"])
def test_a_figure_is_drawn_when_there_are_answers_and_only_then(rows: Any, name: str) -> None:
    draw = next(figure.draw for figure in LAB.figures if figure.name == name)
    assert draw(_evidence(rows)) is not None
    assert draw(_evidence(rows, predictions={})) is None
    assert draw(_evidence(rows, predictions={"main:hidden": np.zeros((3, 2))})) is None


@pytest.mark.parametrize("seen", [np.zeros((2, 15, 12)), np.zeros((16, 15, 3)), np.zeros(4)])
def test_attention_of_an_odd_shape_is_not_drawn(rows: Any, seen: np.ndarray) -> None:
    draw = next(figure.draw for figure in LAB.figures if figure.name == "attention")
    assert draw(_evidence(rows, attention={"main:hidden": seen})) is None
