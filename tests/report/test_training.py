"""A training on a few lines of the terminal: whatever it wrote, they fit, and say what there is."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from labkit.report.training import lines, seconds_left
from labkit.rubric.epochs import Epoch, Stopping

NUMBERS = st.floats() | st.sampled_from([1e308, -1e308, 5e-324, 0.0])
STOPPINGS = st.none() | st.builds(
    Stopping,
    monitor=st.text(),
    best=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    wait=st.integers(0, 10**8),
    patience=st.integers(0, 10**8),
)
EPOCHS = st.builds(
    Epoch,
    fit=st.integers(1, 3) | st.integers(1, 10**8),
    epoch=st.integers(1, 10**8),
    epochs=st.sampled_from([1, 5]) | st.integers(1, 10**8),
    seconds=st.floats(0, 1e8),
    logs=st.dictionaries(st.sampled_from(["loss", "val_loss"]) | st.text(), NUMBERS, max_size=4),
    stopping=STOPPINGS,
)


def course(
    losses: list[float], *, epochs: int = 0, validation: list[float] | None = None, **given: object
) -> list[Epoch]:
    """A training of a second an epoch."""
    found = []
    for place, loss in enumerate(losses):
        logs = {"loss": loss} | ({"val_loss": validation[place]} if validation else {})
        found.append(Epoch(1, place + 1, epochs or len(losses), place + 1.0, logs, **given))  # type: ignore[arg-type]
    return found


@given(
    st.lists(EPOCHS, max_size=8),
    st.sampled_from(["utf-8", "ascii", "cp437", "latin-1", "no such"]),
    st.integers(20, 120),
    st.integers(1, 4),
)
def test_whatever_a_run_wrote_lines_fit_and_can_be_shown(
    epochs: list[Epoch], encoding: str, columns: int, rows: int
) -> None:
    drawn = lines(epochs, encoding, columns=columns, rows=rows)
    assert bool(drawn) == bool(epochs)
    assert len(drawn) <= 4 + 2 * rows + 2
    for line in drawn:
        assert cell_len(line) <= columns
        assert "\n" not in line
        assert "\x1b" not in line
        line.encode(encoding if encoding != "no such" else "ascii")


@example([0.0, 5e-324], "utf-8")
@example([-1.7e308, 1.7e308], "ascii")
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40), st.sampled_from(["utf-8", "ascii"]))
def test_a_higher_value_never_stands_lower(values: list[float], encoding: str) -> None:
    heights = curve(lines(course(values), encoding, rows=3)[1:4], encoding)
    pairs = list(zip(values, heights))
    assert len(heights) == len(values)
    assert all(a <= b for x, a in pairs for y, b in pairs if x < y)
    if max(values) > min(values):
        assert min(heights) == 1
        assert max(heights) == {"utf-8": 24, "ascii": 9}[encoding]


def curve(rows: tuple[str, ...], encoding: str) -> list[int]:
    """The height of each column of a plot, read off the screen."""
    signs = " ▁▂▃▄▅▆▇█" if encoding == "utf-8" else " .:|"
    plots = [row[25:] for row in rows]
    width = max(map(len, plots))
    return [sum(signs.index(c) for c in column) for column in zip(*(p.ljust(width) for p in plots))]


@pytest.mark.parametrize("count", [56, 200, 1500])
def test_long_trainings_are_squeezed_into_the_columns(count: int) -> None:
    falling = [1 - place / count for place in range(count)]
    heights = curve(lines(course(falling), "utf-8")[1:3], "utf-8")
    assert len(heights) == 55
    assert heights == sorted(heights, reverse=True)


def test_loss_and_validation_loss_are_drawn_on_one_scale() -> None:
    drawn = lines(course([2.0, 1.0], validation=[3.0, 3.0]), "utf-8")
    assert max(curve(drawn[1:3], "utf-8")) < min(curve(drawn[3:5], "utf-8"))


def test_last_and_lowest_value_are_said() -> None:
    drawn = lines(course([2.0, 0.5, 1.25]), "utf-8")
    assert drawn[1].split()[:2] == ["loss", "1.25"]
    assert drawn[2].split()[:2] == ["lowest", "0.5"]


def test_a_loss_that_falls_far_is_drawn_logarithmically_and_says_so() -> None:
    assert "logarithmic scale" in lines(course([100.0, 10.0, 1.0]), "utf-8")[0]
    assert "logarithmic" not in lines(course([3.0, 2.0, 1.0]), "utf-8")[0]
    heights = curve(lines(course([100.0, 10.0, 1.0]), "utf-8", rows=3)[1:4], "utf-8")
    assert heights[0] - heights[1] == pytest.approx(heights[1] - heights[2], abs=1)


def test_a_loss_that_is_no_number_any_more_is_said_and_leaves_a_gap() -> None:
    drawn = lines(course([2.0, 1.0, math.nan]), "utf-8")
    assert drawn[1].split()[:2] == ["loss", "nan"]
    assert len(curve(drawn[1:3], "utf-8")) == 2


def test_time_left_is_that_of_the_latest_epochs() -> None:
    slow_first = [Epoch(1, n, 100, 50.0 + 2 * n) for n in range(1, 41)]
    assert seconds_left(slow_first) == pytest.approx(120)
    thinned = [Epoch(1, n, 5000, 0.5 * n) for n in range(16, 1000, 16)]
    assert seconds_left(thinned) == pytest.approx((5000 - 992) / 2)
    assert seconds_left(slow_first[:1]) is None
    assert seconds_left(course([1.0, 1.0])) is None


@pytest.mark.parametrize(
    ("epochs", "words"),
    [(13, "about 10 s left"), (92, "about 89 s left"), (183, "about 3 min left")],
)
def test_time_left_is_said_in_round_words(epochs: int, words: str) -> None:
    assert lines(course([3.0, 2.0, 1.0], epochs=epochs), "utf-8")[0].endswith(f"· {words}")


def test_where_training_may_stop_early_the_time_is_the_most() -> None:
    stopping = Stopping("val_loss", 0.5, 2, 5)
    drawn = lines(course([1.0, 1.0, 1.0], epochs=10, stopping=stopping), "utf-8")
    assert drawn[0] == "epoch 3 of 10 · at most about 7 s left"
    assert drawn[-1] == ("early stopping: val_loss, best 0.5 · 2 of 5 epochs without improvement")


def test_a_monitor_that_is_never_computed_is_told() -> None:
    drawn = lines(course([1.0, 1.0], stopping=Stopping("val_los", None, 0, 5)), "utf-8")
    assert drawn[-1] == "early stopping: val_los, no value yet"


def test_of_several_trainings_the_last_one_is_shown() -> None:
    first, second = course([9.0, 8.0]), [Epoch(2, 1, 3, 1.0, {"loss": 1.0})]
    drawn = lines([*first, *second], "utf-8")
    assert drawn[0] == "training 2 · epoch 1 of 3"
    assert len(curve(drawn[1:3], "utf-8")) == 1


def test_a_loop_of_single_epochs_is_one_training() -> None:
    loop = [Epoch(n, 1, 1, 0.1, {"loss": 5.0 - n}) for n in range(1, 5)]
    drawn = lines(loop, "utf-8")
    assert drawn[0] == "epoch 4"
    assert len(curve(drawn[1:3], "utf-8")) == 4


def test_without_a_loss_two_other_values_are_drawn() -> None:
    drawn = lines([Epoch(1, 1, 2, 1.0, {"d_loss": 1.0, "g_loss": 2.0, "c": 3.0})], "ascii", rows=1)
    assert [line.split()[0] for line in drawn[1:]] == ["d_loss", "g_loss"]
