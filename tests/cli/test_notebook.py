"""``labkit notebook`` and ``%labkit``, in a real kernel."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import v4

from labkit.cli.notebook import command
from labkit.grading.notebooks.making import notebook, write
from labkit.i18n import speaking
from labkit.rubric import find
from labkit.sandbox.launch import can_fork


class Kernel:
    """A kernel of its own, to which cells are given one after the other, as by a front end.

    Args:
        folder: Where it runs; its runs go to ``runs`` there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._client = NotebookClient(v4.new_notebook(), timeout=120, resources={})

    @contextmanager
    def running(self) -> Iterator[Kernel]:
        environment = {**os.environ, "LABKIT_RUNS": str(self.folder / "runs"), "LABKIT_LANG": "en"}
        environment.pop("JPY_SESSION_NAME", None)
        with self._client.setup_kernel(env=environment, cwd=str(self.folder)):
            yield self

    def run(self, source: str) -> list[dict[str, Any]]:
        """Run a cell and return its outputs.

        Raises:
            CellExecutionError: It raised an exception.
        """
        cells = self._client.nb.cells
        cells.append(v4.new_code_cell(source))
        done = self._client.execute_cell(cells[-1], len(cells) - 1)
        return [dict(output) for output in done.outputs]

    def shown(self, source: str) -> dict[str, str]:
        """Run a cell and return the one thing that it shows, by MIME type."""
        (output,) = (one for one in self.run(source) if one["output_type"] == "display_data")
        return dict(output["data"])

    @contextmanager
    def interrupted(self, times: int) -> Iterator[None]:
        """Interrupt the kernel so often as soon as the next run says that it sleeps."""
        known = set(self.folder.glob("runs/*/*"))

        def interrupt() -> None:
            while not any(
                "I sleep" in path.read_text(encoding="utf-8")
                for run in set(self.folder.glob("runs/*/*")) - known
                for path in run.glob("evidence/main/log.txt")
            ):
                if over.wait(0.1):
                    return
            for _time in range(times):
                os.kill(self._client.km.provisioner.process.pid, signal.SIGINT)
                over.wait(0.5)

        over = threading.Event()
        thread = threading.Thread(target=interrupt)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def graded(self, lab: str) -> list[Path]:
        """Notebooks that were graded for a lab, oldest first."""
        return sorted((self.folder / "runs").glob(f"{lab}/*/*.ipynb"))


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """One kernel for the file: tests go on where the one before left off."""
    with Kernel(tmp_path_factory.mktemp("kernel")).running() as kernel:
        kernel.run("%load_ext labkit")
        yield kernel


def code(name: str, *, solution: bool = False) -> list[str]:
    """The code cells of a lab's notebook."""
    cells = notebook(find.lab(name), solution=solution).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def test_the_command_writes_a_notebook_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    command.main(["lab10"], standalone_mode=False)
    command.main(["lab10", "--solution"], standalone_mode=False)
    command.main(["lab10", "mine.ipynb"], standalone_mode=False)
    assert capsys.readouterr().out.startswith("Open lab10_neuron.ipynb in Jupyter, VS Code or Colab.")
    names = {"lab10_neuron.ipynb", "lab10_neuron.solution.ipynb", "mine.ipynb"}
    assert {path.name for path in tmp_path.iterdir()} == names
    starter, solved = (nbformat.read(name, 4) for name in sorted(names)[:2])
    assert "NotImplementedError" in str(starter)
    assert "NotImplementedError" not in str(solved)


@pytest.mark.slow
def test_a_notebook_checks_itself_as_it_was_run_where_nobody_says_where_it_lies(kernel: Kernel) -> None:
    setup, *starter, _trial, check = code("lab10")
    kernel.run(setup)
    for cell in starter:
        kernel.run(cell)
    shown = kernel.shown(check)
    assert "0 of 10 points" in shown["text/plain"]
    assert "Write step in lab10_neuron.ipynb" in shown["text/plain"]
    assert "<b>0</b>" in shown["text/html"]
    assert "exactly 0" in kernel.shown("%labkit hint")["text/plain"]

    for cell in code("lab10", solution=True)[1:-2]:  # the same cells, edited
        kernel.run(cell)
    shown = kernel.shown(check)
    assert "10 of 10 points" in shown["text/plain"]
    assert "About your file" not in shown["text/plain"]
    assert "earned every point" in kernel.shown("%labkit hint")["text/plain"]


@pytest.mark.slow
def test_a_notebook_whose_place_is_known_is_checked_with_the_cells_that_were_not_run(
    kernel: Kernel,
) -> None:
    lab, path = find.lab("lab12"), kernel.folder / "mío.ipynb"
    with speaking("es"):
        write(notebook(lab, solution=True), path)
    setup = nbformat.read(path, 4).cells[0].source
    kernel.run(f"__vsc_ipynb_file__ = {str(path)!r}")
    kernel.run(setup)
    shown = kernel.shown("%labkit run")
    assert f"{lab.maximum:g} de {lab.maximum:g} puntos" in shown["text/plain"]
    assert "<iframe" in shown["text/html"]
    assert "&lt;html lang=&quot;es&quot;&gt;" in shown["text/html"]
    (graded,) = kernel.graded("lab12")
    assert graded.name == "mío.ipynb"
    assert "hebb" not in graded.read_text(encoding="utf-8")  # run in this kernel, and of another lab


@pytest.mark.slow
def test_nothing_of_the_kernel_leaks_into_the_grade(kernel: Kernel) -> None:
    setup, *_cells = code("lab10")
    kernel.run("__vsc_ipynb_file__ = None\nimport numpy as np\nnp.seterr(all='raise')")
    kernel.run(setup)
    kernel.run("def step(net):\n    return (net > threshold).astype(float)")
    kernel.run("get_ipython().push({'threshold': 0})")  # known to the kernel, in no cell
    (printed,) = kernel.run("if __name__ == '__main__':\n    print(step(np.ones(1)))")
    assert printed["text"] == "[1.]\n"
    shown = kernel.shown("%labkit check lab10")
    assert "step raised NameError" in " ".join(shown["text/plain"].split())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("%labkit", "Type %labkit check"),
        ("%labkit nonsense", "`%labkit nonsense` is not known."),
        ("%labkit check lab99", "There is no lab called lab99."),
        ("%labkit check --lang de", "--lang is followed by en or es."),
        ("%labkit hint lab13", "You have not run lab13 yet."),
        ("%labkit hint lab13 --lang es", "Todavía no"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(kernel: Kernel, line: str, words: str) -> None:
    kernel.run("%reload_ext labkit\n%labkit use lab10 --lang en")
    shown = kernel.shown(line)
    assert words in shown["text/plain"]
    assert shown["text/html"].startswith("<div")


@pytest.mark.slow
@pytest.mark.skipif(not can_fork(), reason="without fork an interrupt ends the run")
def test_the_first_interrupt_ends_what_runs_and_grades_it_the_second_ends_the_run(
    kernel: Kernel,
) -> None:
    kernel.run("__vsc_ipynb_file__ = None\n%labkit use lab10 --lang en")
    begins = "import time\n\n\ndef gates():\n    print('I sleep')\n"
    kernel.run(f"{begins}    time.sleep(60)")
    with kernel.interrupted(times=1):
        shown = kernel.shown("%labkit check")
    assert "of 10 points" in shown["text/plain"]

    kernel.run(f"{begins}    try:\n        time.sleep(60)\n    finally:\n        time.sleep(60)")
    with kernel.interrupted(times=2):
        shown = kernel.shown("%labkit check")
    assert shown["text/plain"] == "Stopped."

    kernel.run("def gates():\n    return 3")
    assert "of 10 points" in kernel.shown("%labkit check")["text/plain"]


@pytest.mark.slow
def test_the_cells_of_every_labs_solution_run(kernel: Kernel) -> None:
    for lab in find.labs():
        for cell in code(lab.name, solution=True):
            if "__main__" not in cell and not cell.startswith("%labkit check"):
                assert not [one for one in kernel.run(cell) if one["output_type"] == "error"]
