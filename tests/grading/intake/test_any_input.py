"""Whatever is handed in is taken or refused in the kit's own words; nothing is written elsewhere."""

from __future__ import annotations

import io
import json
import stat
import tarfile
import tempfile
import warnings
import zipfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.errors import LabkitError
from labkit.grading.intake import take
from labkit.grading.intake.magics import plain_python

CODE = b"def define():\n    return 1\n"
ENDINGS = ("py", "zip", "tar", "tar.gz", "tar.xz", "tar.bz2", "ipynb", "h5", "rar", "txt", "")
some = settings(max_examples=60, deadline=None)


def survives(name: str, content: bytes) -> None:
    """Take it in, and look around."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "in" / "to"
        source = Path(folder) / "handed" / name
        source.parent.mkdir()
        source.write_bytes(content)
        try:
            taken = take(source, into)
            assert taken.path == source or into in taken.path.parents
            assert taken.path.is_file()
            assert all(str(note) for note in taken.notes)
        except LabkitError as error:
            assert str(error)  # noqa: PT017 - every refusal can be shown
            assert not into.exists() or not list(into.iterdir())
        found = sorted(path for path in Path(folder).rglob("*") if into not in path.parents)
        expected = {into.parent, into, source.parent, source}
        assert set(found) <= expected
        assert source.read_bytes() == content
        for path in into.rglob("*"):
            mode = path.lstat().st_mode
            assert stat.S_ISREG(mode) or stat.S_ISDIR(mode)


names = st.one_of(
    st.text(min_size=1, max_size=12),
    st.lists(
        st.sampled_from(
            ["../../..", "..", ".", "", "a", "A", "ñ", "a.py", "b.ipynb", "x.zip", "con", "C:", "\\"]
        ),
        min_size=1,
        max_size=4,
    ).map("/".join),
)
modes = st.sampled_from([0, 0, 0, 0o100644, 0o106777, 0o120777, 0o040755, 0o010644, 0o020644, 0o777])
contents = st.one_of(st.just(CODE), st.binary(max_size=60))


@some
@given(st.sampled_from(ENDINGS), st.binary(max_size=300))
def test_any_bytes(ending: str, content: bytes) -> None:
    survives(f"a.{ending}" if ending else "a", content)


@some
@given(st.lists(st.tuples(names, contents, modes), max_size=3))
def test_any_zip(members: list[tuple[str, bytes, int]]) -> None:
    survives("a.zip", zipped(members))


def zipped(members: list[tuple[str, bytes, int]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content, mode) in enumerate(members):
            info = zipfile.ZipInfo(str(number))
            info.filename = info.orig_filename = name.encode("utf-8", "replace").decode("utf-8")
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of doubled names, which are meant here
                archive.writestr(info, content)
    return buffer.getvalue()


def tarred(members: list[tuple[str, bytes, str]]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", errors="surrogateescape") as archive:
        for name, content, kind in members:
            info = tarfile.TarInfo(name.replace("\0", "").encode("utf-8", "replace").decode("utf-8"))
            info.size, info.type, info.linkname = len(content), kind.encode(), "../secret"
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


@some
@given(st.lists(st.tuples(names, contents, st.sampled_from("0000001234567LKxgSV")), max_size=3))
def test_any_tar(members: list[tuple[str, bytes, str]]) -> None:
    survives("a.tar.gz", tarred(members))


@some
@given(st.sampled_from(["zip", "tar"]), st.data())
def test_an_archive_with_some_bytes_changed(kind: str, data: st.DataObject) -> None:
    if kind == "zip":
        content = bytearray(zipped([("lab/a.py", CODE, 0o100644), ("b.txt", b"text" * 50, 0)]))
    else:
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name in ("ñ.py", "b.txt"):
                info = tarfile.TarInfo(name)
                info.size = len(CODE)
                archive.addfile(info, io.BytesIO(CODE))
        content = bytearray(buffer.getvalue())
    for _change in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    survives(f"a.{kind}", bytes(content[: data.draw(st.integers(1, len(content)))]))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "worksheets", "cell_type", "source", "input", "metadata", "kernelspec"]
            ),
            inner | st.just("code"),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@some
@given(st.dictionaries(st.sampled_from(["cells", "worksheets", "metadata", "nbformat"]), values))
def test_any_notebook(content: dict[str, object]) -> None:
    survives("a.ipynb", json.dumps(content).encode("utf-8"))


lines = st.lists(
    st.sampled_from(
        ["%", "!", "?", "x", "=", " ", "\n", "'", '"', "'''", "(", ")", "\\", "#", "%%time", "a b"]
    )
).map("".join)


@settings(deadline=None)
@given(lines)
def test_any_cell_keeps_its_lines(cell: str) -> None:
    code, _gone = plain_python(cell)
    assert code.count("\n") == cell.count("\n")


@some
@given(lines)
def test_any_source(cell: str) -> None:
    survives("a.py", cell.encode("utf-8"))
