from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from labkit.i18n import speaking
from labkit.report.course_map import chapters, course_map
from labkit.rubric import find

LABS = find.labs()
SVG = "{http://www.w3.org/2000/svg}"


def _drawn(best: dict[int, float] | None = None, links: dict[int, str] | None = None):
    return ElementTree.fromstring(course_map(LABS, best or {}, links or {}))


def _numbers(element: ElementTree.Element, name: str) -> list[float]:
    return [float(box.attrib[name]) for box in element.iter(f"{SVG}rect") if box.get("class") == "box"]


def test_every_chapter_stands_together() -> None:
    names = [name for name, _group in chapters(LABS)]
    assert len(names) == len(set(names))
    assert [lab for _name, group in chapters(LABS) for lab in group] == list(LABS)


def test_every_lab_builds_on_labs_that_come_before_it() -> None:
    places = {lab.number: place for place, lab in enumerate(LABS)}
    for lab in LABS:
        for number in lab.builds_on:
            assert places[number] < places[lab.number], lab.name


def test_there_is_a_box_for_every_lab_and_no_two_are_on_one_another() -> None:
    drawn = _drawn()
    corners = list(zip(_numbers(drawn, "x"), _numbers(drawn, "y")))
    width, height = _numbers(drawn, "width")[0], _numbers(drawn, "height")[0]
    assert len(corners) == len(LABS)
    for place, (x, y) in enumerate(corners):
        assert all(abs(x - a) > width or abs(y - b) > height for a, b in corners[:place])
        assert x + width <= float(drawn.attrib["width"])
        assert y + height <= float(drawn.attrib["height"])


def test_there_is_an_arrow_for_everything_a_lab_builds_on() -> None:
    arrows = [path for path in _drawn().iter(f"{SVG}path") if path.get("class") == "arrow"]
    assert len(arrows) == sum(len(lab.builds_on) for lab in LABS)


@pytest.mark.parametrize(("earned", "share"), [(0.0, None), (5.0, 0.5), (10.0, 1.0), (11.0, 1.0)])
def test_a_box_fills_up_with_the_points(earned: float, share: float | None) -> None:
    lab = LABS[0]
    assert lab.maximum == 10
    drawn = _drawn({lab.number: earned})
    done = [box for box in drawn.iter(f"{SVG}rect") if box.get("class") == "done"]
    whole = _numbers(drawn, "width")[0] - 2
    assert [float(box.attrib["width"]) for box in done] == ([share * whole] if share else [])


def test_a_box_leads_where_it_should() -> None:
    links = {lab.number: f"#{lab.name}" for lab in LABS}
    found = [link.attrib["href"] for link in _drawn(links=links).iter(f"{SVG}a")]
    assert found == [f"#{lab.name}" for lab in LABS]


def test_a_title_cannot_break_out_of_the_picture() -> None:
    lab = replace(LABS[0], title="</text><script>alert(1)</script>", builds_on=())
    drawn = course_map([lab], {}, {})
    assert "<script" not in drawn
    ElementTree.fromstring(drawn)


def test_it_speaks_spanish() -> None:
    with speaking("es"):
        drawn = course_map(LABS, {}, {})
    assert "Mapa del curso" in drawn
    assert "Redes que aprenden" in drawn
