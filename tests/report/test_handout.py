from __future__ import annotations

import re

import pytest

from labkit.i18n import LANGUAGES, speaking
from labkit.report.handout import handout, render
from labkit.rubric import find
from labkit.rubric.lab import Lab

LABS = find.labs()
TEX_LEFT = re.compile(r"\\[a-zA-Z]+|\$")


def _without_code(page: str) -> str:
    return re.sub(r"<(pre|code)\b.*?</\1>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_every_formula_of_every_handout_becomes_mathml(lab: Lab, language: str) -> None:
    with speaking(language):
        page = handout(lab)
    assert page.count("<math") >= 3
    assert TEX_LEFT.findall(_without_code(page)) == []


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_both_languages_of_a_handout_have_the_same_parts(lab: Lab) -> None:
    counts = []
    for language in LANGUAGES:
        with speaking(language):
            page = handout(lab)
        counts.append([page.count(f"<{tag}") for tag in ("h4", "h5", "table", "pre")])
    assert counts[0] == counts[1]


def test_the_first_heading_is_left_out_and_the_others_stand_lower() -> None:
    page = render("# Lab 2\n\nText.\n\n## The idea\n\n### More\n")
    assert "Lab 2" not in page
    assert "<h4>The idea</h4>" in page
    assert "<h5>More</h5>" in page


@pytest.mark.parametrize(
    ("target", "becomes"),
    [
        ("../lab02_mnist/README.md", "#lab2"),
        ("../lab18_rnn/README.es.md", "#lab18"),
        ("../lab10_neuron/", "#lab10"),
        ("https://keras.io/api/", "https://keras.io/api/"),
        ("../../docs/layers.md", "../../docs/layers.md"),
    ],
)
def test_links_to_other_handouts_stay_on_the_page(target: str, becomes: str) -> None:
    assert f'href="{becomes}"' in render(f"See [there]({target}).")


def test_html_in_a_handout_is_text() -> None:
    assert "<script>" not in render("a <script>alert(1)</script> b")
