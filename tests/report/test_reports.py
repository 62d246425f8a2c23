"""Reports of grades made without running anything: what one sees, and that nothing in it can run."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from labkit.i18n import Text, speaking
from labkit.report import figures, files, html, record, terminal
from labkit.rubric.evidence import Evidence, ModelEvidence, Step, StepState
from labkit.rubric.grade import Grade, judge
from labkit.rubric.lab import Budget, Check, Lab
from labkit.rubric.protocols import HoldOut
from labkit.rubric.verdict import Verdict

sys.path.insert(0, str(Path(__file__).parents[1] / "rubric"))
from evidences import evidence

EVIL = "</pre><script>alert(1)</script><img src=x onerror=alert(1)>"


def words(text: str) -> Text:
    return Text(text)


def lab(*verdicts: Verdict, bonus: bool = False) -> Lab:
    def rule_of(verdict: Verdict) -> Any:
        return lambda _evidence: verdict

    checks = tuple(
        Check(
            f"check{number}",
            words(f"Check {number} holds in a long sentence that has to be wrapped somewhere"),
            2,
            rule_of(verdict),
            words(f"hint {number}"),
            bonus=bonus and number == len(verdicts) - 1,
        )
        for number, verdict in enumerate(verdicts)
    )
    return Lab(
        98,
        "toy",
        words("Toy"),
        words("Chapter"),
        1,
        Budget(1),
        checks,
        1,
        1,
        words("Toys"),
        protocol=HoldOut("mnist"),
    )


def graded(*verdicts: Verdict, run: Evidence | None = None, **more: Any) -> tuple[Grade, Evidence]:
    run = run or evidence()
    return judge(lab(*verdicts, **more), run, {"seed": None, "submission": EVIL}), run


PASSED = Verdict.passed(words("good"))
FAILED = Verdict.failed(words("2 units; expected 10"), value=float("nan"))
PARTIAL = Verdict.passed(words("half"), 0.5)
UNKNOWN = Verdict.unknown(words("lost"))
PATHS = files.Paths(Path("runs"), Path("runs/report.html"), Path("runs/grade.json"), None)


def shown(grade: Grade, run: Evidence, width: int = 80) -> str:
    out = io.StringIO()
    terminal.show(grade, run, Console(file=out, width=width), paths=PATHS)
    return out.getvalue()


def test_the_terminal_shows_every_check_the_score_and_one_next_thing() -> None:
    text = shown(*graded(PASSED, FAILED, PARTIAL, FAILED))
    assert "3 of 8 points" in text
    assert text.count("Next:") == 1
    assert "hint 1" in text
    assert "hint 3" not in text
    assert "2 units; expected 10" in text


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_terminal_keeps_its_width(language: str, width: int) -> None:
    with speaking(language):
        text = shown(*graded(PASSED, FAILED, PARTIAL, UNKNOWN, FAILED, bonus=True), width)
    assert max(map(len, text.splitlines())) <= width
    assert "\x1b" not in text


def test_what_could_not_be_decided_is_said() -> None:
    grade, run = graded(PASSED, UNKNOWN)
    assert "2 of 4 points, 2 more could not be decided" in shown(grade, run)
    assert "2 more could not be decided" in html.page(grade, run, [], log="")


def test_an_error_shows_the_students_lines_and_arguments() -> None:
    error = {"lines": [{"line": 7, "code": "x[0]"}], "arguments": ["ndarray (3,) uint8"], "type": "E"}
    run = evidence(steps=(Step("fit", StepState.ERROR, error=error),))
    for text in (shown(*graded(FAILED, run=run)), html.page(*graded(FAILED, run=run), [], log="")):
        assert "line 7: x[0]" in text
        assert "ndarray (3,) uint8" in text


def test_nothing_in_a_page_can_run() -> None:
    card = {"layers": [{"class_name": EVIL, "output_shape": [None, 3], "activation": EVIL}]}
    error = {"lines": [{"line": EVIL, "code": EVIL}], "message": EVIL, "arguments": [EVIL]}
    run = evidence(
        steps=(Step(EVIL, StepState.ERROR, error=error),),
        models={"main": ModelEvidence(card={**card, "parameters": 3})},
        fits=({"loop": EVIL, "reason": EVIL},),
    )
    evil = Verdict.failed(words("{x}"), value=EVIL)
    text = html.page(*graded(evil, run=run), [], log=EVIL + "\x1b[31mred\x00")
    assert "<script" not in text
    assert "onerror=alert" not in re.sub("&[a-z0-9#]+;", "", text) or "<img src=x" not in text
    assert "\x1b" not in text
    assert "\x00" not in text
    assert "default-src 'none'" in text


def test_a_page_needs_nothing_from_elsewhere() -> None:
    plot = figures.learning_curves({"loss": [1.0, 0.5], "val_loss": [1.1, 0.7]})
    assert plot is not None
    figure = lab(PASSED).figures or files._CURVES
    text = html.page(*graded(PASSED), [(figure, figures.svg(plot))], log="x")
    sources = re.findall(r'(?:src|href)="([^"]{0,20})', text)
    assert sources == ["data:image/svg+xml;b"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_says_its_language(language: str) -> None:
    with speaking(language):
        assert f'<html lang="{language}">' in html.page(*graded(PASSED), [], log="")


def test_a_record_is_json_without_nan_and_names_what_is_next() -> None:
    grade, _run = graded(PASSED, FAILED, PARTIAL, FAILED, bonus=True)
    entry = json.loads(json.dumps(record.as_record(grade), allow_nan=False))
    assert (entry["points"], entry["maximum"], entry["next"]) == (3.0, 6, "check1")
    assert entry["checks"][1]["data"] == {"value": None}
    assert entry["checks"][3]["bonus"]


def test_a_bonus_left_lying_is_not_next() -> None:
    assert record.as_record(graded(PASSED, FAILED, bonus=True)[0])["next"] is None


def test_the_same_figure_has_the_same_bytes() -> None:
    history = {"loss": [1.0, 0.5, 0.4], "val_loss": [1.1, 0.7, 0.8], "accuracy": [0.1, 0.2, 0.3]}
    one, other = (figures.svg(figures.learning_curves(history)) for _time in range(2))
    assert one == other
    assert "<svg" in one


@pytest.mark.parametrize("history", [{}, {"val_loss": [1.0]}])
def test_without_epochs_there_is_no_curve(history: dict[str, list[float]]) -> None:
    assert figures.learning_curves(history) is None


def test_a_diverged_training_still_has_curves() -> None:
    assert figures.learning_curves({"loss": [float("nan")] * 3, "val_loss": [float("nan")] * 3})


def test_figures_of_images_need_probabilities_of_ten_classes() -> None:
    generator = np.random.default_rng(0)
    answers = generator.dirichlet(np.ones(10), 50)
    whole = evidence(
        predictions={"main:hidden": answers},
        truth={"main:hidden": generator.integers(0, 10, 50)},
        inputs={"main:hidden": generator.integers(0, 256, (50, 28, 28))},
    )
    for draw in (figures.confusion, figures.most_wrong):
        assert draw(whole, "mnist") is not None
        assert draw(evidence(), "mnist") is None
        assert draw(evidence(predictions={}), "mnist") is None
