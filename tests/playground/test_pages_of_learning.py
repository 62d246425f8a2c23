"""The pages on which a network learns and several ways go down, as they are used."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

Open = Callable[[str], "Page"]

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("playground")]


def shown(page: Page, name: str) -> str:
    """The picture in a part of the page."""
    return page.locator(f"#{name} .figure").inner_html()


def typed(page: Page, name: str, value: str) -> None:
    number = page.locator(f"#{name} input[type=number]")
    number.fill(value)
    number.press("Enter")


def choice(page: Page, name: str, place: int) -> Locator:
    return page.locator(f"#{name} input").nth(place)


def test_two_hundred_steps_bend_the_plane_until_xor_is_right(opened: Open) -> None:
    page = opened("backprop")
    before = float(until(page, r" 0: \D*(0\.\d+); 2 ")[1])
    pictures = [shown(page, name) for name in ("network", "plane", "curve")]
    page.locator("#step").click()
    until(page, r" 1: ")
    page.locator("#steps").click()
    assert float(until(page, r" 201: \D*(0\.\d+); 4 ")[1]) < min(before, 1 / 32)
    for name, picture in zip(("network", "plane", "curve"), pictures):
        assert shown(page, name) != picture


def test_a_weight_is_picked_and_moved_with_the_keys(opened: Open) -> None:
    page = opened("backprop")
    before, network = until(page, r"(0\.\d+);")[1], shown(page, "network")
    choice(page, "place", 0).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelector('#value input[type=number]').value == '2.8'")
    slider = page.locator("#value input[type=range]")
    slider.focus()
    for _press in range(5):
        slider.press("ArrowLeft")
    page.wait_for_function(
        "cost => !document.querySelector('#said .said').innerText.includes(cost)", arg=before
    )
    assert shown(page, "network") != network


def test_the_handout_s_sample_goes_the_handout_s_way(opened: Open) -> None:
    page = opened("backprop")
    choice(page, "task", 3).check()
    until(page, r" 0: \D*0\.1250; ")
    assert choice(page, "start", 2).is_checked()
    words = page.locator("#network .figure").get_attribute("aria-label") or ""
    assert "0.5000, 0.5000, 0.5000" in words and "-0.0625, 0.0625, -0.1250" in words
    page.locator("#step").click()
    until(page, r" 1: \D*0\.003\d; ")
    typed(page, "value", "3")
    until(page, r" 0: ")
    page.locator("#anew").click()
    until(page, r" 0: \D*0\.1250; ")


def test_a_new_start_ends_the_run_that_is_under_way(opened: Open) -> None:
    page = opened("backprop")
    page.locator("#steps").click()
    until(page, r" [2-9]0: ")
    choice(page, "start", 1).check()
    until(page, r" 0: ")
    page.wait_for_timeout(600)  # a picture of the run that went on would come by now
    until(page, r" 0: ")
    page.locator("#step").click()
    until(page, r" 1: ")


def test_a_knob_ends_the_run_that_is_under_way(opened: Open) -> None:
    page = opened("optimizers")
    page.locator("#run").click()
    until(page, r" (6|12|18|24|30|36|42): ")
    typed(page, "step", "3")
    until(page, r" 3: ")
    page.wait_for_timeout(600)
    until(page, r" 3: ")


def test_the_ways_part_step_by_step(opened: Open) -> None:
    page = opened("optimizers")
    pictures = shown(page, "map"), shown(page, "curves")
    page.locator("#one").click()
    until(page, r" 1: ")
    page.locator("#run").click()
    assert float(until(page, r" 120: .*?(0\.\d+)")[1]) < 0.01
    assert shown(page, "map") != pictures[0] and shown(page, "curves") != pictures[1]
    page.locator("#back").click()
    until(page, r" 0: .*20\.4")
    slider = page.locator("#step input[type=range]")
    slider.focus()
    slider.press("End")
    until(page, r" 120: ")


def test_too_large_a_rate_makes_descent_fly_off(opened: Open) -> None:
    page = opened("optimizers")
    for place in (2, 3, 4):
        choice(page, "which", place).uncheck()
    page.wait_for_function("document.querySelectorAll('#ways tr').length == 1")
    typed(page, "step", "120")
    assert float(until(page, r" 120: .*?(\d+\.\d+)")[1]) < 1
    typed(page, "rate", "103")
    assert float(until(page, r" 120: \D*(\d\.\d+e\+\d+|\d{2,})")[1]) > 20.4


def test_another_cost_and_another_start_are_other_ways(opened: Open) -> None:
    page = opened("optimizers")
    picture = shown(page, "map")
    choice(page, "cost", 3).check()
    until(page, r" 0: .*\b1\.9\b")
    typed(page, "w1", "0")
    typed(page, "w2", "0")
    height = until(page, r" 0: .*?((?!1\.9)\d\.\d)")[1]
    typed(page, "step", "100")
    assert float(until(page, r" 100: .*?(\d\.\d+)")[1]) == pytest.approx(float(height), abs=0.05)
    assert shown(page, "map") != picture


def test_the_lab_s_own_applicants_are_on_the_page_of_one_neuron(opened: Open) -> None:
    page = opened("logistic")
    page.locator("#steps").click()
    page.wait_for_function("!document.querySelector('#said .said').innerText.includes('0.989')")
    page.locator("#steps").click()
    assert until(page, r"; (\d+) \D*100")[1] in ("88", "89", "90")
