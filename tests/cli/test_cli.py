"""The command line as one types it, in real processes."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from labkit.root import root
from labkit.rubric import find

Labkit = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def labkit(runs: Path, tmp_path: Path) -> Labkit:
    """Run the command in an empty folder, with a folder of runs of its own."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "LABKIT_RUNS": str(runs), "COLUMNS": "80", "LABKIT_LANG": "en"}
        return subprocess.run(
            [sys.executable, "-m", "labkit", *arguments],
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**environ, "PYTHONUTF8": "1", **environment},
        )

    return run


def test_help_names_every_command_in_both_languages(labkit: Labkit) -> None:
    assert "Train your lab" in labkit("--help").stdout
    assert "Entrena tu práctica" in labkit("--lang", "es", "--help").stdout
    assert "Entrena tu práctica" in labkit("--help", LABKIT_LANG="es").stdout


def test_what_click_says_of_its_own_is_in_the_reader_s_language(labkit: Labkit) -> None:
    shown = " ".join(labkit("--lang", "es", "grade", "--help").stdout.split())
    for words in ("Uso: labkit grade", "Opciones:", "[por defecto: class]", "Muestra este mensaje"):
        assert words in shown
    for arguments, words in (
        (("hint",), "Falta el argumento 'LAB'."),
        (("nonsense",), "No existe la orden 'nonsense'."),
        (("run", "lab2", "--nonsense"), "No existe la opción '--nonsense'."),
        (("run", "lab2", "a", "b", "c"), "Sobran argumentos (b c)"),
        (("play", "lab2", "--port", "0"), "0 no está en el intervalo 1<=x<=65535."),
    ):
        done = labkit("--lang", "es", *arguments)
        assert words in done.stderr
        assert "Escribe 'labkit " in done.stderr
    assert "Usage: labkit hint" in labkit("hint").stderr


def test_list_shows_the_course_in_order(labkit: Labkit) -> None:
    shown = labkit("list").stdout
    places = [shown.index(f"{lab.name} ") for lab in find.labs()]
    assert places == sorted(places)
    assert shown.count("not tried yet") == len(places)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("run", "lab99"), 2, "There is no lab called lab99."),
        (("run", "mnits"), 2, "Did you mean mnist?"),
        (("run", "lab2", "nowhere.py"), 4, "There is no file"),
        (("run", "lab2", "."), 4, "There is nothing in"),
        (("run", "lab2", "--data", "x.csv"), 2, "its own data set only"),
        (("run", "lab1", "--data", "x.csv"), 3, "There is no file x.csv"),
        (("run", "lab2", "--seed", "-3"), 2, "cannot be a seed"),
        (("nonsense",), 2, "nonsense"),
        (("hint",), 2, "LAB"),
    ],
)
def test_what_cannot_be_done_says_why_and_has_its_exit_code(
    labkit: Labkit, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = labkit(*arguments)
    assert done.returncode == code
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_an_untouched_starter_says_what_to_write_first(labkit: Labkit, runs: Path) -> None:
    starter = root() / "solutions" / "lab02_mnist.py"
    from labkit.rubric.starter import starter as make

    (runs.parent / "mnist.py").write_text(make(starter.read_text(encoding="utf-8")))
    done = labkit("run", "lab2", "mnist.py")
    assert done.returncode == 0
    assert "0 of 10 points" in done.stdout
    assert "define is not written yet." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    record = json.loads(next(runs.glob("lab02/*/grade.json")).read_text(encoding="utf-8"))
    assert (record["points"], record["next"]) == (0, "define")
    assert "ten probabilities" in labkit("hint", "lab2").stdout


def test_a_file_of_the_students_own_leaves_model_history_figures_grade_and_report(
    labkit: Labkit, runs: Path
) -> None:
    source = (root() / "solutions" / "lab02_mnist.py").read_text(encoding="utf-8")
    quick = source.replace("epochs=10", "epochs=1")
    (runs.parent / "mi práctica ñ.py").write_text(quick, encoding="utf-8")
    done = labkit("run", "lab2", "mi práctica ñ.py", "--seed", "7", LABKIT_LANG="es")
    assert done.returncode == 0
    (folder,) = runs.glob("lab02/*")
    assert {path.name for path in folder.iterdir()} == {
        "evidence",
        "figures",
        "grade.json",
        "history.csv",
        "log.txt",
        "model.h5",
        "report.html",
    }
    assert {path.name for path in (folder / "figures").iterdir()} == {
        "learning_curves.svg",
        "samples.svg",
        "confusion.svg",
        "most_wrong.svg",
    }
    assert (folder / "history.csv").read_text().startswith("epoch,accuracy,loss")
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert '<html lang="es">' in page
    assert "<script" not in page
    record = json.loads((folder / "grade.json").read_text(encoding="utf-8"))
    assert record["points"] > 7
    assert record["provenance"]["seed"] == 7
    assert f"{record['points']:g} / 10" in labkit("list").stdout


def test_an_error_in_a_students_file_shows_their_own_line(labkit: Labkit, runs: Path) -> None:
    source = (root() / "solutions" / "lab02_mnist.py").read_text(encoding="utf-8")
    wrong = source.replace("layers.Flatten(),", 'layers.Flatten("no"),')
    (runs.parent / "answer.py").write_text(wrong)
    row = wrong[: wrong.index('layers.Flatten("no")')].count("\n") + 1
    done = labkit("run", "lab2", "answer.py")
    assert done.returncode == 0
    assert f'line {row}: layers.Flatten("no"),' in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_reset_keeps_a_copy(labkit: Labkit, tmp_path: Path) -> None:
    copy = tmp_path / "kit"
    for part in ("labs", "solutions", "datasets"):
        ignore = shutil.ignore_patterns("*.xz")
        shutil.copytree(root() / part, copy / part, ignore=ignore)
    mine = copy / "labs" / "lab02_mnist" / "mnist.py"
    fresh = mine.read_text()
    assert "untouched starter" in labkit("reset", "lab2", LABKIT_ROOT=str(copy)).stdout
    mine.write_text("# mine\n")
    assert labkit("reset", "lab2", LABKIT_ROOT=str(copy)).returncode == 0
    assert mine.read_text() == fresh
    (backup,) = mine.parent.glob("mnist.backup-*.py")
    assert backup.read_text() == "# mine\n"


def test_reset_says_what_cannot_be_written(labkit: Labkit, tmp_path: Path) -> None:
    mine = _copy_of_lab(tmp_path, "lab10_neuron") / "neuron.py"
    mine.unlink()
    mine.mkdir()
    done = labkit("reset", "lab10", LABKIT_ROOT=str(tmp_path / "kit"))
    assert done.returncode == 3
    assert "neuron.py cannot be written" in done.stderr
    assert "Look at its rights" in done.stderr
    assert mine.is_dir()


def test_doctor_goes_on_where_something_cannot_be_mended(labkit: Labkit, tmp_path: Path) -> None:
    mine = _copy_of_lab(tmp_path, "lab10_neuron") / "neuron.py"
    mine.unlink()
    mine.mkdir()
    shutil.copytree(root() / "datasets", tmp_path / "kit" / "datasets", dirs_exist_ok=True)
    done = labkit("doctor", "--fix", LABKIT_ROOT=str(tmp_path / "kit"))
    assert done.returncode == 1
    assert "neuron.py cannot be written" in done.stdout
    assert "memory" in done.stdout
    assert "to mend, marked !!" in done.stdout


@pytest.mark.slow
def test_pytest_tells_a_file_that_cannot_be_graded_in_a_line_a_check(tmp_path: Path) -> None:
    folder = _copy_of_lab(tmp_path, "lab10_neuron")
    for content, words in (("", "neuron.py está vacío"), ("def step(net:\n", "'(' was never closed")):
        (folder / "neuron.py").write_text(content)
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "--doctest-modules",
                folder,
            ],
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={
                **os.environ,
                "LABKIT_LANG": "es",
                "LABKIT_ROOT": str(tmp_path / "kit"),
                "PYTHONPATH": str(root()),
                "PYTHONUTF8": "1",
            },
        )
        checks = len(find.lab("lab10").checks)
        assert f"{checks} failed" in done.stdout
        assert done.stdout.count(words) >= checks
        assert "Traceback" not in done.stdout
        assert len(done.stdout.splitlines()) < 10 * checks


def _copy_of_lab(tmp_path: Path, folder: str) -> Path:
    """A small copy of the kit with that lab alone; the lab's folder in it."""
    kit = tmp_path / "kit"
    (kit / "datasets").mkdir(parents=True)
    (kit / "solutions").mkdir()
    shutil.copytree(root() / "labs" / folder, kit / "labs" / folder)
    shutil.copy(root() / "labs" / "conftest.py", kit / "labs")
    shutil.copy(root() / "solutions" / f"{folder}.py", kit / "solutions")
    return kit / "labs" / folder


def test_doctor_looks_at_everything_and_says_when_all_is_well(labkit: Labkit) -> None:
    done = labkit("doctor")
    assert done.returncode == 0, done.stdout
    for word in ("Python", "tensorflow", "mnist/x_train.xz", "memory", "Landlock", "All is well."):
        assert word in done.stdout


def test_doctor_names_what_is_missing(labkit: Labkit, tmp_path: Path) -> None:
    copy = tmp_path / "kit"
    shutil.copytree(root() / "datasets", copy / "datasets")
    (copy / "labs").mkdir()
    (copy / "datasets" / "mnist" / "y_test.xz").write_bytes(b"half")
    done = labkit("doctor", LABKIT_ROOT=str(copy))
    assert done.returncode == 1
    assert "!! mnist/y_test.xz" in done.stdout
    assert labkit("data", "verify", LABKIT_ROOT=str(copy)).returncode == 3


def test_doctor_mends_what_can_be_mended_here(labkit: Labkit, tmp_path: Path) -> None:
    copy = tmp_path / "kit"
    for name in ("datasets", "labs", "solutions"):
        shutil.copytree(root() / name, copy / name)
    git = ("git", "-C", str(copy), "-c", "user.name=a", "-c", "user.email=a@b.c")
    for command in (("init", "-q"), ("add", "datasets/gasoline.csv"), ("commit", "-qm", "as it was")):
        subprocess.run([*git, *command], check=True)
    table, starter = copy / "datasets" / "gasoline.csv", copy / "labs" / "lab10_neuron" / "neuron.py"
    whole = table.read_bytes()
    table.write_text("half\n")
    starter.unlink()
    done = labkit("doctor", LABKIT_ROOT=str(copy))
    assert done.returncode == 1
    assert "!! gasoline.csv" in done.stdout
    assert "!! neuron.py" in done.stdout
    done = labkit("doctor", "--fix", LABKIT_ROOT=str(copy))
    assert done.stdout.count("mended") == 2
    assert done.returncode == 0
    assert table.read_bytes() == whole
    assert starter.is_file()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands_and_labs(labkit: Labkit, shell: str) -> None:
    assert "_LABKIT_COMPLETE" in labkit("completion", shell).stdout
    ask = {"_LABKIT_COMPLETE": f"{shell}_complete", "COMP_CWORD": "2"}
    words = "lab1" if shell == "fish" else "2"  # fish hands over the word itself
    found = labkit(COMP_WORDS="labkit run lab1", **ask | ({"COMP_CWORD": words}))
    assert "lab10" in found.stdout
    assert "lab2" not in found.stdout


@pytest.mark.parametrize("command", ["play", "notebook", "grade"])
def test_every_command_about_a_lab_completes_its_name(labkit: Labkit, command: str) -> None:
    ask = {"_LABKIT_COMPLETE": "bash_complete", "COMP_CWORD": "2"}
    assert "lab10" in labkit(COMP_WORDS=f"labkit {command} lab1", **ask).stdout


def test_the_course_is_written_as_a_page_with_the_best_points(labkit: Labkit, runs: Path) -> None:
    run = runs / "lab02" / "20260101-000000"
    run.mkdir(parents=True)
    (run / "grade.json").write_text(json.dumps({"points": 7.5, "provenance": {}}))
    (run / "report.html").write_text("<p>report</p>")
    said = labkit("home", LABKIT_LANG="es").stdout
    page = (runs / "home.html").read_text(encoding="utf-8")
    assert str(runs / "home.html") in said.replace("\n", "")
    assert "7.5 / 10" in page
    assert 'href="lab02/20260101-000000/report.html"' in page
    assert page.count("<details") == len(find.labs())
    assert "data:image" not in page
    assert "Redes neuronales" in page


def test_the_course_page_shows_the_newest_run_that_is_whole(labkit: Labkit, runs: Path) -> None:
    figure = find.lab("lab2").figures[0]
    for day, points in (("01", 9.0), ("02", 7.25)):
        run = runs / "lab02" / f"202601{day}-000000"
        (run / "figures").mkdir(parents=True)
        (run / "grade.json").write_text(json.dumps({"points": points, "provenance": {}}))
        (run / "figures" / f"{figure.name}.svg").write_text(f"<svg><desc>{day}</desc></svg>")
    broken = runs / "lab02" / "20260103-000000"
    broken.mkdir()
    (broken / "grade.json").write_text('{"points": 3, "prov')
    labkit("home")
    page = (runs / "home.html").read_text(encoding="utf-8")
    assert "9 / 10" in page
    assert "7.25 / 10" in page
    assert [base64.b64decode(found) for found in re.findall(r"svg\+xml;base64,([\w+/=]+)", page)] == [
        b"<svg><desc>02</desc></svg>"
    ]
    assert 'href="lab02/' not in page  # that run has lost its report


def test_outside_a_checkout_it_says_what_is_missing(labkit: Labkit, tmp_path: Path) -> None:
    done = labkit("list", LABKIT_ROOT=str(tmp_path))
    assert done.returncode == 2
    assert "labs/" in done.stderr


def test_generated_files_are_fresh(labkit: Labkit) -> None:
    assert labkit("dev", "texts", "--check").returncode == 0
