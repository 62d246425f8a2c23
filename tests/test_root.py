from __future__ import annotations

import re
from pathlib import Path

import pytest

import labkit
from labkit.errors import UsageError
from labkit.root import root


def _checkout(folder: Path) -> Path:
    (folder / "labs").mkdir(parents=True)
    (folder / "datasets").mkdir()
    return folder


def test_the_checkout_of_the_package_is_found_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.delenv("LABKIT_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    assert root() == Path(labkit.__file__).resolve().parents[1]


def test_the_environment_comes_before_the_package(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_ROOT", str(_checkout(tmp_path / "own")))
    assert root() == tmp_path / "own"


def test_an_installed_package_looks_above_the_current_folder(tmp_path, monkeypatch):
    own = _checkout(tmp_path / "own")
    monkeypatch.delenv("LABKIT_ROOT", raising=False)
    monkeypatch.setattr("labkit.root.__file__", str(tmp_path / "site-packages/labkit/root.py"))
    monkeypatch.chdir(own / "labs")
    assert root() == own


@pytest.mark.parametrize("missing", ["labs", "datasets"])
def test_half_a_checkout_is_none(tmp_path, monkeypatch, missing):
    own = _checkout(tmp_path / "own")
    (own / missing).rmdir()
    monkeypatch.setenv("LABKIT_ROOT", str(own))
    with pytest.raises(UsageError, match=re.escape(str(own))):
        root()
