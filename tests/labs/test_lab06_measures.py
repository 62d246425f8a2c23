from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.rubric import find
from labkit.rubric.evidence import Evidence, ModelEvidence, Step, StepState, TrainingEvidence
from labkit.rubric.verdict import Status, Verdict

LAB = find.lab("lab6")  # puts its folder where the imports below find it

from lab06_gan import judging, measures  # noqa: E402

SEEDS = st.integers(0, 2**32 - 1)


def _rows(seed: int, count: int = 50, features: int = 4) -> np.ndarray:
    """Rows of correlated features around some place."""
    generator = np.random.default_rng(seed)
    mixing = generator.normal(size=(features, features))
    return generator.normal(size=(count, features)) @ mixing + generator.normal(size=features)


# --- Fréchet distance


@given(SEEDS)
def test_a_cloud_is_at_no_distance_from_itself(seed: int) -> None:
    rows = _rows(seed)
    assert measures.frechet(rows, rows[::-1]) == pytest.approx(0, abs=1e-6)


@given(SEEDS)
def test_the_distance_is_the_same_both_ways(seed: int) -> None:
    a, b = _rows(seed), _rows(seed + 1, count=30)
    assert measures.frechet(a, b) == pytest.approx(measures.frechet(b, a), rel=1e-6, abs=1e-6)


@given(SEEDS)
def test_turning_both_clouds_changes_nothing(seed: int) -> None:
    a, b = _rows(seed), _rows(seed + 1)
    turn, _r = np.linalg.qr(np.random.default_rng(seed).normal(size=(4, 4)))
    assert measures.frechet(a @ turn, b @ turn) == pytest.approx(measures.frechet(a, b), rel=1e-6)


def test_of_single_numbers_it_is_the_difference_of_means_and_of_deviations() -> None:
    a, b = np.array([[0.0], [4.0]]), np.array([[1.0], [11.0]])
    sigma = np.sqrt([8.0, 50.0])
    expected = (2 - 6) ** 2 + (sigma[0] - sigma[1]) ** 2
    assert measures.frechet(a, b) == pytest.approx(expected)


def test_a_shift_counts_by_its_square() -> None:
    rows = _rows(0)
    assert measures.frechet(rows, rows + np.array([3, 4, 0, 0])) == pytest.approx(25)


def test_a_cloud_that_is_a_point_has_a_distance_like_any_other() -> None:
    rows = _rows(0)
    spread = np.trace(np.cov(rows, rowvar=False))
    point = np.tile(rows.mean(axis=0), (9, 1))
    assert measures.frechet(point, rows) == pytest.approx(spread)


@given(SEEDS)
def test_a_root_times_itself_is_the_matrix(seed: int) -> None:
    matrix = np.cov(_rows(seed, count=3), rowvar=False)  # of rank two
    half = measures.root(matrix)
    assert half @ half == pytest.approx(matrix, abs=1e-8)
    assert half == pytest.approx(half.T)


# --- Classes


def test_shares_count_the_most_probable_class() -> None:
    probabilities = np.eye(10)[[3, 3, 7, 0]]
    shares = measures.shares(probabilities)
    assert shares[[0, 3, 7]].tolist() == [0.25, 0.5, 0.25]
    assert shares.sum() == 1


@given(SEEDS)
def test_coverage_is_one_for_equal_shares_alone(seed: int) -> None:
    generator = np.random.default_rng(seed)
    a, b = generator.dirichlet(np.ones(10), size=2)
    assert measures.coverage(a, a) == pytest.approx(1)
    assert measures.coverage(a, b) == pytest.approx(measures.coverage(b, a))
    assert 0 < measures.coverage(a, b) < 1


def test_one_class_of_ten_covers_a_tenth() -> None:
    assert measures.coverage(np.eye(10)[2], np.full(10, 0.1)) == pytest.approx(0.1)


def test_confidence_is_the_mean_of_the_highest() -> None:
    assert measures.confidence(np.array([[0.9, 0.1], [0.4, 0.6]])) == pytest.approx(0.75)


def test_features_and_probabilities_are_parted_where_the_classifier_joins_them() -> None:
    answers = np.arange(74.0)[None]
    assert measures.features(answers).shape == (1, 64)
    assert measures.probabilities(answers)[0, 0] == 64


# --- Nearest training images


def _training(count: int) -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (count, 2, 3), dtype=np.uint8)


def test_the_nearest_is_what_comparing_every_pair_finds() -> None:
    training, images = _training(9_000), np.random.default_rng(6).random((20, 2, 3))
    pairs = np.linalg.norm((images[:, None] - training / 255).reshape(20, 9_000, 6), axis=2)
    far, which = measures.nearest(images, training)
    assert far == pytest.approx(pairs.min(axis=1), abs=1e-4)
    assert which.tolist() == pairs.argmin(axis=1).tolist()


@pytest.mark.parametrize("row", [0, 3_999, 4_000, 8_998])
def test_a_training_image_is_found_wherever_it_stands(row: int) -> None:
    training = _training(8_999)
    far, which = measures.nearest(training[row : row + 1] / 255, training)
    assert far[0] == pytest.approx(0, abs=1e-3)
    assert (training[which[0]] == training[row]).all()


@given(SEEDS)
def test_a_twin_is_what_comparing_every_pair_finds(seed: int) -> None:
    images = np.random.default_rng(seed).random((12, 2, 3))
    pairs = np.linalg.norm((images[:, None] - images).reshape(12, 12, 6), axis=2)
    np.fill_diagonal(pairs, np.inf)
    assert measures.twins(images) == pytest.approx(pairs.min(axis=1), abs=1e-6)


def test_two_equal_images_are_each_others_twins() -> None:
    images = np.random.default_rng(0).random((3, 28, 28))
    far = measures.twins(images[[0, 1, 2, 1]])
    assert far[[1, 3]] == pytest.approx(0, abs=1e-5)
    assert (far[[0, 2]] > 5).all()


# --- Rules


def _answers(classes: np.ndarray, seed: int = 0) -> np.ndarray:
    """What a classifier says that is sure: features around a place for every class."""
    generator = np.random.default_rng(seed)
    places = 3 * np.random.default_rng(99).random((10, 64))
    features = places[classes] + generator.normal(size=(len(classes), 64))
    return np.hstack([features, 0.09 * np.eye(10)[classes] * 10 + 0.01])


def _evidence(**changes: Any) -> Evidence:
    """Two thousand random images that the classifier takes for every digit equally often."""
    generator = np.random.default_rng(1)
    digits = np.arange(2_000) % 10
    losses = {"discriminator_loss": [1.0, 1.2], "generator_loss": [1.5, 1.1]}
    steps = ("import", "define", "compile", "fit", "export", "evaluate", "predict")
    watched = generator.random((3, 25, 28, 28)).astype("float16")
    main = TrainingEvidence(
        steps=tuple(Step(name, StepState.DONE) for name in steps),
        history=losses,
        claims={name: values[-1] for name, values in losses.items()},
        watched=watched,
    )
    images = generator.random((2_000, 28, 28)).astype("float32")
    fields: dict[str, Any] = {
        "trainings": {"main": main},
        "models": {"main": ModelEvidence({"layers": []})},
        "inputs": {"classifier:hidden": images[::-1]},
        "predictions": {
            "main:generated": images,
            "main:walk": images[:48],
            "classifier:generated": _answers(digits),
            "classifier:hidden": _answers(digits, seed=2),
        },
        "rows": {"main": (np.zeros((60, 28, 28), np.uint8), np.zeros(60, np.uint8))},
        "replay": "ended",
    }
    return Evidence(**(fields | changes))


def _changed(key: str, value: np.ndarray | None) -> Evidence:
    """The same with another answer to one question, or none."""
    predictions = {**_evidence().predictions}
    del predictions[key]
    return _evidence(predictions=predictions if value is None else predictions | {key: value})


def _verdict(check: str, evidence: Evidence) -> Verdict:
    return LAB.check(check).rule(evidence)


MEASURED = ("coverage", "confidence", "frechet")


def test_the_points_come_to_ten() -> None:
    assert LAB.maximum == 10


@pytest.mark.parametrize("check", ["images", "losses", "evaluate", "variety", "originals", *MEASURED])
def test_images_like_the_real_ones_earn_every_point(check: str) -> None:
    assert _verdict(check, _evidence()).full


def test_fewer_digits_earn_fewer_points_until_four_are_gone() -> None:
    earned = []
    for kinds in (8, 7, 6):
        answers = _answers(np.arange(2_000) % kinds)
        earned.append(_verdict("coverage", _changed("classifier:generated", answers)).fraction)
    assert earned[0] == 1
    assert 1 > earned[1] > earned[2] == 0


@pytest.mark.parametrize("check", ["coverage", "frechet"])
def test_one_image_for_any_noise_loses_points(check: str) -> None:
    one = np.tile(_answers(np.array([3])), (2_000, 1))
    assert _verdict(check, _changed("classifier:generated", one)).fraction == 0


def test_an_unsure_classifier_costs_points() -> None:
    answers = _answers(np.arange(2_000) % 10)
    answers[:, 64:] = 0.1
    assert _verdict("confidence", _changed("classifier:generated", answers)).fraction == 0


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((2_000, 784), "float32"),
        np.full((2_000, 28, 28), -1, "float32"),
        np.full((2_000, 28, 28), 255, "float32"),
        np.full((2_000, 28, 28), np.nan, "float32"),
    ],
)
def test_what_is_no_image_of_0_to_1_is_refused(images: np.ndarray) -> None:
    assert _verdict("images", _changed("main:generated", images)).status is Status.FAILED


@pytest.mark.parametrize(("copied", "share"), [(0, 1.0), (5, 1.0), (50, 0.0), (500, 0.0)])
def test_copies_of_training_images_cost_points(copied: int, share: float) -> None:
    images = _evidence().predictions["main:generated"]
    training = (255 * images[:copied]).round().astype(np.uint8)
    rows = np.concatenate([np.zeros((60, 28, 28), np.uint8), training])
    verdict = _verdict("originals", _evidence(rows={"main": (rows, np.zeros(len(rows)))}))
    assert verdict.data["value"] == pytest.approx(copied / judging.COMPARED)
    assert verdict.fraction == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize(("different", "share"), [(2_000, 1.0), (400, 0.0), (1, 0.0)])
def test_images_that_come_again_cost_points(different: int, share: float) -> None:
    images = np.resize(_evidence().predictions["main:generated"][:different], (2_000, 28, 28))
    assert _verdict("variety", _changed("main:generated", images)).fraction == share


@pytest.mark.parametrize("missing", ["discriminator_loss", "generator_loss"])
@pytest.mark.parametrize("value", [[], [float("nan")]])
def test_a_loss_that_is_missing_or_no_number_is_named(missing: str, value: list[float]) -> None:
    history = {"discriminator_loss": [1.0], "generator_loss": [1.0], missing: value}
    steps = tuple(Step(name, StepState.DONE) for name in ("import", "fit"))
    evidence = _evidence(trainings={"main": TrainingEvidence(steps=steps, history=history)})
    verdict = _verdict("losses", evidence)
    assert verdict.status is Status.FAILED
    assert missing in str(verdict.message)


@pytest.mark.parametrize("check", ["images", "variety", "originals", *MEASURED])
def test_a_lost_replay_is_not_the_students(check: str) -> None:
    evidence = _evidence(predictions={}, replay="lost")
    assert _verdict(check, evidence).status is Status.UNKNOWN


def test_a_classifier_that_says_nothing_is_not_the_students() -> None:
    assert _verdict("frechet", _changed("classifier:hidden", None)).status is Status.UNKNOWN


def test_a_generator_that_says_nothing_is() -> None:
    assert _verdict("images", _changed("main:generated", None)).status is Status.FAILED


# --- Figures


@pytest.mark.parametrize("figure", LAB.figures, ids=lambda figure: figure.name)
def test_a_figure_is_drawn_when_there_is_something_to_see_and_only_then(figure: Any) -> None:
    assert figure.draw(_evidence()) is not None
    nothing = _evidence(predictions={}, trainings={"main": TrainingEvidence()})
    assert figure.draw(nothing) is None


@pytest.mark.parametrize("figure", LAB.figures, ids=lambda figure: figure.name)
def test_images_of_another_shape_are_left_out(figure: Any) -> None:
    flat = np.zeros((2_000, 784))
    predictions = {**_evidence().predictions, "main:generated": flat, "main:walk": flat[:48]}
    main = TrainingEvidence(watched=np.zeros((3, 25, 784)))
    assert figure.draw(_evidence(predictions=predictions, trainings={"main": main})) is None


def test_the_film_has_a_frame_for_every_epoch_and_one_before() -> None:
    (figure,) = (figure for figure in LAB.figures if figure.name == "film")
    svg = figure.draw(_evidence())
    assert svg.count("<image") == 3
    assert "untrained" in svg
    assert "epoch 2" in svg
