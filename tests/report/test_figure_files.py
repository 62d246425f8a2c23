"""Figures of a run, read back as far as they are whole."""

from __future__ import annotations

from pathlib import Path

import pytest
import samples

from labkit.report import files
from labkit.report.figure_files import LARGEST, Left, read
from labkit.report.files import figure_file, figures_of
from labkit.rubric import find

LAB = find.lab("lab10")
SVG = b"<?xml version='1.0'?>\n<svg width='9'><g/></svg>\n"


def drawn(folder: Path, *contents: bytes) -> Path:
    """A run's folder with the first figures of the lab."""
    (folder / "figures").mkdir()
    for figure, content in zip(LAB.figures, contents):
        figure_file(folder, figure).write_bytes(content)
    return folder


def names(left: Left) -> list[str]:
    return [figure.name for figure, _svg in left.figures]


def test_what_a_run_wrote_is_read_back(tmp_path: Path) -> None:
    (tmp_path / "evidence" / "main").mkdir(parents=True)
    grade, run = samples.FULL
    files.write(grade, run, tmp_path)
    left = read(tmp_path, grade.lab, LARGEST)
    assert names(left) == ["learning_curves"]
    assert left.figures[0][1] == (tmp_path / "figures" / "learning_curves.svg").read_bytes()
    assert left.size == len(left.figures[0][1])


def test_figures_come_in_the_reports_order(tmp_path: Path) -> None:
    assert names(read(drawn(tmp_path, SVG, SVG), LAB, LARGEST)) == [
        figure.name for figure in figures_of(LAB)[1:3]
    ]


@pytest.mark.parametrize(
    "content", [b"", SVG[:30], b"not a picture </svg>", b"\xff\xfe\x00", b"<svg", b"/>"]
)
def test_a_damaged_figure_is_passed_over(content: bytes, tmp_path: Path) -> None:
    left = read(drawn(tmp_path, content, SVG), LAB, LARGEST)
    assert names(left) == [LAB.figures[1].name]
    assert left.left_out == 0


def test_a_folder_where_a_figure_should_be_or_none_at_all_is_no_figure(tmp_path: Path) -> None:
    assert read(tmp_path, LAB, LARGEST) == Left()
    figure_file(tmp_path, LAB.figures[0]).mkdir(parents=True)
    assert read(tmp_path, LAB, LARGEST) == Left()


def test_a_file_where_the_figures_folder_should_be_is_none(tmp_path: Path) -> None:
    (tmp_path / "figures").write_bytes(SVG)
    assert read(tmp_path, LAB, LARGEST) == Left()


def test_a_figure_that_is_too_large_by_itself_is_counted(tmp_path: Path) -> None:
    large = b"<svg>" + b" " * LARGEST + b"</svg>"
    left = read(drawn(tmp_path, large, SVG), LAB, 10 * LARGEST)
    assert names(left) == [LAB.figures[1].name]
    assert left.left_out == 1


def test_figures_share_the_room_there_is(tmp_path: Path) -> None:
    left = read(drawn(tmp_path, SVG, SVG), LAB, 2 * len(SVG) - 1)
    assert (names(left), left.left_out) == ([LAB.figures[0].name], 1)
