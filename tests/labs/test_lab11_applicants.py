"""The table of applicants that ships with the data is what lab 11's generator makes."""

from __future__ import annotations

import numpy as np

from labkit.data import load_table
from labkit.rubric import find
from labkit.rubric.protocol import PUBLIC_SEED

find.lab("lab11")  # puts its folder where the import below finds it

from lab11_logistic.cases import RIGHT, applicants  # noqa: E402


def test_the_table_is_what_students_practise_on() -> None:
    table = load_table("applicants")
    scores, admitted, _chances = applicants(np.random.default_rng(PUBLIC_SEED))
    assert np.array_equal(table.x, scores)
    assert np.array_equal(table.y, admitted)


def test_the_likeliest_line_is_right_about_as_many_as_promised() -> None:
    from sklearn.linear_model import LogisticRegression

    for seed in range(5):
        scores, admitted, _chances = applicants(np.random.default_rng(seed))
        model = LogisticRegression(C=np.inf, max_iter=1000).fit((scores - 65) / 20, admitted)
        assert round(100 * model.score((scores - 65) / 20, admitted)) == RIGHT
        assert 30 <= scores.min() <= scores.max() <= 100
