"""What `labkit watch` shows, on screens of any size."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import samples
from rich.console import Console

from labkit.i18n import speaking
from labkit.report.watching import View, screen
from labkit.rubric.evidence import Step, StepState
from labkit.rubric.grade import Result
from labkit.rubric.verdict import Verdict

KEYS = {"en": "q quit", "es": "q salir"}


def shown(view: View, columns: int = 80, rows: int | None = 24) -> list[str]:
    """The lines of a screen."""
    out = io.StringIO()
    Console(file=out, width=columns).print(screen(view, "utf-8", columns, rows))
    return out.getvalue().splitlines()


def failing(message: str, name: str = "fit", steps: tuple[Step, ...] = ()) -> View:
    """A view of a check that failed, with the hint asked for."""
    lab = samples.lab()
    check = next(check for check in lab.checks if check.name == name)
    verdict = Verdict.failed(samples.text(message))
    return View(lab, "toy.py", steps=steps, failure=Result(check, verdict), hint=True)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (60, 24), (40, 16)])
def test_keys_and_hint_are_there_and_what_failed(columns: int, rows: int, language: str) -> None:
    steps = tuple(Step(f"step{n:02}", StepState.DONE, 1.0) for n in range(20))
    failed = replace(steps[3], state=StepState.ERROR, error=samples.ERROR)
    view = failing("A long tale. " * 40, steps=(*steps[:3], failed, *steps[4:]))
    with speaking(language):
        lines = shown(view, columns, rows)
    assert len(lines) <= rows
    assert max(map(len, lines)) <= columns
    text = " ".join(" ".join(lines).split())
    assert KEYS[language] in text
    assert "Hint of fit?" in text
    assert "✗ step03" in text
    assert "A long tale." in text
    assert "…" in text


def test_without_a_number_of_rows_nothing_is_left_out() -> None:
    text = " ".join(" ".join(shown(failing("word " * 75 + "end"), rows=None)).split())
    assert "end Hint:" in text


def test_lines_of_another_function_are_not_shown_below_a_check() -> None:
    raised = Step("fit", StepState.ERROR, 1.0, samples.ERROR)
    assert "model.fit(x)" in "\n".join(shown(failing("fit raised.", "fit", (raised,))))
    assert "model.fit(x)" not in "\n".join(shown(failing("It is wrong.", "define", (raised,))))


def test_a_line_is_shown_once() -> None:
    line = {"line": 34, "code": "model.fit(x)"}
    raised = Step("fit", StepState.ERROR, 1.0, {**samples.ERROR, "lines": [line, line]})
    for message in ("fit raised.", "fit raised ValueError: no (line 34: model.fit(x))"):
        text = " ".join(" ".join(shown(failing(message, "fit", (raised,)))).split())
        assert text.count("line 34: model.fit(x)") == 1


def test_a_file_that_is_being_loaded_is_shown() -> None:
    view = View(samples.lab(), "toy.py", (Step("import", StepState.RUNNING),), printed="reading")
    assert "  … load the file  reading" in shown(view)
