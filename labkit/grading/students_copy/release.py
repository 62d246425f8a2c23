"""Writes the students' copy of the kit: what they need to work, and nothing that tells the answers.

What goes in is named, not what stays out; what was written is then searched for what must not be in
it, and a copy with a fault is taken back.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from labkit.errors import ContentError, StorageError, UsageError
from labkit.grading.students_copy.handout import makefile, readme
from labkit.grading.students_copy.leaks import Leak, leaks
from labkit.i18n import LANGUAGES, localized, texts
from labkit.root import root
from labkit.rubric import find
from labkit.rubric.lab import Lab
from labkit.rubric.starter import starter

__all__ = ["PRISTINE", "Release", "release", "solutions"]

_ = texts(__file__)

_FOLDERS = ("labkit", "datasets", "docs", "examples")
_FILES = ("setup.cfg", "pyproject.toml", "LICENSE", "CHANGELOG.md", ".gitignore", "labs/conftest.py")
_GENERATED = re.compile(r"__pycache__|.*\.egg-info|.*\.pyc|.*\.backup-.*|\.(?!git).*")

PRISTINE = ".starter"
"""Name of the file in a lab's folder of the copy that keeps the starter for `labkit reset`."""


@dataclass(frozen=True, slots=True)
class Release:
    """A copy that was written: where, how many files and bytes."""

    path: Path
    files: int
    bytes: int


def release(target: Path, *, zipped: bool = False) -> Release:
    """Write the students' copy of this checkout.

    Args:
        target: A new or empty folder.
        zipped: Write ``<target>.zip`` with that folder in it instead.

    Raises:
        UsageError: Something is there already, or this copy of the kit has no solutions.
        ContentError: Something in it would give an answer away; nothing is left behind.
        StorageError: The disk is full, or the folder may not be written.
    """
    target = target.absolute()
    if zipped and target.suffix == ".zip":
        target = target.with_suffix("")
    final = target.with_name(target.name + ".zip") if zipped else target
    _refuse_existing(final)
    answers = solutions()
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".labkit-", dir=final.parent) as scratch:
            copy = Path(scratch, target.name)
            _write(copy, answers)
            if found := list(leaks(copy, answers)):
                raise _leaked(found)
            sizes = [path.stat().st_size for path in copy.rglob("*") if path.is_file()]
            made = _pack(copy) if zipped else copy
            if final.is_dir():
                final.rmdir()
            made.rename(final)
    except OSError as error:
        raise StorageError(
            _("{path} cannot be written: {error}.", path=final, error=error.strerror or error),
            fix=_("Make room, or name another folder."),
        ) from error
    return Release(final, len(sizes), sum(sizes))


def solutions() -> dict[str, str]:
    """Source of every lab's solution, by the name of the lab's folder.

    Raises:
        UsageError: There is none: this is a students' copy itself.
        ContentError: Just one lab has none.
    """
    labs = find.labs()
    missing = [lab.folder for lab in labs if not find.solution(lab).is_file()]
    if len(missing) == len(labs):
        raise UsageError(
            _("This copy of the kit has no solutions."),
            _("Starters are made from them."),
            _("Run the command in the checkout in which the labs are written."),
        )
    if missing:
        raise ContentError(_("No solution is there of: {labs}.", labs=", ".join(missing)))
    return {lab.folder: find.solution(lab).read_text(encoding="utf-8") for lab in labs}


def _write(copy: Path, answers: dict[str, str]) -> None:
    """Write everything that goes into a copy."""
    labs = find.labs()
    made = {f"labs/{lab.folder}/{lab.slug}.py" for lab in labs}
    for name in _tracked():
        if _goes_in(name, labs) and name not in made:
            path = root() / name
            if path.is_symlink():
                raise ContentError(_("{path} is a link.", path=name))
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy / name)
    for lab in labs:
        fresh = starter(answers[lab.folder])
        _put(copy / "labs" / lab.folder / f"{lab.slug}.py", fresh)
        _put(copy / "labs" / lab.folder / PRISTINE, fresh)
    _put(copy / "Makefile", makefile((root() / "Makefile").read_text(encoding="utf-8")))
    for language in LANGUAGES:
        name = localized("README.md", language)
        _put(copy / name, readme((root() / name).read_text(encoding="utf-8"), language))


def _goes_in(name: str, labs: tuple[Lab, ...]) -> bool:
    """Whether a file of the checkout goes into the copy as it is."""
    first, *others = PurePosixPath(name).parts
    if first == "labs":
        return name in _FILES or (len(others) > 1 and others[0] in {lab.folder for lab in labs})
    return name in _FILES or (first in _FOLDERS and bool(others))


def _tracked() -> Iterator[str]:
    """Files of the checkout that git knows; where git is not used, those that nothing has generated.

    Of the code, new files count too: the copy runs what the checkout runs.
    """
    top = root()
    if not (top / ".git").exists():
        for folder in (*_FOLDERS, "labs"):
            for path in sorted((top / folder).rglob("*")):
                inside = path.relative_to(top)
                if not path.is_dir() and not any(map(_GENERATED.fullmatch, inside.parts)):
                    yield inside.as_posix()
        yield from (name for name in _FILES if "/" not in name and (top / name).is_file())
        return
    git = shutil.which("git")
    if git is None:
        raise UsageError(
            _("git was not found."),
            _("It tells which files of the checkout are part of the kit."),
            _("Install git."),
        )
    command = [git, "-c", f"safe.directory={top.as_posix()}", "ls-files", "-z"]
    names: set[str] = set()
    for which in ([], ["--others", "--exclude-standard", "--", "labkit"]):
        listed = subprocess.run([*command, *which], cwd=top, capture_output=True, check=False)
        if listed.returncode:
            error = listed.stderr.decode("utf-8", "replace").strip()
            raise UsageError(_("git cannot list the files of the checkout: {error}", error=error))
        names.update(filter(None, listed.stdout.decode("utf-8").split("\0")))
    yield from sorted(name for name in names if (top / name).is_file())


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _pack(copy: Path) -> Path:
    """Zip a copy, with its folder in it; times are now, or an older `.pyc` would be taken for fresh."""
    packed = copy.with_name(copy.name + ".zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(copy.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(copy.parent))
    return packed


def _refuse_existing(path: Path) -> None:
    if path.is_symlink() or path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise UsageError(
            _("{path} is there already.", path=path),
            _("A new or empty folder was expected."),
            _("Name another one, or remove it first."),
        )


def _leaked(found: list[Leak]) -> ContentError:
    shown = [f"{leak.file}:{leak.line}: {leak.what}" for leak in found[:10]]
    return ContentError(
        "\n  ".join([str(_("The copy would give answers away, so it was not written:")), *shown]),
        _("{count} places are not for students.", count=len(found)),
        _("Take them out of the checkout, or out of what git tracks."),
    )
