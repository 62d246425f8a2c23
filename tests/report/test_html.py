"""A grade as a page: complete, self-contained, and nothing in it can run."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from typing import Any

import pytest
import samples

from labkit.i18n import LANGUAGES, Text, speaking
from labkit.report import html
from labkit.report.outline import clean
from labkit.rubric.evidence import Evidence, StepState
from labkit.rubric.grade import Grade, Result
from labkit.rubric.lab import Figure
from labkit.rubric.verdict import Verdict

EVIL = "</script></pre><script>alert(1)</script><img src=x onerror=alert(1)>\"' \x1b[31mred\x00\u202e"
VOID = {"meta", "img", "br", "circle", "path"}
FIGURE = Figure("curves", Text("Curves"), lambda _evidence: None, Text("What to see."))
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


class Page(HTMLParser):
    """A page taken apart: tags with attributes, visible text; tags must close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.source = text
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.words += " "
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every such tag."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        """Visible words, white space collapsed."""
        return " ".join(self.words.split())


def page(graded: tuple[Grade, Evidence], *, log: str = "", figures: Any = ()) -> Page:
    return Page(html.page(*graded, figures, log=log))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", samples.ALL)
def test_every_state_is_a_well_formed_page_in_its_language(state: str, language: str) -> None:
    with speaking(language):
        found = page(samples.ALL[state], log="a line")
    assert found.all("html") == [{"lang": language}]
    assert len(found.all("h1")) == len(found.all("main")) == len(found.all("header")) == 1
    labels = [section["aria-labelledby"] for section in found.all("section")]
    assert labels == [heading["id"] for heading in found.all("h2")]


def test_the_first_check_that_cost_points_is_what_to_do_next() -> None:
    text = page(samples.PARTIAL).text
    assert "What to do next Title of loss The loss is mse; expected" in text
    assert "Hint of loss?" in text
    assert "Hint of accuracy?" not in text


def test_every_check_has_a_mark_with_words_its_points_and_its_message() -> None:
    found = page(samples.PARTIAL)
    marks = [svg["aria-label"] for svg in found.all("svg") if svg["aria-label"]]
    assert marks == ["passed"] * 3 + ["failed", "passed", "passed in part"]
    assert "6 Title of accuracy 1 / 2 Accuracy: 0.7500; full points at 1.0000." in found.text


def test_full_points_leave_nothing_to_do() -> None:
    text = page(samples.FULL).text
    assert "All done Every point earned." in text
    assert "Hint of" not in text


def test_the_score_has_a_bar_with_a_part_for_each_check() -> None:
    found = page(samples.PARTIAL)
    fills = [part["style"] for part in found.all("u")]
    assert fills == [
        f"width: {share}%" for share in ("100.0", "100.0", "100.0", "0.0", "100.0", "50.0")
    ]
    assert "9 of 12 points" in found.text


def test_a_bonus_stands_apart() -> None:
    found = page(samples.WITH_BONUS)
    assert "10 of 10 points and 2 bonus" in found.text
    assert [part["class"] for part in found.all("i")][-1] == "passed first-bonus"
    assert "For a bonus Title of loss" in page(samples.WITHOUT_BONUS).text


def test_what_nobody_could_tell_is_shown_as_such() -> None:
    found = page(samples.UNDECIDED)
    assert "4 of 12 points 8 more could not be decided" in found.text
    assert found.text.count("? / 2") == 4
    assert [part["class"] for part in found.all("i")].count("unknown") == 4


def test_a_starter_is_told_what_to_write() -> None:
    text = page(samples.STARTER).text
    assert "Write define in mnist.py" in text
    assert "NotImplementedError" not in text
    assert "2 Title of fit 0 / 2 waits for 1" in text


def test_an_exception_is_shown_with_own_lines_and_shapes() -> None:
    text = page(samples.RAISED).text
    assert "fit raised an exception: line 40: history = train(model) line 34: model.fit(x)" in text
    assert "ValueError: shapes do not fit" in text
    assert "given: Sequential 'sequential', ndarray (54000, 28, 28) uint8" in text


def test_the_model_the_loop_the_claims_and_the_provenance_are_there() -> None:
    text = page(samples.FULL).text.replace("\u202f", " ")
    assert "Flatten 784 0 Dense 3 softmax 2 355 in all 2 355" in text
    assert "Loss sparse_categorical_crossentropy, optimizer Adam." in text
    assert "Epochs: 5 of 9. Trained by the kit's fast loop." in text
    assert "accuracy 0.75 0.75 loss 0.5 –" in text
    assert "data split public started 2026-11-21 06:21 UTC time in all 4.45 s versions Keras" in text


def test_keras_own_loop_says_why() -> None:
    fits = ({"loop": "keras", "reason": "eager mode", "epochs": 3, "epochs_run": 3},)
    assert "Keras' own loop (eager mode)." in page(samples.graded(samples.run(fits=fits))).text


def test_a_page_needs_nothing_from_elsewhere() -> None:
    found = page(samples.PARTIAL, figures=[(FIGURE, SVG)])
    assert not found.all("script") + found.all("link") + found.all("a") + found.all("iframe")
    assert all(str(image["src"]).startswith("data:") for image in found.all("img"))
    assert not re.search(r"url\(|@import|https?:", found.source)


def test_figures_are_images_with_text_for_those_who_cannot_see_them() -> None:
    found = page(samples.FULL, figures=[(FIGURE, SVG)])
    (image,) = found.all("img")
    kind, data = str(image["src"]).split(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(data).decode() == SVG
    assert image["alt"] == "Curves. What to see."
    assert "Figure 1. Curves. What to see." in found.text


def hostile() -> tuple[Grade, Evidence]:
    """A run that writes a script wherever it can write anything."""
    layer = {"class_name": EVIL, "activation": EVIL, "output_shape": [None, EVIL], "parameters": EVIL}
    error = {"type": EVIL, "message": EVIL, "arguments": [EVIL]}
    run = samples.run(
        {"predict": StepState.ERROR},
        error={**error, "lines": [{"line": EVIL, "code": EVIL}]},
        claims={EVIL: 1.0},
        fits=({"loop": EVIL, "reason": EVIL, "epochs": EVIL, "epochs_run": EVIL},),
    )
    good = samples.run(card={"layers": [layer], "parameters": EVIL, "loss": EVIL, "optimizer": EVIL})
    run = Evidence(run.trainings, good.models, replay="ended")
    grade, _run = samples.graded(run, provenance=dict.fromkeys((*samples.PROVENANCE, EVIL), EVIL))
    message = Verdict.failed(Text("{x} {name}", {"x": EVIL, "name": EVIL}), measured=EVIL, claimed=EVIL)
    first = Result(grade.results[0].check, message)
    return Grade(grade.lab, (first, *grade.results[1:]), grade.provenance), run


def test_nothing_a_submission_says_becomes_a_tag() -> None:
    found = page(hostile(), log=EVIL)
    assert found.source.count("alert(1)") > 10
    assert not found.all("script") + found.all("img")
    events = [name for _tag, attributes in found.tags for name in attributes if name.startswith("on")]
    assert not events


def test_nothing_a_submission_says_controls_the_reader() -> None:
    assert not set(page(hostile(), log=EVIL).source) & set("\x1b\x00\u202e")


def test_an_escape_without_end_swallows_no_more_than_its_own_sentence() -> None:
    grade, run = samples.FULL
    verdict = Verdict.failed(Text("{x}", {"x": "before \x1b]0;after"}))
    found = page((Grade(grade.lab, (Result(grade.lab.checks[0], verdict),), {}), run))
    assert "\x1b" not in found.source
    assert "before " in found.text
    assert "Hint of define?" in found.text
    assert found.source.rstrip().endswith("</html>")


def test_a_policy_forbids_everything_but_styles_and_images_of_the_page() -> None:
    (policy,) = (m["content"] for m in page(samples.FULL).all("meta") if "http-equiv" in m)
    rules = dict(str(rule).strip().split(" ", 1) for rule in str(policy).split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["style-src"] == "'unsafe-inline'"
    assert rules["img-src"] == "data:"
    assert "script-src" not in rules


@pytest.mark.parametrize(
    "card",
    [{"layers": 3}, {"layers": [None, "x"]}, {"layers": [{"output_shape": 3}]}, {"parameters": "x"}],
)
def test_a_card_that_is_not_as_it_should_be_does_no_harm(card: Any) -> None:
    assert "Toy lab" in page(samples.graded(samples.run(card=card))).text


def test_without_provenance_the_page_still_stands() -> None:
    text = page(samples.graded(samples.run(), provenance={})).text
    assert "Toy lab" in text
    assert "Where this grade comes from" not in text


def test_a_log_shows_its_lines_as_a_terminal_would_leave_them() -> None:
    found = page(samples.FULL, log="first\n 1/9\b\b\b\r \x1b[32m9/9\x1b[0m done\r\n")
    assert "first 9/9 done" in found.text
    assert "1/9" not in found.text
    assert "left out" not in found.text
    assert "open" not in found.all("details")[0]


def test_of_a_long_log_the_first_and_the_last_lines_are_shown() -> None:
    found = page(samples.FULL, log="".join(f"line{number}.\n" for number in range(1000)))
    shown = [int(number) for number in re.findall(r"line(\d+)\.", found.text)]
    assert shown == [*range(40), *range(840, 1000)]
    assert "line39. [Part of the log is left out here.] line840." in found.text


def test_an_empty_log_has_no_place() -> None:
    assert not page(samples.FULL, log=" \n\x1b[0m\n").all("details")


def test_cleaning_keeps_what_people_write() -> None:
    assert clean("línea\t1\nç ∑ 語") == "línea\t1\nç ∑ 語"


def with_notes(*notes: Any) -> tuple[Grade, Evidence]:
    return samples.graded(samples.run(), provenance={**samples.PROVENANCE, "notes": list(notes)})


def test_notes_on_the_file_stand_above_the_checks_and_nowhere_else() -> None:
    found = page(with_notes("Lines were taken out.", "A file was left out."))
    assert "About your file Lines were taken out. A file was left out. What the rubric" in found.text
    assert found.text.count("Lines were taken out.") == 1
    assert "notes" not in found.text


@pytest.mark.parametrize("notes", [[], None, "text", 3])
def test_without_notes_nothing_is_said_of_the_file(notes: Any) -> None:
    found = page(samples.graded(samples.run(), provenance={"notes": notes}))
    assert "About your file" not in found.text
    assert not found.all("ul")


def test_notes_name_files_of_students_and_are_shown_with_care() -> None:
    found = page(with_notes(EVIL, *["long " * 1000] * 1000))
    assert not found.all("script")
    assert not set(found.source) & set("\x1b\x00\u202e")
    assert len(found.text) < 20_000


def test_a_figure_that_could_not_be_drawn_says_so() -> None:
    found = page(samples.FULL, figures=[(FIGURE, "")])
    assert "This figure could not be drawn. Figure 1. Curves." in found.text
    assert not found.all("img")


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear))


def test_words_stand_out_from_their_ground_in_light_dark_and_print() -> None:
    themes = re.findall(r":root \{([^}]*)\}", page(samples.FULL).source)
    assert len(themes) == 3
    colours: dict[str, str] = {}
    for theme in themes:
        light = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})\b", themes[0]))
        colours = {**light, **dict(re.findall(r"--(\w+): (#[0-9a-f]{6})\b", theme))}
        for ground in ("paper", "wash"):
            for words in ("ink", "soft", "good", "part", "bad", "accent"):
                pair = sorted(luminance(colours[name]) + 0.05 for name in (ground, words))
                assert pair[1] / pair[0] >= 4.5, (ground, words, theme)
