"""A verdict inside a notebook: safe, complete, and plain where HTML is not shown."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import samples

from labkit.errors import UsageError
from labkit.i18n import LANGUAGES, Text, speaking
from labkit.report import in_notebook
from labkit.report.files import Paths
from labkit.report.in_notebook import Shown
from labkit.rubric.evidence import Evidence, StepState
from labkit.rubric.grade import Grade

EVIL = "</pre></div><script>alert(1)</script><img src=x onerror=alert(1)>\"' \x1b[31mred\x00\u202e"
ALLOWED = {"div", "style", "p", "b", "i", "u", "span", "ul", "ol", "li", "strong", "em", "pre"}
ALLOWED |= {"details", "summary"}
ATTRIBUTES = {"class", "lang", "style", "aria-hidden", "aria-label", "role", "title", "open"}


class Fragment(HTMLParser):
    """A fragment taken apart; tags must be plain and close in order."""

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self.words = ""
        self.attributes: set[str] = set()
        self._open: list[str] = []
        self.feed(shown["text/html"])
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        self.attributes |= {name for name, _value in attrs}
        self._open.append(tag)
        self.words += " "

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words += data

    @property
    def text(self) -> str:
        return " ".join(self.words.split())


def verdict(graded: tuple[Grade, Evidence], *, file: str = "toy.ipynb", notes: Any = ()) -> Shown:
    folder = Path("runs", "lab98", "1")
    paths = Paths(folder, folder / "report.html", folder / "grade.json", None)
    return in_notebook.verdict(*graded, paths, file=file, notes=notes)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", samples.ALL)
def test_every_state_is_a_fragment_of_plain_tags_with_every_check_in_it(
    state: str, language: str
) -> None:
    with speaking(language):
        shown = verdict(samples.ALL[state])
    found = Fragment(shown)
    assert found.attributes <= ATTRIBUTES
    for result in samples.ALL[state][0].results:
        assert str(result.check.title) in found.text
        assert str(result.check.title) in shown["text/plain"]


def test_what_is_next_is_told_in_the_notebooks_name_with_its_hint() -> None:
    shown = verdict(samples.STARTER)
    assert "Next: Write define in toy.ipynb Hint of define?" in Fragment(shown).text
    assert "Next: Write define in toy.ipynb" in shown["text/plain"]


def test_an_exception_is_told_once_with_the_students_own_lines() -> None:
    text = Fragment(verdict(samples.RAISED)).text
    assert "fit raised an exception: line 40: history = train(model)" in text
    assert text.count("shapes do not fit") == 1


def test_full_points_leave_nothing_to_do() -> None:
    shown = verdict(samples.FULL)
    assert "Every point earned." in Fragment(shown).text
    assert "Hint of" not in shown["text/html"]
    assert "<details>" in shown["text/html"]  # folded away


def test_marks_have_shapes_and_words_beside_their_colours() -> None:
    html = verdict(samples.PARTIAL)["text/html"]
    marks = re.findall(r'aria-label="([^"]+)" title="[^"]+">(.)<', html)
    assert marks == [("passed", "✓")] * 3 + [("failed", "✗"), ("passed", "✓"), ("passed in part", "◐")]


def test_points_that_nobody_could_decide_on_are_marked_as_such() -> None:
    assert "more could not be decided" in Fragment(verdict(samples.UNDECIDED)).text


def test_what_a_submission_says_cannot_run_here() -> None:
    error = {
        "type": EVIL,
        "message": EVIL,
        "lines": [{"line": EVIL, "code": EVIL}],
        "arguments": [EVIL],
    }
    raised = samples.graded(samples.run({"fit": StepState.ERROR}, error=error))
    shown = verdict(raised, file=f"{EVIL}.ipynb", notes=[EVIL])
    found = Fragment(shown)
    assert "<script>alert(1)</script>" in found.text
    assert not set("\x1b\x00\u202e") & set(shown["text/html"] + shown["text/plain"])


def test_notes_come_before_what_is_next() -> None:
    shown = verdict(samples.STARTER, notes=[Text("Save it.")])
    assert re.search(r"Save it\. Next:", Fragment(shown).text)
    assert "\nSave it.\n" in shown["text/plain"]


@pytest.mark.parametrize("state", samples.ALL)
def test_the_plain_verdict_fits_a_terminal_and_has_no_colours(state: str) -> None:
    plain = verdict(samples.ALL[state])["text/plain"]
    assert "\x1b" not in plain
    assert max(map(len, plain.splitlines())) <= 80


def test_a_whole_report_is_framed_so_that_nothing_in_it_can_run_or_get_out() -> None:
    page = f"<!DOCTYPE html><p>{EVIL}</p>"
    framed = in_notebook.framed(page)
    tag, attributes = re.fullmatch(r"<(iframe) ([^<>]*)></iframe>", framed).groups()  # type: ignore[union-attr]
    assert tag == "iframe"
    assert ' sandbox="" ' in attributes
    (content,) = re.findall(r'srcdoc="([^"]*)"', attributes)
    assert unescape(content) == page


def test_a_hint_is_the_checks_title_and_its_pointer() -> None:
    check = samples.lab().checks[0]
    assert "Title of define Hint of define?" in Fragment(in_notebook.hint("", check)).text
    shown = in_notebook.hint("All is well.", None)
    assert (Fragment(shown).text, shown["text/plain"]) == ("All is well.", "All is well.")


def test_trouble_says_what_happened_and_what_to_do() -> None:
    shown = in_notebook.trouble(UsageError(f"No lab {EVIL}.", "One of 20.", "Look again."))
    assert re.search(r"Error: No lab .*\. One of 20\. Look again\.", Fragment(shown).text)
    assert shown["text/plain"].endswith("\n  One of 20.\n  Look again.")
