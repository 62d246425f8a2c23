"""Archives that would write elsewhere, grow without end, or hide what they hold."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.submissions.base import HONEST, HONEST_POINTS, Hostile, Make, written
from tests.submissions.rawzip import Member, raw_zip, zeros

__all__ = ["CASES"]

_ANSWER = ("mnist.py", HONEST)
_LINK, _DEVICE, _SET_UID = 0o120777 << 16, 0o020666 << 16, 0o104755 << 16


def _zip(*members: tuple[str, str | bytes], mode: int = 0o644 << 16, odd: int = -1) -> Make:
    """A zip of these files, in order; ``mode`` is that of the one at ``odd``."""

    def make(folder: Path) -> Path:
        path = folder / "work.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, (member, content) in enumerate(members):
                info = zipfile.ZipInfo(member)
                info.create_system = 3
                info.external_attr = mode if number == odd % len(members) else 0o644 << 16
                archive.writestr(info, content)
        return path

    return make


def _raw(members: Callable[[], Iterable[Member]]) -> Make:
    def make(folder: Path) -> Path:
        path = folder / "work.zip"
        path.write_bytes(raw_zip(members()))
        return path

    return make


def _tar(*members: tarfile.TarInfo, name: str = "work.tar.gz") -> Make:
    """A tar of the honest file and these members, which have no content."""

    def make(folder: Path) -> Path:
        path = folder / name
        with tarfile.open(path, "w:gz") as archive:
            answer = tarfile.TarInfo("mnist.py")
            answer.size = len(HONEST)
            archive.addfile(answer, io.BytesIO(HONEST.encode()))
            for member in members:
                archive.addfile(member)
        return path

    return make


def _member(
    name: str, kind: bytes = tarfile.REGTYPE, link: str = "", **fields: object
) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = link
    for field, value in fields.items():
        setattr(info, field, value)
    return info


def _cut(make: Make, share: float) -> Make:
    """The first part of another submission's file."""

    def cut(folder: Path) -> Path:
        path = make(folder)
        content = path.read_bytes()
        path.write_bytes(content[: int(share * len(content))])
        return path

    return cut


def _nested(depth: int) -> bytes:
    content, name = HONEST.encode(), "mnist.py"
    for _level in range(depth):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        content, name = stream.getvalue(), "inner.zip"
    return content


def _tar_bomb(folder: Path) -> Path:
    """4 GB of zeros as a few megabytes: a header, then the same compressed part again and again."""
    path = folder / "work.tar.gz"
    header = _member("zeros.npy", size=2**32).tobuf(tarfile.GNU_FORMAT)
    path.write_bytes(gzip.compress(header) + gzip.compress(bytes(2**24)) * 256)
    return path


def _refused(name: str, says: str, why: str, make: Make, leaves: str = "") -> Hostile:
    return Hostile(name, make, "refused", 0.0, (says,), why=why, leaves=leaves)


def _graded(name: str, why: str, make: Make, least: float = HONEST_POINTS) -> Hostile:
    return Hostile(name, make, "graded", HONEST_POINTS, least=least, why=why)


_ROADS = (
    _refused("zip_slip", "leads out", "a member that climbs out of the folder",
             _zip(_ANSWER, ("../../../labkit_canary_slip", "labkit")), "labkit_canary_slip"),
    _refused("zip_slip_in_the_middle", "leads out", "a member that goes down and then further up",
             _zip(_ANSWER, ("a/b/../../../../labkit_canary_middle", "labkit")), "labkit_canary_middle"),
    _refused("zip_slip_backslash", "leads out", "the same in the way of Windows",
             _zip(_ANSWER, ("..\\..\\labkit_canary_backslash", "labkit")), "labkit_canary_backslash"),
    _refused("zip_absolute", "absolute path", "a member with a place of its own",
             _zip(_ANSWER, ("/tmp/labkit_canary_absolute", "labkit")), "labkit_canary_absolute"),
    _refused("zip_drive", "begins with a drive", "a member on another drive",
             _zip(_ANSWER, ("C:\\labkit_canary_drive", "labkit")), "labkit_canary_drive"),
    _refused("zip_link", "holds a link", "the answer is a link to a file of the system",
             _zip(("mnist.py", "/etc/passwd"), mode=_LINK)),
    _refused("zip_link_then_file", "holds a link", "a link out, then a file below it",
             _zip(("way", "/tmp"), ("way/labkit_canary_below", "labkit"), _ANSWER, odd=0,
                  mode=_LINK), "labkit_canary_below"),
    _refused("zip_device", "holds a device", "a member that is a device", _zip(_ANSWER, ("device", ""),
             mode=_DEVICE)),
    _refused("tar_slip", "leads out", "a member that climbs out",
             _tar(_member("../../labkit_canary_tar_slip")), "labkit_canary_tar_slip"),
    _refused("tar_absolute", "absolute path", "a member with a place of its own",
             _tar(_member("/tmp/labkit_canary_tar_absolute")), "labkit_canary_tar_absolute"),
    _refused("tar_link", "holds a link", "a link out, then a file through it",
             _tar(_member("way", tarfile.SYMTYPE, "/tmp"), _member("way/labkit_canary_tar_link")),
             "labkit_canary_tar_link"),
    _refused("tar_hard_link", "holds a link", "another name of a file of the system",
             _tar(_member("second.py", tarfile.LNKTYPE, "/etc/passwd"))),
    _refused("tar_device", "holds a device", "a member that is a disk", _tar(_member("disk",
             tarfile.BLKTYPE, devmajor=8, devminor=0))),
    _refused("tar_pipe", "holds a device", "a FIFO: whoever reads it waits for ever",
             _tar(_member("second.py", tarfile.FIFOTYPE))),
    _refused("tar_pax_slip", "leads out", "a name that only the extended header has",
             _tar(_member("harmless", pax_headers={"path": "../../labkit_canary_pax"})),
             "labkit_canary_pax"),
)  # fmt: skip

_BOMBS = (
    _refused("zip_bomb", "larger than", "4 GB in 4 MB",
             _raw(lambda: [Member(b"mnist.py", zeros(256), size=2**32 - 1, method=8)])),
    _refused("zip_bomb_that_lies", "damaged", "4 GB that say they are a kilobyte",
             _raw(lambda: [Member(b"mnist.py", zeros(256), size=1_000, method=8)])),
    _refused("zip_bomb_of_overlaps", "overlap", "30,000 members that share one body",
             _raw(lambda: [Member(b"%05d.py" % n, zeros(1) if n == 0 else b"", size=2**24, method=8,
             shared=n > 0)
                           for n in range(30_000)])),
    _refused("zip_bomb_of_count", "more than", "40,000 members",
             _raw(lambda: [Member(b"%05d.txt" % n, b"") for n in range(40_000)])),
    _refused("zip_in_zip", "an archive within an archive", "fifty archives, one in the other",
             _zip(("inner.zip", _nested(50)))),
    _refused("tar_bomb", "larger than", "4 GB in 4 MB", _tar_bomb),
    _refused("tar_that_lies", "holes", "a member that says it is a petabyte large, and ends",
             _tar(_member("zeros", pax_headers={"GNU.sparse.major": "1", "GNU.sparse.minor": "0",
                                                "GNU.sparse.name": "zeros",
                                                "GNU.sparse.realsize": str(10**15)}))),
    _refused("zip_deep", "nested", "one file below two thousand folders",
             _zip(("d/" * 2_000 + "mnist.py", HONEST))),
    _refused("zip_long_name", "too long", "a name that no file system takes",
             _zip(_ANSWER, ("x" * 5_000 + ".py", HONEST))),
)  # fmt: skip

_NAMES = (
    _refused("zip_same_name_twice", "the same name", "which of the two is the answer?",
             _raw(lambda: [Member(b"mnist.py", HONEST.encode()), Member(b"mnist.py",
             b"raise SystemExit")])),
    _refused("zip_same_name_but_case", "the same name", "two files here, one on Windows and macOS",
             _zip(_ANSWER, ("MNIST.PY", "raise SystemExit"))),
    _refused("zip_name_that_is_no_text", "encoding", "a name that says it is UTF-8 and is not",
             _raw(lambda: [Member(b"mnist\xff\xfe.py", HONEST.encode(), flags=0x800)])),
    _refused("zip_name_with_line_end", "cannot be shown", "a name that is two lines of a log",
             _zip(("mnist.py\n0.0 / 10 refused.py", HONEST))),
    _refused("zip_name_with_zero", "cannot be shown", "a name that ends in the middle for some",
             _raw(lambda: [Member(b"mnist.py\x00.txt", HONEST.encode()), Member(b"mnist.py", b"1/0")])),
    _refused("zip_two_candidates", "could be meant", "two answers, neither called as it should be",
             _zip(("first.py", HONEST), ("second.py", "# more\n" + HONEST))),
    _refused("zip_without_an_answer", "no Python file", "a text and a picture", _zip(("read me.txt",
             "hi"), ("a.png", b"\x89PNG"))),
    _refused("zip_of_nothing", "nothing in", "no members at all", _zip()),
    _refused("zip_of_resource_forks", "nothing in", "only what macOS puts beside the files",
             _zip(("__MACOSX/._mnist.py", b"\x00\x05\x16\x07"), (".DS_Store", b"\x00"))),
)  # fmt: skip

_DAMAGED = (
    _refused("zip_encrypted", "password", "a password nobody told",
             _raw(lambda: [Member(b"mnist.py", HONEST.encode(), flags=1)])),
    _refused("zip_wrong_checksum", "damaged", "content that is not what it was",
             _raw(lambda: [Member(b"mnist.py", HONEST.encode(), crc=1)])),
    _refused("zip_unknown_method", "rare method", "a compression that nobody knows",
             _raw(lambda: [Member(b"mnist.py", HONEST.encode(), method=99)])),
    *(
        _refused(f"zip_cut_at_{share:.0%}"[:-1], "ends in the middle", "half a download",
                 _cut(_zip(_ANSWER), share))
        for share in (0.1, 0.5, 0.97)
    ),
    _refused("tar_cut", "ends in the middle", "half a download", _cut(_tar(_member("notes.txt")), 0.5)),
    _refused("pdf_named_zip", "PDF", "a document with another ending",
             written(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n", "work.zip")),
    _refused("rar", "not unpacked here", "an archive of a kind that is not taken",
             written(b"Rar!\x1a\x07\x01\x00" + bytes(100), "work.rar")),
    _refused("empty_zip", "empty", "a file without a byte", written(b"", "work.zip")),
)  # fmt: skip

_HARMLESS = (
    _graded("honest_zip", "an honest answer in a folder, with what macOS adds",
            _zip(("lab 2/mnist.py", HONEST), ("__MACOSX/lab 2/._mnist.py", b"\x00\x05\x16\x07"))),
    _graded("honest_tar", "an honest answer in a tar", _tar()),
    _graded("zip_set_uid", "an honest answer with permissions nobody gives it",
            _zip(_ANSWER, mode=_SET_UID), least=0.0),
    _graded("zip_cp437", "an honest answer from a Windows machine in Spain",
            _raw(lambda: [Member("práctica/mnist.py".encode("cp437"), HONEST.encode())])),
    _graded("zip_behind_a_program", "an honest answer behind a megabyte of something else",
            lambda folder: _prefixed(folder), least=0.0),
)  # fmt: skip


def _prefixed(folder: Path) -> Path:
    path = _zip(_ANSWER)(folder)
    path.write_bytes(b"MZ" + bytes(2**20) + path.read_bytes())
    return path


CASES = _ROADS + _BOMBS + _NAMES + _DAMAGED + _HARMLESS
