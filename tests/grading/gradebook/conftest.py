from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Set this machine's time zone."""
    if os.name != "posix":
        pytest.skip("Windows sets its zone for the whole machine")

    def settle(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield settle
    monkeypatch.undo()
    time.tzset()
