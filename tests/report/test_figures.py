"""Figures: everything in sight, the same bytes for the same grade, whatever a run left."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from labkit.i18n import LANGUAGES, speaking
from labkit.report import figures
from labkit.rubric.evidence import Evidence, TrainingEvidence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAN, INF = float("nan"), float("inf")
HISTORIES: dict[str, dict[str, list[float]]] = {
    "usual": {"loss": [0.31, 0.15, 0.08], "val_loss": [0.2, 0.1, 0.12], "accuracy": [0.9, 0.97, 0.98]},
    "large": {"loss": [13_000.0, 9_000.0, 3_000.0], "mae": [85.0, 60.0, 41.5]},
    "huge and tiny": {"loss": [1e6, 3e6, 2.5e6], "mae": [1e-5, 2e-5, 2.5e-5], "x": [1e9, -1e9]},
    "offset": {"loss": [1_000_000.1, 1_000_000.2, 1_000_000.15], "val_loss": [3.0, 2.0]},
    "one epoch": {"loss": [0.7], "accuracy": [0.5]},
    "many epochs": {"loss": list(np.linspace(-250, 100, 1000))},
}
HOSTILE: dict[str, dict[str, list[float]]] = {
    "beyond limits": {"loss": [1e300, 1.7e308, -1e308], "val_loss": [1e308, -1e308, 0.0]},
    "infinite": {"loss": [INF, 1.0], "val_loss": [-INF, NAN]},
    "mathematics": {"loss": [1.0, 2.0], "$\\frac{$": [1.0, 2.0]},
    "control characters": {"lo\nss\x00\x1b[31m\u202e": [1.0, 2.0]},
    "foreign letters": {"語": [1.0, 2.0]},
    "endless name": {"x" * 5000: [1.0]},
    "no name": {"": [1.0], "_": [2.0]},
    "nothing": {"loss": [], "val_loss": []},
    "of different lengths": {"loss": [1.0] * 5, "val_loss": [2.0], "accuracy": []},
}


def images(dataset_classes: int = 10) -> Evidence:
    """A run on images made up, wrong about most of them and sure of it."""
    generator = np.random.default_rng(0)
    pictures = generator.integers(0, 256, (40, 28, 28), np.uint8)
    labels = np.arange(40) % dataset_classes
    answers = np.eye(dataset_classes)[(labels + np.arange(40) // 20) % dataset_classes]
    return Evidence(
        trainings={"main": TrainingEvidence()},
        predictions={"main:hidden": answers},
        truth={"main:hidden": labels},
        inputs={"main:hidden": pictures},
        rows={"main": (pictures, labels)},
    )


def assert_in_sight(figure: Figure) -> None:
    """Nothing reaches beyond the edge of the figure."""
    (left, bottom), (right, top) = figure.get_tightbbox().get_points()
    width, height = figure.get_size_inches() + 1e-6
    assert min(left, bottom) >= -1e-6 and right <= width and top <= height


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", HISTORIES)
def test_curves_have_room_for_their_words(kind: str, language: str) -> None:
    with speaking(language):
        figure = figures.learning_curves(HISTORIES[kind])
        assert figure is not None
        assert_in_sight(figure)


@pytest.mark.parametrize("kind", HISTORIES)
def test_curves_side_by_side_do_not_meet(kind: str) -> None:
    figure = figures.learning_curves(HISTORIES[kind])
    assert figure is not None
    boxes = [axes.get_tightbbox() for axes in figure.axes]
    assert all(one.x1 <= other.x0 for one, other in pairwise(boxes))
    assert len({round(axes.bbox.width, 3) for axes in figure.axes}) == 1


@pytest.mark.parametrize("kind", HOSTILE)
def test_any_history_can_be_drawn(kind: str) -> None:
    figure = figures.learning_curves(HOSTILE[kind])
    assert figure is not None
    assert figures.svg(figure).rstrip().endswith("</svg>")


def test_epochs_are_whole_numbers() -> None:
    figure = figures.learning_curves(HISTORIES["one epoch"])
    assert figure is not None
    for axes in figure.axes:
        low, high = axes.get_xlim()
        assert [tick for tick in axes.get_xticks() if low <= tick <= high] == [1.0]


def test_a_label_of_two_lines_has_room() -> None:
    figure = figures.canvas(5.6, 3.4)
    axes = figure.subplots()
    axes.plot([0, 1], [-250_000, 100])
    axes.set_xlabel("predicted")
    axes.set_ylabel("predicted - measured\n(millions of gallons)")
    assert_in_sight(figures.settle(figure))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist"])
def test_a_confusion_matrix_has_room_for_its_names(dataset: str, language: str) -> None:
    with speaking(language):
        figure = figures.confusion(images(), dataset)
        assert figure is not None
        assert_in_sight(figure)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("draw", [figures.samples, figures.most_wrong])
@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist"])
def test_titles_of_images_do_not_meet(dataset: str, draw: Any, language: str) -> None:
    with speaking(language):
        figure = draw(images(), dataset)
        figure.set_dpi(300)  # letters are then not stretched to whole pixels, as in an SVG
        boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    assert len(boxes) == 20
    for row in (boxes[:10], boxes[10:]):
        assert all(one.x1 < other.x0 for one, other in pairwise(row))
    assert_in_sight(figure)


def test_every_image_of_a_sheet_stands_under_its_title() -> None:
    run = images()
    figure = figures.samples(run, "mnist")
    assert figure is not None
    (axes,) = figure.axes
    picture = np.asarray(axes.images[0].get_array())[..., 0]
    for text, image, label in zip(axes.texts, *run.rows["main"]):
        x, y = text.get_position()
        left, top = round(x - 14), next(t for t in range(int(y), 99) if (picture[t] < 255).any())
        np.testing.assert_array_equal(picture[top : top + 28, left : left + 28], 255 - image)
        assert text.get_text() == str(label)


@pytest.mark.parametrize("draw", [figures.samples, figures.confusion, figures.most_wrong])
def test_a_figure_is_the_same_to_the_byte_when_drawn_again(draw: Any) -> None:
    one, other = (figures.svg(draw(images(), "fashion_mnist")) for _time in range(2))
    assert one == other


def test_a_figure_needs_no_font_and_nothing_from_elsewhere() -> None:
    picture = figures.svg(figures.most_wrong(images(), "mnist"))
    assert "<text" not in picture
    assert 'href="http' not in picture
    assert 'href="data:image/png;base64,' in picture
