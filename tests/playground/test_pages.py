"""Every page as it is used: in a browser, with the pointer and with the keys."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[[str], "Page"]

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("playground")]


def said(page: Page) -> str:
    """The sentence that the page says."""
    return page.locator("#said .said").inner_text()


def best(page: Page) -> str:
    """The class with the longest bar."""
    return page.locator("#bars .best th").inner_text()


def stroke(page: Page, *places: tuple[float, float]) -> None:
    """Draw through places of the pad, from 0 to 1 across and down."""
    box = page.locator("#pad canvas").bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()


def test_a_digit_that_is_drawn_moves_the_bars(opened: Open) -> None:
    page = opened("digits")
    assert page.locator("#bars .best td").last.inner_text() == "0 %"
    stroke(page, (0.3, 0.25), (0.5, 0.22), (0.7, 0.25), (0.6, 0.5), (0.5, 0.8))
    until(page, r"\b7\b")
    assert best(page) == "7"
    page.locator("#clear").click()
    page.wait_for_function("document.querySelector('#bars .best td:last-child').innerText == '0 %'")
    stroke(page, (0.5, 0.2), (0.5, 0.8))
    until(page, r"\b1\b")


def test_a_digit_can_be_drawn_with_the_keys(opened: Open) -> None:
    page = opened("digits")
    page.locator("#pad canvas").focus()
    for key in [*["ArrowUp"] * 9, " ", *["ArrowDown"] * 18, "Escape"]:
        page.keyboard.press(key)
    until(page, r"\b1\b")
    page.keyboard.press("Delete")
    page.wait_for_function("document.querySelector('#bars .best td:last-child').innerText == '0 %'")


def test_a_digit_of_the_test_set_comes_to_the_pad(opened: Open) -> None:
    page = opened("digits")
    page.locator("#another").click()
    page.wait_for_selector("#note .said")
    truth = re.search(r"\d", page.locator("#note").inner_text())
    assert truth is not None
    until(page, rf"\b{truth[0]}\b")


def test_a_confusion_lists_its_garments_and_each_has_its_bars(opened: Open) -> None:
    page = opened("fashion")
    cell = page.locator("#matrix button[data-pick='6,0']")
    count = int(cell.inner_text())
    cell.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(
        "count => document.querySelector('#heading').innerText.startsWith(count + ' ')", arg=str(count)
    )
    assert page.locator("#garments button").count() == min(24, count)
    before = page.locator("#bars img").get_attribute("src")
    page.locator("#garments button").nth(1).click()
    page.wait_for_function("src => document.querySelector('#bars img').src != src", arg=before)
    shown = page.locator("#garments button img").nth(1).get_attribute("src")
    assert page.locator("#bars img").get_attribute("src") == shown
    assert best(page) == page.locator("#matrix thead th").first.inner_text()


def test_in_a_narrow_window_the_confusions_scroll_in_a_box_of_their_own(opened: Open) -> None:
    page = opened("fashion")
    page.set_viewport_size({"width": 390, "height": 800})
    box = page.locator(".wide:has(.matrix)")
    assert box.get_attribute("aria-label") == "Confusions"
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    box.evaluate("box => box.scrollTo(box.scrollWidth, 0)")
    last = page.locator("#matrix thead th").last.bounding_box()
    assert last is not None and last["x"] + last["width"] <= 390


def test_a_slider_moves_the_answer_among_the_states(opened: Open) -> None:
    page = opened("gasoline")
    before, picture = said(page), page.locator("#cloud").inner_html()
    slider = page.locator("#feature3 input[type=range]")
    slider.focus()
    for _press in range(10):
        slider.press("ArrowRight")
    page.wait_for_function(
        "before => document.querySelector('#said .said').innerText != before", arg=before
    )
    assert page.locator("#cloud").inner_html() != picture
    page.locator("#state").click()
    until(page, r"\b968\b")


def redrawn(page: Page, act: Callable[[], None]) -> None:
    """Do something, and wait until the pad shows it."""
    shown = "document.querySelector('#pad canvas').toDataURL()"
    before = page.evaluate(shown)
    act()
    page.wait_for_function(f"before => {shown} !== before", arg=before)


def test_a_damaged_letter_is_recalled(opened: Open) -> None:
    page = opened("hopfield")
    redrawn(page, page.locator("#letterE").click)
    redrawn(page, page.locator("#damage").click)
    page.locator("#recall").click()
    until(page, r"\bE: ")
    low = float(until(page, r"(-\d+\.\d)\.$")[1])
    slider = page.locator("#step input[type=range]")
    slider.focus()
    slider.press("Home")
    page.wait_for_function("() => !/E: /.test(document.querySelector('#said .said').innerText)")
    assert float(until(page, r"(-?\d+\.\d)\.$")[1]) > low


def test_the_pad_of_letters_turns_cells_with_the_keys(opened: Open) -> None:
    page = opened("hopfield")
    for name in "AE":
        page.locator(f"#stored label:has-text('{name}') input").uncheck()
    redrawn(page, page.locator("#letterU").click)
    page.locator("#pad canvas").focus()
    redrawn(page, lambda: page.keyboard.press(" "))
    page.locator("#recall").click()
    until(page, r"\bU: ")
    assert page.locator("#step input[type=range]").get_attribute("max") == "1"


def test_the_perceptron_rule_parts_the_corners_of_and(opened: Open) -> None:
    page = opened("neuron")
    picture = page.locator("#plane").inner_html()
    for _correction in range(40):
        before = said(page)
        if before.startswith("4 "):
            break
        page.locator("#step").click()
        page.wait_for_function(
            "before => document.querySelector('#said .said').innerText != before", arg=before
        )
        page.wait_for_timeout(250)
    until(page, r"^4 ")
    assert page.locator("#plane").inner_html() != picture
    page.locator("#task label:has-text('XOR') input").check()
    until(page, r"^[0-3] ")


def test_a_spanish_page_speaks_spanish_also_when_it_answers(opened: Open) -> None:
    page = opened("neuron.es")
    assert page.evaluate("document.documentElement.lang") == "es"
    assert page.locator("h1").inner_text() == "Una neurona traza una recta"
    page.locator("#task label:has-text('XOR') input").check()
    until(page, r"^2 de 4 están bien")


def test_the_gradient_lowers_the_cost(opened: Open) -> None:
    page = opened("logistic")
    before = float(until(page, r"(\d\.\d+)")[1])
    page.locator("#w1 input[type=number]").fill("2")
    page.locator("#w1 input[type=number]").press("Enter")
    page.wait_for_function(
        "cost => !document.querySelector('#said .said').innerText.includes(cost)", arg=f"{before:.3f}"
    )
    page.locator("#steps").click()
    until(page, r"\b0\.2\d+")


def test_the_current_makes_spikes(opened: Open) -> None:
    page = opened("hodgkin_huxley")
    knob = page.locator("#current input[type=number]")
    knob.fill("0.5")
    knob.press("Enter")
    until(page, r"^0\.5 .*\D\.$")
    knob.fill("20")
    knob.press("Enter")
    assert int(until(page, r"^20 .*: (\d+)")[1]) > 6


def test_a_number_beyond_a_slider_s_limits_counts_as_the_limit(opened: Open) -> None:
    page = opened("hodgkin_huxley")
    knob = page.locator("#current input[type=number]")
    for typed, taken in (("500", "60"), ("-500", "-10"), ("", "-10")):
        knob.fill(typed)
        until(page, rf"^{taken} ")
        assert page.locator("[data-testid=toast-body]").count() == 0
    knob.fill("500")
    knob.press("Tab")
    until(page, r"^60 ")
    assert knob.input_value() == "60"


def test_the_map_unfolds(opened: Open) -> None:
    page = opened("som")
    crumpled = float(until(page, r"\b0: .*?(0\.\d+)")[1])
    picture = page.locator("#sheet img").get_attribute("src")
    page.locator("#unfold").click()
    assert float(until(page, r"\b24: .*?(0\.\d+)")[1]) < crumpled / 2
    assert page.locator("#sheet img").get_attribute("src") != picture


def test_a_page_asked_for_under_another_name_is_refused(addresses: dict[str, str]) -> None:
    request = urllib.request.Request(addresses["neuron"], headers={"Host": "elsewhere.example"})
    with pytest.raises(urllib.error.HTTPError, match="400") as refused:
        urllib.request.urlopen(request)
    refused.value.close()


def test_the_browser_is_told_to_load_nothing_from_elsewhere(addresses: dict[str, str]) -> None:
    with urllib.request.urlopen(addresses["neuron"]) as answer:
        policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self'")
    assert "http" not in policy and "*" not in policy
