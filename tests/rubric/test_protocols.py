from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from labkit.data import load, open_array
from labkit.errors import ContentError, UsageError
from labkit.rubric.by_hand import ByHand, Call
from labkit.rubric.protocol import Unrolled
from labkit.rubric.protocols import Adversarial, Generated, HoldOut
from labkit.rubric.protocols.generated import Tables
from labkit.sandbox import calls


def numbers(rng: np.random.Generator) -> Tables:
    x = rng.permutation(60)[:, None]
    return Tables(x[:40], x[:40, 0] % 2, x[40:], x[40:, 0] % 2)


def test_changed_images_are_asked_of_the_student_and_of_the_kits_own_model(tmp_path: Path) -> None:
    protocol = HoldOut(
        "mnist", beside=("dense",), variants={"dark": lambda images: images // 2}, variant_rows=50
    )
    trial = protocol.prepare(tmp_path, seed=None)
    asked = {question.key: question for question in trial.questions}
    assert set(asked) == {"main:hidden", "main:holdout", "main:dark", "dense:dark"}
    own, rows = (open_array(asked[key].x) for key in ("main:dark", "dense:dark"))
    hidden = load("mnist").x_test[:50]
    np.testing.assert_array_equal(own, hidden // 2)
    np.testing.assert_allclose(rows, (hidden // 2).reshape(50, -1) / 255, atol=1e-7)
    for key in ("main:dark", "dense:dark"):
        np.testing.assert_array_equal(trial.truth[key], load("mnist").y_test[:50])
    assert trial.models["dense"].is_file()


def test_data_made_from_a_seed_are_made_again_from_it_alone(tmp_path: Path) -> None:
    protocol = Generated(numbers, holdout=10)
    trials = {}
    for name, seed in (("one", 5), ("again", 5), ("other", 6)):
        (tmp_path / name).mkdir()
        trials[name] = protocol.prepare(tmp_path / name, seed)
    one, again, other = (open_array(trial.trainings[0].x) for trial in trials.values())
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)
    training, holdout = trials["one"].trainings[0], trials["one"].holdout
    assert holdout is not None
    assert (training.start, training.stop, holdout.start, holdout.stop) == (0, 30, 30, None)
    hidden = open_array(next(q.x for q in trials["one"].questions if q.name == "hidden"))
    assert not set(hidden.ravel()) & set(one.ravel())


def test_answers_may_be_asked_for_symbol_by_symbol(tmp_path: Path) -> None:
    asking = Unrolled(steps=4, start=1)
    trial = Generated(numbers, holdout=10, unrolled=asking).prepare(tmp_path, seed=5)
    assert [question.unrolled for question in trial.questions] == [asking, asking]


def test_a_generator_is_asked_in_secret_and_judged_by_the_kits_classifier(tmp_path: Path) -> None:
    trial = Adversarial("mnist", latent=7, images=30).prepare(tmp_path, seed=3)
    asked = {question.key: question for question in trial.questions}
    assert asked["classifier:generated"].after == "main:generated"
    noise = open_array(asked["main:generated"].x)
    assert noise.shape == (30, 7)
    assert abs(noise.mean()) < 0.3 < noise.std()
    real = open_array(asked["classifier:hidden"].x)
    assert (real.shape, real.min(), real.max()) == ((30, 28, 28), 0.0, 1.0)
    assert len(trial.truth["classifier:hidden"]) == 30
    assert trial.part == "generator"
    walk = open_array(asked["main:walk"].x)
    steps = np.linalg.norm(np.diff(walk, axis=0), axis=1).reshape(-1)
    assert steps.max() < np.linalg.norm(walk[0] - walk[8])


@pytest.mark.parametrize("protocol", [HoldOut("mnist"), Generated(numbers, 5), Adversarial("mnist", 2)])
def test_a_table_of_ones_own_is_refused(protocol: HoldOut, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Leave out --data"):
        protocol.prepare(tmp_path, None, tmp_path / "my.csv")


def test_calls_by_hand_come_from_the_seed(tmp_path: Path) -> None:
    made = ByHand(("f",), lambda rng: [Call("f", "hidden", (rng.random(3),))])
    arrays = []
    for seed in (1, 1, 2, None):
        (call,) = calls.read(made.prepare(tmp_path, seed))
        arrays.append(call.arguments[0].tolist())
    assert arrays[0] == arrays[1]
    assert len(set(map(tuple, arrays))) == 3


@pytest.mark.parametrize(
    ("functions", "asked"),
    [
        (("f", "g"), [Call("f", "a", ())]),
        (("f",), [Call("f", "a", ()), Call("g", "a", ())]),
        (("f",), [Call("f", "a", ()), Call("f", "a", ())]),
    ],
)
def test_calls_that_do_not_fit_the_functions_are_refused(
    functions: tuple[str, ...], asked: list[Call], tmp_path: Path
) -> None:
    with pytest.raises(ContentError):
        ByHand(functions, lambda rng: asked).prepare(tmp_path, None)
