"""What a training says of its epochs, read while it goes: nothing is believed, nothing read twice."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.rubric.epochs import Epoch, Follower, Stopping, parsed

LINE = {"fit": 1, "epoch": 1, "epochs": 5, "seconds": 0.5, "logs": {"loss": 1.0}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def line(**changed: object) -> bytes:
    return json.dumps({**LINE, **changed}).encode() + b"\n"


def test_a_line_is_an_epoch() -> None:
    stopping = {"monitor": "val_loss", "best": 0.5, "wait": 1, "patience": 3}
    assert list(parsed(line(stopping=stopping))) == [
        Epoch(1, 1, 5, 0.5, {"loss": 1.0}, Stopping("val_loss", 0.5, 1, 3))
    ]


def test_a_loss_that_is_no_number_any_more_is_kept_and_a_best_one_is_not() -> None:
    stopping = {"monitor": "loss", "best": float("inf"), "wait": 0, "patience": 3}
    [epoch] = parsed(line(logs={"loss": float("nan")}, stopping=stopping))
    assert epoch.logs["loss"] != epoch.logs["loss"]
    assert epoch.stopping == Stopping("loss", None, 0, 3)


@pytest.mark.parametrize(
    "changed",
    [
        {"epoch": 0},
        {"epoch": 1.5},
        {"epochs": 10**12},
        {"fit": None},
        {"seconds": float("nan")},
        {"seconds": -1},
        {"seconds": "1"},
        {"logs": ["loss"]},
        {"logs": {"loss": "1"}},
        {"logs": {"loss": 10**400}},
        {"stopping": "val_loss"},
        {"stopping": {"monitor": "val_loss"}},
    ],
)
def test_a_malformed_line_is_left_out(changed: dict[str, object]) -> None:
    assert list(parsed(line(**changed) + line(epoch=2))) == list(parsed(line(epoch=2)))


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_written_there_nothing_is_raised(content: bytes) -> None:
    list(parsed(content))


@given(st.dictionaries(st.sampled_from([*LINE, "stopping"]), JSON))
def test_whatever_a_field_holds_what_comes_of_it_is_an_epoch(changed: dict[str, object]) -> None:
    for epoch in parsed(line(**changed)):
        assert 1 <= epoch.epoch < 10**9
        assert epoch.seconds >= 0
        assert all(isinstance(value, float) for value in epoch.logs.values())


@given(cuts=st.lists(st.integers(1, 400), max_size=12))
def test_however_a_file_grows_every_epoch_comes_once(
    cuts: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("run") / "progress.jsonl"
    content = b"".join(line(epoch=number) for number in range(1, 6))
    follower, start = Follower(path), 0
    assert follower.epochs() == ()
    for cut in [*cuts, len(content)]:
        with path.open("ab") as stream:
            stream.write(content[start : start + cut])
        start += cut
        seen = follower.epochs()
        assert seen == tuple(parsed(content[: content[:start].rfind(b"\n") + 1]))
    assert [epoch.epoch for epoch in seen] == [1, 2, 3, 4, 5]
    assert follower.epochs() is seen


def test_only_so_much_is_read(tmp_path: Path) -> None:
    path = tmp_path / "progress.jsonl"
    path.write_bytes(b" " * 5 * 2**20 + b"\n" + line())
    assert Follower(path).epochs() == ()
    path.write_bytes(line() * 10_000)
    assert len(Follower(path).epochs()) == 4_000


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_plain_file_is_not_read(kind: str, tmp_path: Path) -> None:
    path, other = tmp_path / "progress.jsonl", tmp_path / "other"
    other.write_bytes(line())
    {"link": lambda: path.symlink_to(other), "pipe": lambda: os.mkfifo(path), "folder": path.mkdir}[
        kind
    ]()
    assert Follower(path).epochs() == ()
