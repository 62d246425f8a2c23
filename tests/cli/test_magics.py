"""What a session remembers of the cells that a kernel ran, in a real IPython shell."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from labkit.cli.magics.session import Session
from labkit.errors import UsageError
from labkit.grading.notebooks.collected import as_notebook
from labkit.rubric import find

OLD, NEW = "def f():\n    return 1", "def f():\n    return 2"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A shell in which one cell was run before the session began."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    config = Config({"HistoryManager": {"hist_file": ":memory:"}})
    shell = InteractiveShell(config=config, ipython_dir=str(tmp_path / "ipython"))
    shell.run_cell("import os", store_history=True)
    yield shell
    shell.restore_sys_module_state()
    shell._atexit_once()


@pytest.fixture
def session(shell: InteractiveShell) -> Iterator[Session]:
    session = Session(shell)
    yield session
    session.close()


def run(shell: InteractiveShell, source: str, cell: str | None = None) -> None:
    shell.run_cell(source, store_history=True, cell_id=cell)


def test_cells_that_were_run_before_the_kit_came_are_known(
    shell: InteractiveShell, session: Session
) -> None:
    run(shell, OLD)
    assert session.cells().cells == ("import os", OLD)


def test_a_front_ends_ids_tell_which_cell_was_run_again(
    shell: InteractiveShell, session: Session
) -> None:
    for source, cell in (("x = 1", "a"), (OLD, "b"), ("x = 2", "a")):
        run(shell, source, cell)
    assert session.cells().cells == ("import os", "x = 2", OLD)


def test_a_trial_that_failed_is_known_to_have_failed(
    shell: InteractiveShell, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    for source in ("1 / 0", "x = 1"):
        run(shell, source)
    assert session.cells().cells == ("import os", "x = 1")
    assert "ZeroDivisionError" in "".join(capsys.readouterr())


def test_what_a_front_end_runs_for_itself_is_none_of_the_students(
    shell: InteractiveShell, session: Session
) -> None:
    shell.run_cell("y = 1", silent=True)
    shell.run_cell("y = 1", store_history=False)
    assert session.cells().cells == ("import os",)


def test_the_cell_that_asks_is_there_itself(shell: InteractiveShell, session: Session) -> None:
    shell.user_ns["session"] = session
    run(shell, f"{OLD}\nseen = session.cells().functions")
    assert shell.user_ns["seen"] == {"f"}


@pytest.mark.parametrize("front_end", ["VS Code", "Jupyter"])
def test_the_file_is_found_where_the_front_end_names_it(
    front_end: str,
    shell: InteractiveShell,
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "mine.ipynb"
    path.write_text(as_notebook(["x = 1", OLD]), encoding="utf-8")
    os.utime(path, (2e9, 2e9))  # saved after everything that was run
    if front_end == "VS Code":
        shell.user_ns["__vsc_ipynb_file__"] = str(path)
    else:
        monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    run(shell, NEW)
    assert session.file() == path
    assert session.cells().cells == ("x = 1", NEW)
    assert session.cells().unsaved == 1


def test_a_file_that_is_gone_is_as_good_as_none(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "renamed.ipynb"))
    assert session.file() is None
    assert session.cells().cells == ("import os",)


def test_the_lab_is_the_one_named_or_the_notebooks_own(session: Session) -> None:
    with pytest.raises(UsageError, match="not known which lab"):
        session.lab(None)
    session.use("lab10", "es")
    assert (session.lab(None), session.language) == (find.lab("lab10"), "es")
    assert session.lab("lab2") == find.lab("lab2")


def test_a_session_that_ended_remembers_nothing_more(shell: InteractiveShell, session: Session) -> None:
    session.close()
    run(shell, OLD)
    assert session.cells().cells == ("import os",)
