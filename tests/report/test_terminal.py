"""What a grade looks like on a terminal."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from labkit.i18n import LANGUAGES, speaking
from labkit.report import terminal
from labkit.report.files import Paths
from labkit.report.outline import student_error
from labkit.report.spelling import shows, spelled
from labkit.rubric.evidence import Evidence, Step, StepState
from labkit.rubric.grade import Grade

PATHS = Paths(Path("runs"), Path("runs/report.html"), Path("runs/grade.json"), Path("runs/model.h5"))


def shown(grade: Grade, run: Evidence, encoding: str = "utf-8", **more: Any) -> str:
    """The report as 80 columns of plain text; an unencodable character would raise."""
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    terminal.show(grade, run, Console(file=out, width=80), paths=PATHS, **more)
    out.flush()
    return raw.getvalue().decode(encoding)


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
@pytest.mark.parametrize("state", samples.ALL)
def test_every_state_fits_80_columns_of_every_encoding(
    state: str, encoding: str, language: str
) -> None:
    with speaking(language):
        text = shown(*samples.ALL[state], encoding, steps=True)
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text
    assert "Traceback" not in text


def test_full_points_say_so_and_name_the_files() -> None:
    text = shown(*samples.FULL)
    assert "12 of 12 points" in text
    assert "Every point earned." in text
    assert "Next:" not in text
    assert str(Path("runs/model.h5")) in text
    assert str(Path("runs/report.html")) in text


def test_a_check_has_mark_title_points_and_what_was_found() -> None:
    text = shown(*samples.PARTIAL)
    (line,) = (line for line in text.splitlines() if "✗" in line)
    assert line.split() == ["✗", "4", "Title", "of", "loss", "0", "/", "2"]
    assert "The loss is mse; expected" in text
    (line,) = (line for line in text.splitlines() if "◐" in line)
    assert line.split() == ["◐", "6", "Title", "of", "accuracy", "1", "/", "2"]


def test_only_the_first_check_that_cost_points_gets_its_hint() -> None:
    text = shown(*samples.PARTIAL)
    assert text.count("Hint:") == 1
    assert "Hint: Hint of loss?" in text
    assert text.index("Next: Title of loss") > text.index("9 of 12 points")


def test_a_full_pass_speaks_only_of_what_it_measured() -> None:
    text = shown(*samples.FULL)
    assert "Accuracy: 0.7500" in text
    assert "define ran." not in text


def test_a_starter_is_told_what_to_write_and_nothing_of_an_exception() -> None:
    text = shown(*samples.STARTER)
    assert "Next: Write define in mnist.py" in text
    assert "Hint: Hint of define?" in text
    assert "raised" not in text
    assert "NotImplementedError" not in text


def test_a_skipped_check_says_which_one_it_waits_for() -> None:
    text = shown(*samples.STARTER)
    assert "2 Title of fit  (waits for 1)" in text
    assert "3 Title of export  (waits for 2)" in text


def test_an_exception_is_told_with_the_students_lines_and_the_shapes() -> None:
    text = shown(*samples.RAISED)
    advice = one_line(text[text.index("Next:") :])
    assert "fit raised ValueError: shapes do not fit • inputs=(32, 28)" in advice
    assert "line 40: history = train(model) line 34: model.fit(x)" in advice
    assert "given: Sequential 'sequential', ndarray (54000, 28, 28) uint8" in advice


def test_a_file_that_cannot_be_imported_is_the_thing_to_mend() -> None:
    text = shown(*samples.UNREADABLE)
    assert "Next: Mend mnist.py: it cannot be imported" in text
    assert "Your file raised ValueError" in text
    assert "Hint:" not in text


def test_an_exception_is_told_with_the_check_it_belongs_to() -> None:
    run = samples.run({"evaluate": StepState.ERROR}, card={**samples.CARD, "loss": "mse"})
    run = samples.Evidence(
        run.trainings, samples.run(card={**samples.CARD, "loss": "mse"}).models, replay="ended"
    )
    text = shown(*samples.graded(run))
    advice = text[text.index("Next:") :]
    assert "Title of loss" in advice
    assert "evaluate raised" not in advice
    assert "evaluate raised" in text


def test_what_nobody_could_tell_costs_no_points_silently() -> None:
    text = shown(*samples.UNDECIDED)
    assert "4 of 12 points, 8 more could not be decided" in text
    assert text.count("? / 2") == 4
    assert "no fault of yours" in text
    assert "Hint:" not in text


def test_a_refused_model_is_told_in_the_readers_language() -> None:
    with speaking("es"):
        assert "Contiene una Lambda." in shown(*samples.REFUSED)
    assert "It holds a Lambda." in shown(*samples.REFUSED)


def test_a_bonus_is_counted_apart() -> None:
    assert "10 of 10 points, and 2 bonus" in shown(*samples.WITH_BONUS)


def test_a_bonus_left_lying_is_offered_last() -> None:
    text = shown(*samples.WITHOUT_BONUS)
    assert "10 of 10 points\n" in text
    assert "For a bonus: Title of loss" in text


def test_the_steps_are_shown_where_they_were_not_shown_live() -> None:
    steps = shown(*samples.TIMED_OUT, steps=True).split("Title of define")[0]
    assert "Toy lab" in steps
    assert "✓ define" in steps
    assert "✗ fit" in steps
    assert "did not end" in steps
    assert "export" not in steps
    assert "✓ define" not in shown(*samples.TIMED_OUT)


def test_signs_become_ascii_together() -> None:
    text = shown(*samples.PARTIAL, encoding="cp1252")
    marks = {line[0] for line in text.splitlines() if "Title of" in line and line[0] != "N"}
    assert marks == {"+", "x", "~"}


def test_notes_on_the_file_stand_above_the_checks() -> None:
    notes = ["3 lines were taken out … " * 5, "\x1b[31mdata.py was left out."]
    provenance = {**samples.PROVENANCE, "notes": notes}
    text = shown(*samples.graded(samples.run(), provenance=provenance), "ascii")
    assert "About your file:\n  - 3 lines were taken out ..." in text
    assert "  - data.py was left out." in text
    assert text.index("data.py") < text.index("Title of define")
    assert max(map(len, text.splitlines())) <= 80


def test_without_notes_nothing_is_said_of_the_file() -> None:
    assert "About your file" not in shown(*samples.FULL)


def test_control_characters_of_a_submission_never_reach_the_terminal() -> None:
    evil = {**samples.ERROR, "message": "\x1b]0;pwned\x07\x9b31mred\u202eevil\ud800", "type": "\x1b[2J"}
    text = shown(*samples.graded(samples.run({"fit": StepState.ERROR}, error=evil)))
    assert not set(text) & set("\x1b\x07\x9b\u202e\ud800")


def test_markup_of_a_submission_is_not_markup() -> None:
    evil = {**samples.ERROR, "message": "[red]x[/red] [link=http://a.b]y"}
    text = shown(*samples.graded(samples.run({"fit": StepState.ERROR}, error=evil)))
    assert "[red]x[/red] [link=http://a.b]y" in text


@pytest.mark.parametrize(
    ("error", "lines", "arguments"),
    [
        ({}, (), ()),
        ({"lines": 3, "arguments": None}, (), ()),
        ({"lines": ["x", None, {"line": 3}], "arguments": [None]}, (("line 3", ""),), ("None",)),
        ({"lines": [{"line": 3, "cell": 2, "code": "x"}]}, (("cell 2, line 3", "x"),), ()),
    ],
)
def test_an_error_that_is_not_as_it_should_be_is_read_as_far_as_it_goes(
    error: Any, lines: tuple[tuple[str, str], ...], arguments: tuple[str, ...]
) -> None:
    found = student_error(Step("fit", StepState.ERROR, error=error))
    assert (found.lines, found.given) == (lines, arguments)


def test_a_step_shows_its_time_or_how_it_ended() -> None:
    assert terminal.step_text(Step("fit", StepState.DONE, 2.5), "utf-8").plain.split() == [
        "✓", "fit", "2.50", "s",
    ]  # fmt: skip
    raised = Step("fit", StepState.ERROR, error={"type": "ValueError"})
    assert terminal.step_text(raised, "ascii").plain.split() == ["x", "fit", "ValueError"]


@given(st.text(), st.sampled_from(["ascii", "cp1252", "utf-8", "latin-1"]))
def test_whatever_is_spelled_can_be_shown(text: str, encoding: str) -> None:
    assert shows(spelled(text, encoding), encoding)


@given(st.text(st.characters(codec="latin-1")))
def test_what_can_be_shown_stays_as_it_is(text: str) -> None:
    assert spelled(text, "latin-1") == text
