from __future__ import annotations

import io
import os
import stat
import tarfile
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from labkit.errors import SubmissionError
from labkit.grading.intake import take

CODE = "def define():\n    return 1\n"
LINK = zipfile.ZipInfo("link.py")
LINK.external_attr = (stat.S_IFLNK | 0o777) << 16
PIPE = zipfile.ZipInfo("pipe.py")
PIPE.external_attr = (stat.S_IFIFO | 0o644) << 16


def entry(name: str, flags: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = info.orig_filename = name
    info.flag_bits = flags
    return info


@pytest.mark.parametrize(
    "ending", ["zip", "tar", "tar.gz", "tgz", "tar.bz2", "tbz2", "tar.xz", "txz", "tar-1.gz"]
)
def test_every_kind_is_unpacked(ending: str, handed: Any, make: Any, into: Path) -> None:
    how = {"z": "gz", "2": "bz2", "r": ""}.get(ending[-1], "gz")
    how = "xz" if ending.endswith("xz") else how
    members = (make.member("lab", type=tarfile.DIRTYPE), make.member("lab/mnist.py", 700))
    content = (
        make.zip({"lab/": "", "lab/mnist.py": "#" * 700})
        if ending == "zip"
        else make.tar(*members, how=how)
    )
    taken = take(handed(f"entrega.{ending}", content), into)
    assert taken.path == into / "entrega" / "lab" / "mnist.py"
    assert taken.path.read_bytes() == b"#" * 700


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_come_through_in_every_format(form: int, handed: Any, make: Any, into: Path) -> None:
    name = "carpeta/" * 8 + "a" * 90 + ".py"
    content = make.tar(make.member(name, 3), make.member("año.txt", 600), format=form)
    path = take(handed("a.tgz", content), into).path
    assert path == into / "a" / name
    assert (into / "a" / "año.txt").stat().st_size == 600


def test_a_zip_is_known_by_its_content(handed: Any, make: Any, into: Path) -> None:
    assert take(handed("a.tar.gz", make.zip({"a.py": CODE})), into).path.name == "a.py"
    assert take(handed("b.zip", make.tar(make.member("b.py", 3))), into).path.name == "b.py"


@pytest.mark.skipif(os.name == "nt", reason="no such rights there")
def test_rights_do_not_come_through(handed: Any, make: Any, into: Path) -> None:
    info = zipfile.ZipInfo("a.py")
    info.external_attr = (stat.S_IFREG | 0o6777) << 16
    path = take(handed("a.zip", make.zip({info: CODE})), into).path
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../a.py", "leads out"),
        ("lab/../../a.py", "leads out"),
        ("..\\a.py", "leads out"),
        ("/etc/a.py", "absolute path"),
        ("\\\\server\\share\\a.py", "absolute path"),
        ("C:\\a.py", "begins with a drive"),
        ("c:a.py", "begins with a drive"),
        ("a.py:stream", "cannot be written on every system"),
        ("lab/nul.py", "a device's on Windows"),
        ("CON.h5", "a device's on Windows"),
        ("Lpt1 .tar.py", "a device's on Windows"),
        ("a\nb.py", "cannot be shown"),
        ("a\x1b[2J.py", "cannot be shown"),
        ("a\u202eyp.py", "cannot be shown"),
        ("a.ipynb\r", "cannot be shown"),
        ("a\0.py", "cannot be shown"),
        ("a/" * 21 + "a.py", "more than 20 deep"),
        ("a" * 256 + ".py", "too long"),
        ("ñ" * 128 + ".py", "too long"),
        ("/".join(["a" * 60] * 7) + ".py", "too long"),
        (".../a.py", "cannot be written"),
    ],
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_names_that_are_not_written(
    kind: str, name: str, said: str, handed: Any, make: Any, into: Path
) -> None:
    if kind == "tar" and "\0" in name:
        pytest.skip("cannot be in one")
    content = (
        make.zip({entry(name): CODE})
        if kind == "zip"
        else make.tar(make.member(name, 3), format=tarfile.PAX_FORMAT)
    )
    with pytest.raises(SubmissionError, match=said):
        take(handed(f"a.{kind}", content), into)
    assert not list(into.iterdir())


@pytest.mark.parametrize("kind", ["zip", "tar"])
@pytest.mark.parametrize(
    "name",
    ["CON", "a\u202eyp.exe", "lab/what\n.csv", "10:30.png", "a" * 256, "b/" * 21 + "c.txt", "..."],
)
def test_data_with_a_name_that_cannot_be_written_are_left_out(
    name: str, kind: str, handed: Any, make: Any, into: Path
) -> None:
    content = (
        make.zip({entry(name): "1", "a.py": "###"})
        if kind == "zip"
        else make.tar(make.member(name, 700), make.member("a.py", 3), format=tarfile.PAX_FORMAT)
    )
    taken = take(handed(f"a.{kind}", content), into)
    assert taken.path.read_bytes() == b"###"
    assert [path.name for path in (into / "a").iterdir()] == ["a.py"]
    assert [str(note).partition(":")[0] for note in taken.notes] == [
        "What has a name that cannot be written was left out"
    ]


def test_only_some_of_what_was_left_out_is_named(handed: Any, make: Any, into: Path) -> None:
    content = make.zip({"a.py": CODE, **{entry(f"{number}:30.png"): "" for number in range(3_000)}})
    (note,) = take(handed("a.zip", content), into).notes
    assert str(note).endswith("0:30.png, 1:30.png, 2:30.png, 3:30.png, 4:30.png….")


JUNK = (
    "lab/.venv/bin/a:b.py",
    ".git/" + "deep/" * 30 + "x",
    "__MACOSX/lab/._a\x01.py",
    "lab/Icon\r",
    "lab\\node_modules\\aux",
    "venv/lib/aux.py",
)


@pytest.mark.parametrize("kind", ["zip", "tgz"])
def test_what_programs_leave_is_not_even_looked_at(
    kind: str, handed: Any, make: Any, into: Path
) -> None:
    link = entry("lab/.venv/bin/python3")
    link.external_attr = LINK.external_attr
    if kind == "zip":
        content = make.zip(
            {**{entry(name): "#" for name in JUNK}, link: "/usr/bin/python3", "a.py": CODE}
        )
    else:
        links = (tarfile.SYMTYPE, tarfile.LNKTYPE)
        members = [make.member(link.filename, type=type, link="/" + "long/" * 60) for type in links]
        members += [make.member(name, 700) for name in JUNK]
        members += [make.member(".git", type=tarfile.DIRTYPE), make.member("lab/.pipe", type=b"6")]
        content = make.tar(*members, make.member("a.py", 3), format=tarfile.GNU_FORMAT)
    taken = take(handed(f"a.{kind}", content), into)
    assert [path.name for path in (into / "a").iterdir()] == ["a.py"]
    assert not taken.notes


@pytest.mark.parametrize("kind", ["zip", "tgz"])
def test_what_programs_leave_does_not_count(kind: str, handed: Any, make: Any, into: Path) -> None:
    names = [f".git/objects/{number}" for number in range(9_000)]
    content = (
        make.zip({**dict.fromkeys(names, ""), "a.py": CODE})
        if kind == "zip"
        else make.tar(*map(make.member, names), make.member("a.py", 3))
    )
    assert take(handed(f"a.{kind}", content), into).path.name == "a.py"


@pytest.mark.parametrize("kind", ["zip", "tgz"])
def test_even_what_is_left_out_has_a_limit(
    kind: str, handed: Any, make: Any, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = "zips" if kind == "zip" else "tars"
    monkeypatch.setattr(f"labkit.grading.intake.{reader}.MOST_ENTRIES", 100)
    names = [f".git/{number}" for number in range(101)]
    content = (
        make.zip(dict.fromkeys(names, "")) if kind == "zip" else make.tar(*map(make.member, names))
    )
    with pytest.raises(SubmissionError, match="too many files"):
        take(handed(f"a.{kind}", content), into)


def test_a_bomb_among_what_is_left_out_is_never_unpacked(
    handed: Any, make: Any, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = make.zip({".git/x": b"#" * 3_000_000, "a.py": CODE})
    assert take(handed("a.zip", content), into).path.read_text() == CODE
    monkeypatch.setattr("labkit.grading.intake.tars._MOST_UNREAD", 2**20)
    for number, name in enumerate((".git/x", "10:30.png")):
        content = make.tar(make.member(name, 2**20 + 1), make.member("a.py", 3))
        with pytest.raises(SubmissionError, match="larger than 200 MB once unpacked"):
            take(handed(f"{number}.tgz", content), into)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.py", "a.py"),
        ("a.py", "./a.py"),
        ("a.py", "A.PY"),
        ("lab/a.py", "LAB/a.py"),
        ("a.py", "a.py."),
        ("año.py", unicodedata.normalize("NFD", "año.py")),
        ("straße.py", "STRASSE.py"),
        ("lab", "lab/a.py"),
        ("lab/a.py", "lab"),
    ],
)
def test_no_two_files_have_the_same_name(
    one: str, other: str, handed: Any, make: Any, into: Path
) -> None:
    content = make.tar(make.member(one, 3), make.member(other, 4))
    with pytest.raises(SubmissionError, match="the same name"):
        take(handed("a.tgz", content), into)
    assert not list(into.iterdir())


def test_names_from_windows_and_macos_keep_their_accents(handed: Any, make: Any, into: Path) -> None:
    for number, encoding in enumerate(("utf-8", "cp850")):
        content = make.zip({"PRXCTICA/mi aYo.py": CODE})
        for plain, accented in (("X", "Á"), ("Y", "ñ")):
            raw = accented.encode(encoding)
            content = content.replace(plain.encode(), raw) if len(raw) == 1 else content
        if encoding == "utf-8":
            content = _utf8_without_mark("PRÁCTICA/mi año.py")
        taken = take(handed(f"{number}.zip", content), into)
        assert taken.path == into / str(number) / "PRÁCTICA" / "mi año.py"


def _utf8_without_mark(name: str) -> bytes:
    raw = name.encode("utf-8")
    stand_in = "x" * len(raw)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(stand_in, CODE)
    return buffer.getvalue().replace(stand_in.encode(), raw)


def test_backslashes_between_folders_are_read_as_windows_means_them(
    handed: Any, make: Any, into: Path
) -> None:
    path = take(handed("a.zip", make.zip({entry("lab\\a.py"): CODE})), into).path
    assert path == into / "a" / "lab" / "a.py"


def test_a_name_that_is_not_in_the_encoding_it_claims(handed: Any, make: Any, into: Path) -> None:
    content = make.zip({"ñ.py": CODE}).replace("ñ".encode(), b"\xf1\xf1")
    with pytest.raises(SubmissionError, match="not in the encoding it says"):
        take(handed("a.zip", content), into)


@pytest.mark.parametrize(
    ("kind", "link"), [(tarfile.SYMTYPE, "/etc/passwd"), (tarfile.LNKTYPE, "a.py")]
)
def test_links_are_not_unpacked(kind: bytes, link: str, handed: Any, make: Any, into: Path) -> None:
    content = make.tar(make.member("a.py", 3), make.member("b.py", type=kind, link=link))
    with pytest.raises(SubmissionError, match="holds a link"):
        take(handed("a.tgz", content), into)
    assert not list(into.iterdir())


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, b"M"])
def test_devices_are_not_unpacked(kind: bytes, handed: Any, make: Any, into: Path) -> None:
    with pytest.raises(SubmissionError, match="holds a device"):
        take(handed("a.tgz", make.tar(make.member("a.py", type=kind))), into)


def test_links_and_pipes_in_a_zip_are_not_unpacked(handed: Any, make: Any, into: Path) -> None:
    with pytest.raises(SubmissionError, match="holds a link"):
        take(handed("a.zip", make.zip({LINK: "/etc/passwd"})), into)
    with pytest.raises(SubmissionError, match="holds a device"):
        take(handed("b.zip", make.zip({PIPE: ""})), into)


def test_a_file_with_holes_is_not_unpacked(handed: Any, make: Any, into: Path) -> None:
    info = make.member("a.py", 3)
    info.pax_headers = {"GNU.sparse.major": "1"}
    with pytest.raises(SubmissionError, match="with holes"):
        take(handed("a.tgz", make.tar(info, format=tarfile.PAX_FORMAT)), into)


def test_a_password_is_not_asked_for(handed: Any, make: Any, into: Path) -> None:
    content = bytearray(make.zip({"a.py": CODE}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(SubmissionError, match="a password"):
        take(handed("a.zip", bytes(content)), into)


def test_a_rare_method_is_refused(handed: Any, make: Any, into: Path) -> None:
    with pytest.raises(SubmissionError, match="rare method"):
        take(handed("a.zip", make.zip({"a.py": CODE}, zipfile.ZIP_LZMA)), into)


@pytest.mark.parametrize("kind", ["zip", "tgz"])
def test_what_is_packed_too_well_is_a_bomb(kind: str, handed: Any, make: Any, into: Path) -> None:
    size = 3_000_000
    content = make.zip({"a.py": b"#" * size}) if kind == "zip" else make.tar(make.member("a.py", size))
    with pytest.raises(SubmissionError, match="more than 200 times"):
        take(handed(f"a.{kind}", content), into)
    assert not list(into.iterdir())


def test_a_small_file_may_be_packed_well(handed: Any, make: Any, into: Path) -> None:
    assert take(handed("a.zip", make.zip({"a.py": b"#" * 1_000_000})), into).path.exists()


def test_more_than_the_limit_is_not_unpacked(
    handed: Any, make: Any, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labkit.grading.intake.place.LARGEST", 2**20)
    content = make.zip({"a.py": CODE, "b": b"#" * 2**20}, zipfile.ZIP_STORED)
    with pytest.raises(SubmissionError, match="larger than 1 MB once unpacked"):
        take(handed("a.zip", content), into)
    assert not list(into.iterdir())


def test_a_header_that_claims_less_is_not_believed(handed: Any, make: Any, into: Path) -> None:
    content = make.zip({"a.py": b"#" * 70_000}).replace((70_000).to_bytes(4, "little"), b"\1\0\0\0")
    with pytest.raises(SubmissionError, match="damaged"):
        take(handed("a.zip", content), into)


@pytest.mark.parametrize("kind", ["zip", "tgz"])
def test_too_many_files_are_not_unpacked(kind: str, handed: Any, make: Any, into: Path) -> None:
    names = [f"{number}.txt" for number in range(2_001)]
    content = (
        make.zip(dict.fromkeys(names, "")) if kind == "zip" else make.tar(*map(make.member, names))
    )
    with pytest.raises(SubmissionError, match="more than 2000 files"):
        take(handed(f"a.{kind}", content), into)
    assert not list(into.iterdir())


def test_files_that_share_their_bytes_are_a_bomb(handed: Any, make: Any, into: Path) -> None:
    # Two entries of the directory point to the same file.
    content = make.zip({"a.py": CODE})
    start, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    directory = content[start:end]
    tail = bytearray(content[end:])
    tail[8:12] = b"\2\0\2\0"
    tail[12:16] = (2 * len(directory)).to_bytes(4, "little")
    content = content[:start] + directory + directory.replace(b"a.py", b"b.py") + bytes(tail)
    with pytest.raises(SubmissionError, match="overlap"):
        take(handed("a.zip", content), into)


def test_more_headers_than_files_are_not_followed(handed: Any, make: Any, into: Path) -> None:
    info = make.member("x", 4, b"L")
    with pytest.raises(SubmissionError, match="damaged"):
        take(handed("a.tgz", make.tar(*[info] * 9_000)), into)


def test_a_long_header_is_not_read(handed: Any, make: Any, into: Path) -> None:
    with pytest.raises(SubmissionError, match="too long"):
        take(handed("a.tar", make.tar(make.member("x", 100_000, b"x"), how="")), into)


@pytest.mark.parametrize("ending", ["zip", "tar", "tgz", "tar.xz", "tar.bz2"])
def test_half_a_download_is_called_so(ending: str, handed: Any, make: Any, into: Path) -> None:
    noise = os.urandom(4_000)
    if ending == "zip":
        content = make.zip({"a.py": noise})
    else:
        info = make.member("a.py", len(noise))
        buffer = io.BytesIO()
        how = {"tar": "", "tgz": "gz"}.get(ending, ending[4:])
        with tarfile.open(fileobj=buffer, mode=f"w:{how}") as archive:
            archive.addfile(info, io.BytesIO(noise))
        content = buffer.getvalue()
    with pytest.raises(SubmissionError, match="half a download"):
        take(handed(f"a.{ending}", content[:3_000]), into)
    assert not list(into.iterdir())


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.zip", b"", "is empty"),
        ("a.zip", b"x = 1", "not an archive"),
        ("a.zip", b"%PDF-1.7", "is a PDF document, not an archive"),
        ("a.zip", b"Rar!\x1a\x07\x00", r"A \.zip was expected"),
        ("a.tar.gz", zlib.compress(b"x"), "not an archive"),
        ("a.tar.gz", b"\x1f\x8b" + b"x" * 100, "damaged"),
        ("a.tar", bytes(10_240), "damaged"),
        ("a.zip", b"PK\x05\x06" + bytes(18), "There is nothing in"),
    ],
)
def test_what_is_no_archive_says_why(
    name: str, content: bytes, said: str, handed: Any, into: Path
) -> None:
    with pytest.raises(SubmissionError, match=said):
        take(handed(name, content), into)


def test_a_damaged_member_is_noticed(handed: Any, make: Any, into: Path) -> None:
    content = make.zip({"a.py": CODE}, zipfile.ZIP_STORED).replace(b"define", b"dEfine", 1)
    with pytest.raises(SubmissionError, match="damaged"):
        take(handed("a.zip", content), into)
    assert not list(into.iterdir())
