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


GAP = '<mspace width="0.167em" />'
LN, COMMA = "<mi>ln</mi>", "<mo>&#x0002C;</mo>"


@pytest.mark.parametrize(
    ("tex", "becomes"),
    [
        ("0{,}1", "<mn>0,1</mn>"),
        ("2^{-0{,}5}", "<mo>&#x02212;</mo><mn>0,5</mn>"),
        ("0{,}9^k", "<msup><mn>0,9</mn><mi>k</mi></msup>"),
        ("f(0, 1)", f"<mn>0</mn>{COMMA}<mn>1</mn>"),
        ("f(0{,}1, 2)", f"<mn>0,1</mn>{COMMA}<mn>2</mn>"),
        ("x{,}1", f"<mi>x</mi><mrow>{COMMA}</mrow><mn>1</mn>"),
    ],
)
def test_a_decimal_comma_stands_in_its_number_and_any_other_between_two(tex: str, becomes: str) -> None:
    assert becomes in render(f"${tex}$")


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_no_handout_in_spanish_has_a_gap_in_a_number(lab: Lab) -> None:
    with speaking("es"):
        assert f"<mrow>{COMMA}</mrow>" not in handout(lab)


@pytest.mark.parametrize(
    ("tex", "becomes"),
    [
        (r"\ln 2", f"{LN}{GAP}<mn>2</mn>"),
        (r"\ln\hat y", f'{LN}{GAP}<mover accent="true">'),
        (r"y \ln p", f"<mi>y</mi>{GAP}{LN}{GAP}<mi>p</mi>"),
        (r"(1 - y) \ln(1 - p)", f'&#x00029;</mo>{GAP}{LN}<mo stretchy="false">&#x00028;</mo>'),
        (r"\ln\left(x\right)", f"{LN}<mrow><mo"),
        (r"-\ln \sum_j p_j", f"<mo>&#x02212;</mo>{LN}<msub><mo>"),
        (r"\cos^2 \theta", f"</msup>{GAP}<mi>"),
        (r"e^{\tanh x}", f"<mi>tanh</mi>{GAP}<mi>x</mi>"),
        (r"x_\exp", "<msub><mi>x</mi><mi>exp</mi></msub>"),
        (r"\frac\log x", "<mfrac><mi>log</mi><mi>x</mi></mfrac>"),
    ],
)
def test_the_name_of_a_function_stands_apart_from_what_it_is_of(tex: str, becomes: str) -> None:
    assert becomes in render(f"${tex}$")


def test_html_in_a_handout_is_text() -> None:
    assert "<script>" not in render("a <script>alert(1)</script> b")
