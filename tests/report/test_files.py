"""What is written beside a grade, and what is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import samples

from labkit.i18n import Text
from labkit.report import files
from labkit.rubric.grade import Grade
from labkit.rubric.lab import Figure

KIB = 2**10


def ran(folder: Path, log: bytes = b"printed\n") -> Path:
    """A run's folder, as the pipeline leaves it."""
    (folder / "evidence" / "main").mkdir(parents=True)
    (folder / "evidence" / "main" / "log.txt").write_bytes(log)
    (folder / "evidence" / "main" / "model.h5").write_bytes(b"model")
    (folder / "data").mkdir()
    return folder


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def written(folder: Path, log: bytes) -> str:
    """The page of a run that printed ``log``."""
    files.write(*samples.FULL, ran(folder, log), lean=True)
    return (folder / "report.html").read_text(encoding="utf-8")


def drawing(draw: Callable[[Any], Any]) -> Grade:
    """A grade of a lab with one figure of its own."""
    grade, _run = samples.FULL
    figure = Figure("plot", Text("Plot"), draw, Text("What to see."))
    return replace(grade, lab=replace(grade.lab, figures=(figure,)))


def test_a_student_gets_every_file_and_the_prepared_rows_go(tmp_path: Path) -> None:
    paths = files.write(*samples.FULL, ran(tmp_path))
    kept = {"report.html", "grade.json", "model.h5", "log.txt", "history.csv", "figures"}
    assert left(tmp_path) == {"evidence", *kept}
    assert left(tmp_path / "figures") == {"learning_curves.svg"}
    assert paths.model == tmp_path / "model.h5"
    assert paths.model.read_bytes() == b"model"


def test_for_a_class_there_is_report_and_grade_and_nothing_is_removed(tmp_path: Path) -> None:
    paths = files.write(*samples.FULL, ran(tmp_path), lean=True)
    assert left(tmp_path) == {"evidence", "data", "report.html", "grade.json"}
    assert paths.model is None


def test_lean_or_not_page_and_grade_are_the_same(tmp_path: Path) -> None:
    paths = [files.write(*samples.FULL, ran(tmp_path / str(lean)), lean=lean) for lean in (True, False)]
    assert paths[0].report.read_bytes() == paths[1].report.read_bytes()
    assert paths[0].grade.read_bytes() == paths[1].grade.read_bytes()


def test_a_grade_says_whether_it_is_the_references(tmp_path: Path) -> None:
    paths = files.write(*samples.FULL, ran(tmp_path), reference=True, lean=True)
    assert json.loads(paths.grade.read_text(encoding="utf-8"))["provenance"]["reference"] is True


def test_of_a_long_log_both_ends_are_shown(tmp_path: Path) -> None:
    page = written(tmp_path, b"the beginning\n" + b"x" * 2**20 + b"\nthe end\n")
    assert "the beginning" in page
    assert "[Part of the log is left out here.]" in page
    assert "the end" in page


@pytest.mark.parametrize("size", [64 * KIB - 1, 64 * KIB, 64 * KIB + 1, 128 * KIB])
def test_a_log_that_fits_is_read_whole(size: int, tmp_path: Path) -> None:
    log = b"a\r" * (size // 2) + b"b" * (size % 2)
    (tmp_path / "log.txt").write_bytes(log)
    assert files._printed(tmp_path / "log.txt") == log.decode()


def test_a_byte_too_much_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_bytes(b"a" * 64 * KIB + b"!" + b"z" * 64 * KIB)
    head, _gap, tail = files._printed(tmp_path / "log.txt").split("\n")
    assert (head, tail) == ("a" * 64 * KIB, "z" * 64 * KIB)


def test_a_log_that_is_not_utf8_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    assert "before \N{REPLACEMENT CHARACTER} after" in written(tmp_path, b"before \xff after\n")


def test_a_link_in_place_of_a_log_is_not_followed(tmp_path: Path) -> None:
    ran(tmp_path / "run")
    (tmp_path / "secret").write_text("secret words", encoding="utf-8")
    log = tmp_path / "run" / "evidence" / "main" / "log.txt"
    log.unlink()
    try:
        log.symlink_to(tmp_path / "secret")
    except OSError:
        pytest.skip("links are not allowed here")
    files.write(*samples.FULL, tmp_path / "run")
    assert "secret words" not in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert not (tmp_path / "run" / "log.txt").exists()


def test_a_figure_that_breaks_costs_no_more_than_itself(tmp_path: Path) -> None:
    grade = drawing(lambda evidence: evidence.truth["no such question"])
    paths = files.write(grade, samples.FULL[1], ran(tmp_path))
    assert "This figure could not be drawn." in paths.report.read_text(encoding="utf-8")
    assert left(tmp_path / "figures") == {"learning_curves.svg"}


def test_a_figure_may_be_the_text_of_an_svg(tmp_path: Path) -> None:
    ready = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
    files.write(drawing(lambda _evidence: ready), samples.FULL[1], ran(tmp_path))
    assert (tmp_path / "figures" / "plot.svg").read_text(encoding="utf-8") == ready


def test_a_figure_without_anything_to_draw_is_not_spoken_of(tmp_path: Path) -> None:
    grade = drawing(lambda _evidence: None)
    paths = files.write(grade, samples.FULL[1], ran(tmp_path), lean=True)
    assert "Plot" not in paths.report.read_text(encoding="utf-8")
