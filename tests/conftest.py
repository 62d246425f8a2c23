"""What many tests share: a warm launcher, and folders of their own for cache and runs."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.sandbox.launch import Launcher

if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # run in the background: tests send it all the same
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    """One warm parent for the whole session; every run is a fork of it."""
    with Launcher(width=2) as launcher:
        yield launcher


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for runs, in place of the checkout's."""
    folder = tmp_path / "runs"
    monkeypatch.setenv("LABKIT_RUNS", str(folder))
    return folder


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse to go on where pytest-xdist spreads what belongs together: it would be made anew."""
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        if any(item.iter_markers("xdist_group")) and "@" not in item.nodeid:
            raise pytest.UsageError("pytest-xdist keeps no groups with this version of pytest")
