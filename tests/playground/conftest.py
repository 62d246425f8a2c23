"""A browser, and one process that serves every page to it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Open = Callable[[str], "Page"]

_serving: list[subprocess.Popen[str]] = []
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Page -> its address, and ``folder`` -> where the models are."""
    pytest.importorskip("gradio")
    folder = tmp_path_factory.mktemp("played")
    language = os.environ.get("LABKIT_PLAYED_LANG", "en")
    program = [sys.executable, str(Path(__file__).with_name("serve.py")), str(folder), language]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin and server.stdout
        line = server.stdout.readline()
        assert line, "the pages could not be served"
        _serving.append(server)
        yield {**json.loads(line), "folder": str(folder)}
        server.stdin.close()


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """End the pages after the last test that is about them: so many of them keep a core busy."""
    if nextitem is None or nextitem.path.parent != item.path.parent:
        for server in _serving:
            assert server.stdin
            server.stdin.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this machine, without a window."""
    playwright = pytest.importorskip("playwright.sync_api")
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        pytest.skip(f"No browser was found: none of {', '.join(_BROWSERS)}.")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def opened(addresses: dict[str, str], browser: Browser) -> Iterator[Open]:
    """Open a page by name; in the end nothing may have been asked of anyone else, nor gone wrong.

    Pictures of where each test ended go to the folder in ``LABKIT_PICTURES``, where that is set.
    """
    asked: list[str] = []
    wrong: list[str] = []
    pages: list[tuple[str, Page]] = []

    def open_it(name: str) -> Page:
        page = browser.new_page(viewport={"width": 1100, "height": 800})
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.set_default_timeout(60_000)
        page.goto(addresses[name])
        page.wait_for_selector("#said .said")
        pages.append((name, page))
        return page

    yield open_it
    for name, page in pages:
        if folder := os.environ.get("LABKIT_PICTURES"):
            page.screenshot(path=f"{folder}/{name}.png", full_page=True)
        page.close()
    own = (*(addresses[name] for name, _page in pages), "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
    assert wrong == []
