"""What the tests of several pages wait for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def until(page: Page, pattern: str) -> re.Match[str]:
    """Wait for a sentence of this pattern."""
    found = page.wait_for_function(
        """pattern => {
            const said = document.querySelector("#said .said").innerText;
            return new RegExp(pattern).test(said) && said;
        }""",
        arg=pattern,
    )
    match = re.search(pattern, str(found.json_value()))
    assert match is not None
    return match
