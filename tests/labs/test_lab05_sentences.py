from __future__ import annotations

import ast
import json
import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.rubric import find
from labkit.rubric.evidence import Evidence, TrainingEvidence

LAB = find.lab("lab5")  # puts its folder where the imports below find it

from lab05_lstm import cases, readings, samples, scores, tables, words  # noqa: E402
from lab05_lstm.sentences import Token, sentence, spelled  # noqa: E402

SEEDS = st.integers(0, 2**32)


def _forms() -> tuple[dict[str, set[tuple[int, int]]], ...]:
    """Noun, adjective and determiner -> gender and number that each of its forms may have."""
    nouns: dict[str, set[tuple[int, int]]] = {}
    adjectives: dict[str, set[tuple[int, int]]] = {}
    determiners: dict[str, set[tuple[int, int]]] = {}
    for noun in {noun for kind in words.NOUNS.values() for noun in kind}:
        nouns.setdefault(noun.singular, set()).add((noun.gender, 0))
        nouns.setdefault(noun.plural, set()).add((noun.gender, 1))
    for adjective in {adjective for kind in words.ADJECTIVES.values() for adjective in kind}:
        for form, word in enumerate(words.inflected(adjective)):
            adjectives.setdefault(word, set()).add((form % 2, form // 2))
    for forms in words.DETERMINERS.values():
        for form, word in enumerate(forms):
            determiners.setdefault(word, set()).add((form % 2, form // 2))
    return nouns, adjectives, determiners


NOUNS, ADJECTIVES, DETERMINERS = _forms()


def _made(seed: int, count: int = 20) -> list[list[Token]]:
    rng = random.Random(seed)
    return [sentence(rng) for _number in range(count)]


@pytest.fixture(scope="module")
def rows() -> Any:
    return tables.make(np.random.default_rng(7))


def test_equal_seeds_give_equal_sentences_and_others_do_not() -> None:
    assert _made(3) == _made(3)
    assert _made(3) != _made(4)


def test_there_are_many_words_and_many_of_several_classes() -> None:
    assert len(readings.vocabulary()) >= 400
    assert len(readings.ambiguous()) >= 25


@given(SEEDS)
def test_every_word_is_in_the_vocabulary_with_its_tag(seed: int) -> None:
    known = readings.vocabulary()
    assert all(tag in known[word] for tokens in _made(seed) for word, tag in tokens)


@given(SEEDS)
def test_determiners_agree_with_their_nouns(seed: int) -> None:
    for tokens in _made(seed):
        for (word, tag), (noun, following) in pairwise(tokens):
            if tag == "D" and following == "N" and word in DETERMINERS and noun in NOUNS:
                tonic = noun in words.TONIC and word in ("el", "un")
                assert tonic or DETERMINERS[word] & NOUNS[noun], tokens


@given(SEEDS)
def test_adjectives_agree_with_the_noun_beside_them(seed: int) -> None:
    for tokens in _made(seed):
        for one, other in pairwise(tokens):
            noun, adjective = (one, other) if one[1] == "N" else (other, one)
            known = noun[0] in NOUNS and adjective[0] in ADJECTIVES
            if known and noun[1] == "N" and adjective[1] == "A":
                assert NOUNS[noun[0]] & ADJECTIVES[adjective[0]], tokens


@given(SEEDS)
def test_verbs_agree_with_a_subject_right_before_them(seed: int) -> None:
    singular = {form for forms in words.FORMS.values() for form in (forms[1], forms[4])}
    many = {form for forms in words.FORMS.values() for form in (forms[2], forms[5])}
    for tokens in _made(seed):
        (_first, tag), (noun, second), (verb, third) = tokens[:3]
        if (tag, second, third) == ("D", "N", "V") and noun in NOUNS:
            number = {number for _gender, number in NOUNS[noun]}
            assert verb in (singular if number == {0} else many), tokens


@given(SEEDS)
def test_prepositions_take_the_article_in_and_y_becomes_e_before_i(seed: int) -> None:
    for tokens in _made(seed):
        text = f" {' '.join(word for word, _tag in tokens)} "
        assert not any(wrong in text for wrong in (" a el ", " de el ", " y i", " y hi"))
        assert tokens[-1] == (".", "F")


def test_every_ambiguous_word_comes_in_each_of_its_classes() -> None:
    found = {token for tokens in _made(1, 20_000) for token in tokens}
    wanted = {(word, tag) for word, tags in readings.ambiguous().items() for tag in tags}
    assert wanted <= found


def test_plurals_follow_the_rules_of_spelling() -> None:
    forms = {"pez": "peces", "jardín": "jardines", "autobús": "autobuses", "sofá": "sofás"}
    assert {word: words.plural(word) for word in forms} == forms


def test_a_sentence_is_spelled_with_a_capital_and_no_space_before_a_mark() -> None:
    assert spelled(["ayer", ",", "leí", "."]) == "Ayer, leí."


def test_equal_generators_give_equal_tables(rows: Any) -> None:
    again = tables.make(np.random.default_rng(7))
    assert all(np.array_equal(one, other) for one, other in zip(rows, again))


def test_no_hidden_row_is_among_those_trained_on_and_none_comes_twice(rows: Any) -> None:
    trained = {row.tobytes() for row in rows.x}
    assert not any(row.tobytes() in trained for row in rows.hidden_x)


def test_padding_has_the_label_0_and_words_have_others(rows: Any) -> None:
    for x, y in ((rows.x, rows.y), (rows.hidden_x, rows.hidden_y)):
        assert np.array_equal(x == tables.PADDING, y == 0)
        assert y.max() == len(tables.TAGS) - 1
        assert x.shape[1] == tables.LENGTH


def test_sentences_have_many_lengths_and_their_padding_behind(rows: Any) -> None:
    lengths = (rows.x != tables.PADDING).sum(axis=1)
    assert len(np.unique(lengths)) > 8
    assert all((row[:length] > 0).all() for row, length in zip(rows.x, lengths))


def test_the_last_hidden_rows_are_the_first_short_ones_with_the_padding_in_front(rows: Any) -> None:
    front = rows.hidden_x[:, 0] == tables.PADDING
    short = rows.hidden_x[~front][rows.hidden_x[~front][:, -1] == tables.PADDING]
    assert front.sum() == 200
    for back, turned in zip(short, rows.hidden_x[front]):
        assert [word for word in back if word] == [word for word in turned if word]
        assert turned[-1] != tables.PADDING


def test_new_words_are_in_hidden_sentences_only() -> None:
    trained, hidden = tables.draw(random.Random(0), frozenset({"perro", "compró", "maestra"}))
    words_of = [{word for tokens in part for word, _tag in tokens} for part in (trained, hidden)]
    assert not words_of[0] & {"perro", "compró", "maestra"}
    assert words_of[1] & {"perro", "compró", "maestra"}
    assert not set(trained) & set(hidden)


def test_there_are_unknown_words_to_learn_from_and_hidden_ones(rows: Any) -> None:
    assert (rows.x == tables.UNKNOWN).sum() > 200
    assert (rows.hidden_x == tables.UNKNOWN).sum() > 100
    assert not np.isin(rows.hidden_y[rows.hidden_x == tables.UNKNOWN], [tables.TAGS.index("F")]).any()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_most_frequent_tag_is_right_for_at_most_65_percent_of_ambiguous_words(seed: int) -> None:
    rows = tables.make(np.random.default_rng(seed))
    cut = len(rows.x) - tables.HOLDOUT
    asked = np.isin(rows.hidden_x, tables.ambiguous_ids())
    guessed = scores.baseline(rows.x[:cut], rows.y[:cut])[rows.hidden_x]
    assert (guessed == rows.hidden_y)[asked].mean() <= 0.65
    assert asked.sum() > 1_500


def test_padding_counts_for_nothing_in_the_accuracy() -> None:
    y = np.array([[1, 2, 0, 0]])
    said = np.eye(len(tables.TAGS))[[[1, 3, 0, 0]]]
    assert scores.token_accuracy(said, y) == 0.5
    with pytest.raises(ValueError, match="expected"):
        scores.token_accuracy(said[0], y)


def test_the_baseline_is_the_most_frequent_tag_and_noun_where_there_is_none() -> None:
    noun = tables.TAGS.index("N")
    found = scores.baseline(np.array([[5, 5, 5, 7]]), np.array([[2, 2, 3, 4]]))
    assert (found[5], found[7], found[6]) == (2, 4, noun)


def test_what_the_starter_says_of_words_and_tags_is_so() -> None:
    given: dict[str, Any] = {}
    for node in ast.parse(find.solution(LAB).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            given[ast.unparse(node.targets[0])] = ast.literal_eval(node.value)
        elif isinstance(node, ast.AugAssign):
            given[ast.unparse(node.target)] += ast.literal_eval(node.value)
    assert given["WORDS"] == len(tables.words())
    assert len(given["TAGS"]) == len(tables.TAGS)


def test_the_page_of_samples_is_fresh() -> None:
    assert samples.PAGE.read_text(encoding="utf-8") == samples.page()


def test_the_states_of_the_trained_network_follow_from_its_weights() -> None:
    record = json.loads((samples.PAGE.parent / "gates.json").read_text(encoding="utf-8"))
    x, h, c, kernel, recurrent, bias = (
        np.array(record[name]) for name in ("x", "h", "c", "kernel", "recurrent", "bias")
    )
    i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=1)
    memory = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
    assert np.allclose(memory[:-1], c[1:], atol=1e-4)
    assert np.allclose((np.tanh(memory) / (1 + np.exp(-o)))[:-1], h[1:], atol=1e-4)
    assert len(cases.sentence_words()) == len(x)


def _evidence(rows: Any, **changes: Any) -> Evidence:
    """A run whose model is always right."""
    right = np.eye(len(tables.TAGS))[rows.hidden_y]
    fields: dict[str, Any] = {
        "trainings": {"main": TrainingEvidence()},
        "inputs": {"main:hidden": rows.hidden_x},
        "truth": {"main:hidden": rows.hidden_y},
        "predictions": {"main:hidden": right},
        "rows": {"main": (rows.x, rows.y)},
    }
    return Evidence(**(fields | changes))


def test_a_model_that_is_always_right_names_every_word(rows: Any) -> None:
    assert scores.ambiguous(_evidence(rows))[0] == 1
    assert scores.unknown(_evidence(rows))[0] == 1
    assert LAB.check("padding_unread").rule(_evidence(rows)).full


@pytest.mark.parametrize("name", ["sentences", "by_word", "confusion"])
def test_a_figure_is_drawn_when_there_are_answers_and_only_then(rows: Any, name: str) -> None:
    draw = next(figure.draw for figure in LAB.figures if figure.name == name)
    assert draw(_evidence(rows)) is not None
    assert draw(_evidence(rows, predictions={})) is None
    assert draw(_evidence(rows, predictions={"main:hidden": np.zeros((3, 2))})) is None
