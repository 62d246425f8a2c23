"""The course as one page."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from labkit.i18n import LANGUAGES, speaking
from labkit.report.figure_files import Left
from labkit.report.home_page import Newest, Progress, home_page
from labkit.rubric import find

LABS = find.labs()
FIRST, SECOND = LABS[:2]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>drawn</title></svg>'


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, Any]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, Any]]:
        return [attributes for name, attributes in self.found if name == tag]


def page_of(newest: Newest | None, best: float = 7.5) -> str:
    return home_page(LABS, {FIRST.number: Progress(best, newest)})


def section(page: str, name: str) -> str:
    """What the page has of one lab."""
    found = re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)
    assert found
    return found[0]


def test_the_page_has_map_and_handouts_and_nothing_from_outside() -> None:
    page = page_of(Newest(7.5, report="lab10/x/report.html", left=Left(((FIRST.figures[0], SVG),))))
    assert page.count('<details class="handout"') == len(LABS)
    assert 'href="lab10/x/report.html"' in page
    assert f'id="{SECOND.name}"' in page
    assert not re.search(r"<(script|link|iframe)\b", page)
    assert not re.search(r"(src|@import|url\()\s*=?\s*[\"']?https?:", page)


def test_points_of_all_labs_are_added_up_without_the_bonus() -> None:
    lab = find.lab("lab3")
    page = home_page(LABS, {lab.number: Progress(lab.maximum + 1)})
    possible = sum(each.maximum for each in LABS)
    assert f"{lab.maximum:g} of {possible:g} points so far" in page


def test_a_lab_without_a_run_has_nothing_but_its_handout() -> None:
    page = page_of(Newest(2.0, left=Left(((FIRST.figures[0], SVG),), 1)))
    lab = section(page, SECOND.name)
    assert "not tried yet" in lab
    assert "newest run" not in lab
    assert lab.count("<details") == 1
    assert not Tags(lab).of("img")


def test_the_newest_run_is_told_beside_the_best() -> None:
    newest = Newest(2.25, 3.0, "2026-11-21T06:21:25+00:00", "lab10/x/report.html")
    words = re.sub(r"<[^>]+>", " ", section(page_of(newest), FIRST.name))
    told = " ".join(words.split())
    assert f"your points 7.5 / {FIRST.maximum:g}" in told
    assert f"2.25 / {FIRST.maximum:g}, 3 more could not be decided · 2026-11-21 06:21 UTC" in told
    assert "its report" in told


def test_a_run_without_report_time_or_figures_has_none_of_them() -> None:
    lab = section(page_of(Newest(2.0)), FIRST.name)
    assert "its report" not in lab
    assert lab.count("<details") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_folded_away_images_in_the_page_with_words_for_those_who_cannot_see(
    language: str,
) -> None:
    shown = tuple((figure, SVG) for figure in FIRST.figures)
    with speaking(language):
        lab = section(page_of(Newest(2.0, left=Left(shown))), FIRST.name)
        said = [f"{figure.title}. {figure.caption}" for figure in FIRST.figures]
    images = Tags(lab).of("img")
    assert [image["alt"] for image in images] == said
    assert {image["loading"] for image in images} == {"lazy"}
    head, content = images[0]["src"].split(",")
    assert head == "data:image/svg+xml;base64"
    assert base64.b64decode(content) == SVG
    assert "open" not in Tags(lab).of("details")[0]


def test_what_a_figure_holds_is_an_image_and_no_part_of_the_page() -> None:
    evil = b"<svg><script>alert(1)</script></svg>"
    page = page_of(Newest(2.0, left=Left(((FIRST.figures[0], evil),))))
    assert "<script" not in page


def test_figures_that_did_not_fit_are_counted() -> None:
    lab = section(page_of(Newest(2.0, left=Left((), 2))), FIRST.name)
    assert "Too large for this page, and left out: 2." in lab


def test_what_a_record_holds_is_text() -> None:
    page = page_of(Newest(2.0, started="<script>alert(1)</script>"))
    assert "<script" not in page
