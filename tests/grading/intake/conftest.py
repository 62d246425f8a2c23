"""Submissions as students make them, and a lab to hand them in for."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from labkit.rubric import find
from labkit.rubric.lab import Lab

CODE = "def define():\n    return 1\n"


@pytest.fixture(scope="session")
def lab() -> Lab:
    return find.lab("lab2")


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "into"


@pytest.fixture
def handed(tmp_path: Path) -> Callable[[str, bytes | str], Path]:
    """Write one file that is handed in."""

    def write(name: str, content: bytes | str = CODE) -> Path:
        path = tmp_path / "handed" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return write


def zipped(files: Mapping[Any, bytes | str], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ``.zip`` with these members; a member's key is its name or a whole header."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(*members: tarfile.TarInfo, how: str = "gz", **format: Any) -> bytes:
    """A packed ``.tar`` with these members; a file's content is all ``#``."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=f"w:{how}", **format) as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(b"#" * member.size))
    return buffer.getvalue()


def member(name: str, size: int = 0, type: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = size, type, link
    return info


def notebook(*cells: str | list[str], **metadata: Any) -> bytes:
    """A notebook of format 4 with these code cells."""
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": metadata,
            "cells": [
                {"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells
            ],
        }
    ).encode("utf-8")


@pytest.fixture
def make() -> Any:
    """The makers of archives and notebooks."""

    class Make:
        zip = staticmethod(zipped)
        tar = staticmethod(tarred)
        member = staticmethod(member)
        notebook = staticmethod(notebook)

    return Make
