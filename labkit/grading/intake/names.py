"""Names of files as strangers give them: which may be written, and how they are shown."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import PurePosixPath

from labkit.errors import SubmissionError
from labkit.i18n import Text, texts

__all__ = ["Names", "in_junk", "is_junk", "key", "shown"]

_ = texts(__file__)

_DEEPEST = 20
_LONGEST_PART = 255  # bytes, the most a file system takes
_LONGEST = 400  # characters of the whole; room for the folder it is unpacked in
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?", re.I)
# A colon names a drive or a stream of a file on Windows; the others cannot be written there.
_FORBIDDEN = re.compile(r'[<>:"|?*]' if os.name == "nt" else ":")
_UNSEEN = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JUNK = frozenset(
    {
        "__macosx",
        "icon\r",
        "thumbs.db",
        "desktop.ini",
        "__pycache__",
        "node_modules",
        "site-packages",
        "venv",
    }
)
_WANTED = re.compile(r"\.(py|ipynb|h5|hdf5)\b", re.I)
_LONGEST_SHOWN = 80


def shown(name: object) -> str:
    """A name that is safe to show: on one line, printable, and not endless."""
    text = "".join(
        char if char.isprintable() and char not in _TURNING else "\ufffd" for char in str(name)
    )
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def is_junk(part: str) -> bool:
    """Whether a file or folder of that name is left alone: hidden, or made by a program."""
    return part.startswith((".", "~$")) or part.casefold() in _JUNK


def in_junk(name: str) -> bool:
    """Whether that is the name of something within what is left alone, or of such a thing itself.

    Example:
        >>> in_junk("lab/.venv/bin/python"), in_junk("./lab/../mnist.py")
        (True, False)
    """
    return any(is_junk(part) for part in re.split(r"[/\\]", name) if part.strip("."))


def key(name: str) -> str:
    """What two names share when some file system takes them for one."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return "/".join(part.rstrip(" .") for part in folded.split("/"))


class Names:
    """The names in one archive, each looked at before anything is written.

    Args:
        archive: Name of the archive, for messages.
    """

    def __init__(self, archive: str) -> None:
        self.archive = archive
        self.left_out: list[str] = []
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def add(self, name: str, *, folder: bool) -> PurePosixPath | None:
        """Look at one more name.

        A backslash separates folders, as some programs on Windows write it.

        Returns:
            The name relative to the folder the archive is unpacked in; ``None`` for what is neither
            code nor a model and cannot be written, which is noted in ``left_out``.

        Raises:
            SubmissionError: A file of that name is not written.
        """
        flat = name.replace("\\", "/")
        parts = [part for part in flat.split("/") if part not in ("", ".")]
        if (fault := _outside(flat, parts)) is not None:
            raise self._refusal(fault, name)
        if (fault := _unreadable(flat) or _unusable(parts, folder)) is not None:
            if _WANTED.search(parts[-1]):
                raise self._refusal(fault, name)
            self.left_out.append(name)
            return None
        if not parts and not folder:
            raise self._refusal(_("a file in it has no name"), name)
        if not self._is_new(parts, folder):
            raise self._refusal(_("two things in it have the same name"), name)
        return PurePosixPath(*parts)

    def _is_new(self, parts: list[str], folder: bool) -> bool:
        keys = [key("/".join(parts[: depth + 1])) for depth in range(len(parts))]
        folders = keys if folder else keys[:-1]
        if not self._files.isdisjoint(folders):
            return False
        self._folders.update(folders)
        if folder:
            return True
        if keys[-1] in self._files or keys[-1] in self._folders:
            return False
        self._files.add(keys[-1])
        return True

    def _refusal(self, fault: Text, name: str) -> SubmissionError:
        return SubmissionError(
            _(
                "{archive} is not unpacked: {fault} ({name}).",
                archive=shown(self.archive),
                fault=fault,
                name=shown(name),
            ),
            fix=_("Pack your files again with plain names, and hand in the new archive."),
        )


def _unreadable(name: str) -> Text | None:
    if any(unicodedata.category(char) in _UNSEEN or char in _TURNING for char in name):
        return _("a name in it holds characters that cannot be shown")
    return None


def _outside(name: str, parts: list[str]) -> Text | None:
    if name.startswith("/"):
        return _("a name in it is an absolute path")
    if re.match(r"[A-Za-z]:", name):
        return _("a name in it begins with a drive")
    if ".." in parts:
        return _("a name in it leads out of the archive's folder")
    return None


def _unusable(parts: list[str], folder: bool) -> Text | None:
    if len(parts) - (not folder) > _DEEPEST:
        return _("its folders are nested more than {count} deep", count=_DEEPEST)
    if sum(map(len, parts)) + len(parts) > _LONGEST:
        return _("a name in it is too long")
    if any(len(part.encode("utf-8", "replace")) > _LONGEST_PART for part in parts):
        return _("a name in it is too long")
    if any(_RESERVED.fullmatch(part) for part in parts):
        return _("a name in it is a device's on Windows")
    if any(_FORBIDDEN.search(part) or not part.rstrip(" .") for part in parts):
        return _("a name in it cannot be written on every system")
    return None
