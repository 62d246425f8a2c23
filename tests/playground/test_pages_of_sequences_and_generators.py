"""The pages of labs 5 and 6 as they are used: in a browser, with the pointer and with the keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[[str], "Page"]

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("playground")]


def until_tags(page: Page, *tags: str) -> None:
    """Wait until the words have these tags, and the full stop its own."""
    page.wait_for_function(
        """tags => [...document.querySelectorAll("#tags tbody td:nth-child(2)")]
            .map(cell => cell.innerText).slice(0, -1).join(" ") === tags""",
        arg=" ".join(tags),
    )


def gates(page: Page) -> list[str]:
    """What the table says of one unit."""
    return page.locator("#tags tbody td:nth-child(n+4)").all_inner_texts()


def until_other(page: Page, selector: str, act: Callable[[], None]) -> None:
    """Do something, and wait until what is shown there is another."""
    shown = f"document.querySelector('{selector}').outerHTML"
    before = page.evaluate(shown)
    act()
    page.wait_for_function(f"before => {shown} !== before", arg=before)


def pressed(page: Page, slider: str, key: str, times: int) -> None:
    """Press a key on a slider."""
    handle = page.locator(f"#{slider} input[type=range]")
    handle.focus()
    for _press in range(times):
        handle.press(key)


def test_an_early_word_changes_the_tag_of_a_later_one(opened: Open) -> None:
    page = opened("tagger")
    page.locator("#sentence0").click()
    until_tags(page, "determiner", "noun", "verb", "adverb", "adjective")
    picture = page.locator("#gates svg").inner_html()
    page.locator("#sentence textarea, #sentence input").fill("El joven habla muy alto")
    until_tags(page, "determiner", "noun", "verb", "adverb", "adverb")
    assert page.locator("#gates svg").inner_html() != picture
    assert all(each.endswith(" %") for each in page.locator("#tags td:nth-child(3)").all_inner_texts())
    assert page.locator("#tags tbody strong").all_inner_texts() == ["joven", "alto"]


def test_a_later_word_changes_the_tag_of_an_earlier_one(opened: Open) -> None:
    page = opened("tagger")
    page.locator("#sentence2").click()
    until_tags(page, "verb", "determiner", "noun", "adverb")
    page.locator("#sentence3").click()
    until_tags(page, "preposition", "determiner", "noun", "verb", "determiner", "noun")


def test_the_gates_are_those_of_the_chosen_unit_and_direction(opened: Open) -> None:
    page = opened("tagger")
    first = gates(page)
    pressed(page, "unit", "Home", 1)
    page.wait_for_function("() => / 1\\.$/.test(document.querySelector('#tags caption').innerText)")
    second = gates(page)
    assert len(first) == len(second) == 5 * 6 and first != second
    until_other(page, "#tags table", page.locator("#way input").nth(1).check)
    assert gates(page) != second


def test_a_network_without_lstm_has_tags_and_says_why_no_gates(opened: Open) -> None:
    page = opened("tagger.gru")
    page.locator("#sentence3").click()
    until_tags(page, "preposition", "determiner", "noun", "verb", "determiner", "noun")
    assert "Bidirectional(GRU)" in page.locator("#gates").inner_text()
    assert gates(page) == []
    assert not page.locator("#unit").is_visible()


def test_what_it_cannot_be_given_is_said(opened: Open) -> None:
    page = opened("tagger")
    page.locator("#sentence textarea, #sentence input").fill("El ornitorrinco duerme")
    page.wait_for_function("() => document.querySelector('#note').innerText.includes('ornitorrinco')")
    page.locator("#sentence textarea, #sentence input").fill("el gato " * 9 + "salta")
    page.wait_for_function("() => /Left out.*: gato el gato salta\\./.test("
                           "document.querySelector('#note').innerText)")  # fmt: skip
    page.locator("#sentence textarea, #sentence input").fill("")
    page.wait_for_function("() => !document.querySelector('#tags table')")


def test_another_sentence_comes_from_the_lab(opened: Open) -> None:
    page = opened("tagger")
    until_other(page, "#tags table", page.locator("#another").click)
    words = page.locator("#tags tbody th").all_inner_texts()
    text = page.locator("#sentence textarea, #sentence input").input_value()
    assert "".join(words).rstrip("?. ").startswith(text.split()[0].lower())


@pytest.mark.parametrize("slider", ["way", "first", "second"])
def test_a_slider_walks_through_latent_space(opened: Open, slider: str) -> None:
    page = opened("latent")
    until_other(page, "#here img", lambda: pressed(page, slider, "ArrowRight", 6))
    changed = "#plane img" if slider == "way" else "#line img"
    until_other(page, changed, lambda: pressed(page, slider, "End", 1))


def test_a_walk_back_ends_where_it_began(opened: Open) -> None:
    page = opened("latent")
    before = page.locator("#here img").get_attribute("src")
    until_other(page, "#here img", lambda: pressed(page, "way", "End", 1))
    pressed(page, "way", "Home", 1)
    page.wait_for_function("src => document.querySelector('#here img').src === src", arg=before)


def test_another_place_has_a_seed_that_brings_it_back(opened: Open) -> None:
    page = opened("latent")
    first = page.locator("#line img").get_attribute("src")
    until_other(page, "#line img", page.locator("#another").click)
    seed = page.locator("#seed input")
    assert seed.input_value() == "2"
    seed.fill("1")
    seed.press("Enter")
    page.wait_for_function("src => document.querySelector('#line img').src === src", arg=first)
    assert page.locator("#said .said").inner_text().startswith("Smooth")


@pytest.mark.parametrize("name", ["tagger", "latent"])
def test_a_narrow_window_shows_the_page_without_scrolling_sideways(opened: Open, name: str) -> None:
    page = opened(name)
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    picture = page.locator("#gates svg" if name == "tagger" else "#plane img").bounding_box()
    assert picture is not None and 300 < picture["width"] <= 400
