from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from labkit.data import open_array
from labkit.errors import UsageError
from labkit.rubric.protocols import RepeatedHoldOut
from labkit.rubric.protocols.generated import Tables


def numbers(rng: np.random.Generator, number: int) -> Tables:
    x = rng.permutation(30)[:, None] + 100 * number
    return Tables(x[4:], x[4:, 0] % 2, x[:4], x[:4, 0] % 2)


PROTOCOL = RepeatedHoldOut(numbers, repeats=3, lightly=1)


def test_each_draw_is_trained_and_asked_about_its_own_rows_alone(tmp_path: Path) -> None:
    trial = PROTOCOL.prepare(tmp_path, seed=4)
    assert trial.names == ("main", "draw01", "draw02", "draw03")
    for number, (training, question) in enumerate(zip(trial.trainings, trial.questions)):
        trained, asked = open_array(training.x), open_array(question.x)
        assert (len(trained), len(asked)) == (26, 4)
        assert set(np.concatenate([trained, asked])[:, 0]) == set(
            range(100 * number, 100 * number + 30)
        )
        np.testing.assert_array_equal(trial.truth[question.key], asked[:, 0] % 2)
        np.testing.assert_array_equal(open_array(training.y), trained[:, 0] % 2)


def test_evaluate_is_given_the_rows_held_out_of_the_main_training(tmp_path: Path) -> None:
    trial = PROTOCOL.prepare(tmp_path, seed=4)
    assert trial.holdout is not None
    assert trial.questions[0].key == "main:holdout"
    assert trial.questions[0].x == trial.holdout.x
    np.testing.assert_array_equal(open_array(trial.holdout.y), trial.truth["main:holdout"])


def test_labels_of_the_rows_that_count_are_in_no_file(tmp_path: Path) -> None:
    PROTOCOL.prepare(tmp_path, seed=4)
    assert [file.name for file in tmp_path.glob("y_hidden*")] == ["y_hidden_main.npy"]


def test_rows_come_from_the_seed_and_fewer_draws_are_the_first_ones(tmp_path: Path) -> None:
    rows = {}
    for name, protocol, seed in (
        ("one", PROTOCOL, 5),
        ("light", PROTOCOL.lighter(), 5),
        ("other", PROTOCOL, 6),
        ("public", PROTOCOL, None),
    ):
        (tmp_path / name).mkdir()
        trial = protocol.prepare(tmp_path / name, seed)
        rows[name] = [open_array(training.x)[:, 0].tolist() for training in trial.trainings]
    assert rows["light"] == rows["one"][:2]
    assert rows["one"][1] not in (rows["other"][1], rows["public"][1])


def test_a_table_of_ones_own_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Leave out --data"):
        PROTOCOL.prepare(tmp_path, None, tmp_path / "my.csv")
