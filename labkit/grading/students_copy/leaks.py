"""Proves that a students' copy gives nothing away: looks at every file that was written."""

from __future__ import annotations

import io
import os
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from labkit import data
from labkit.i18n import Text, texts

__all__ = ["Leak", "leaks"]

_ = texts(__file__)

_RUN = 3  # so many telling lines of a solution, one after the other, are no accident
_FOLDERS = re.compile(
    r"solutions|submissions|tests|runs|build|dist|benchmarks|__pycache__|\.git|\.venv|.*\.egg-info",
    re.IGNORECASE,
)
_NAMES = re.compile(r"class\.toml|\.?(seeds?|gradebook|roster|mutants?)(\.\w+)?", re.IGNORECASE)
_ENDINGS = re.compile(r".*\.(db|sqlite3?|h5|keras|pyc|zip|tgz|gz|tar|env)|.*\.backup-.*", re.IGNORECASE)
_BINARY = (".xz", ".mo", ".png", ".jpg", ".woff2", ".ico")
_BEGIN = re.compile(r"\s*# cut:")
_END = re.compile(r"\s*# end cut")
_MUTANTS = re.compile(r"^MUTANTS\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that is not for students.

    Args:
        file: Where, relative to the copy, with forward slashes.
        line: In which line; 0 where it is the file itself.
        what: What is wrong with it.
    """

    file: str
    line: int
    what: Text


@dataclass(frozen=True, slots=True)
class _Secrets:
    """Lines of the solutions as `_telling` spells them, with the name of the solution.

    Args:
        runs: Several lines, looked for everywhere.
        whole: Cuts that have no run of so many lines, looked for in the lab's own Python files.
    """

    runs: Mapping[tuple[str, ...], str]
    whole: Mapping[str, frozenset[tuple[str, ...]]]


def leaks(copy: Path, solutions: Mapping[str, str]) -> Iterator[Leak]:
    """Everything in ``copy`` that gives something away.

    Args:
        copy: Folder of the students' copy.
        solutions: Source of every solution, with its cut marks, by the name of the lab's folder.

    Looked for are lines between the cut marks of a solution (three one after the other, however they
    are indented, quoted or commented out), cut marks, wrong answers, links, and names of things that
    belong to a class or to a checkout.
    """
    secrets = _secrets(solutions)
    for folder, folders, files in os.walk(copy):
        for name in sorted(folders + files):
            path = Path(folder, name)
            file = path.relative_to(copy).as_posix()
            if path.is_symlink():
                yield Leak(file, 0, _("It is a link."))
            elif name in folders:
                if _FOLDERS.fullmatch(name):
                    yield Leak(file, 0, _("Such a folder is not for students."))
            else:
                yield from _in_file(path, file, secrets)


def _kits_models() -> frozenset[str]:
    """The kit's own models, which labs ask beside the student's."""
    infos = (data.describe(name) for name in data.names())
    return frozenset(f"datasets/{model.file}" for info in infos for model in info.models.values())


def _in_file(path: Path, file: str, secrets: _Secrets) -> Iterator[Leak]:
    # The kit's own code has to do with gradebooks; elsewhere such a name is a class' own file.
    if path.suffix == ".h5" and file in _kits_models():
        return
    named = _NAMES.fullmatch(path.name) and not file.startswith("labkit/")
    if named or _ENDINGS.fullmatch(path.name):
        yield Leak(file, 0, _("Such a file is not for students."))
    content = path.read_bytes()
    if b"\0" in content[:8192]:
        if path.suffix not in _BINARY:
            yield Leak(file, 0, _("Nobody can tell what is in it."))
        return
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    for line in _cut_marks(text, file):
        yield Leak(file, line, _("It has a cut mark."))
    if path.suffix == ".py" and (match := _MUTANTS.search(text)):
        yield Leak(file, text.count("\n", 0, match.start()) + 1, _("It has wrong answers."))
    yield from _solved(text, file, secrets)


def _solved(text: str, file: str, secrets: _Secrets) -> Iterator[Leak]:
    """Lines of solutions in a text; of a run that goes on, the beginning."""
    lines = list(_telling(text.split("\n")))
    parts = file.split("/")
    own = secrets.whole.get(parts[1], frozenset()) if parts[0] == "labs" and len(parts) > 2 else ()
    before = ""
    for place, (number, _words) in enumerate(lines):
        following = tuple(words for _number, words in lines[place : place + _RUN])
        found = secrets.runs.get(following, "")
        if found and found != before:
            yield Leak(file, number, _("It has lines of the solution {name}.", name=found))
        before = found
        if file.endswith(".py") and own and any(following[: len(cut)] == cut for cut in own):
            yield Leak(file, number, _("It has lines of the solution {name}.", name=parts[1]))


def _secrets(solutions: Mapping[str, str]) -> _Secrets:
    runs: dict[tuple[str, ...], str] = {}
    whole = {}
    for name, source in solutions.items():
        short = set()
        for cut in _cuts(source):
            lines = tuple(words for _number, words in _telling(cut))
            if 0 < len(lines) < _RUN:
                short.add(lines)
            for start in range(len(lines) - _RUN + 1):
                runs[lines[start : start + _RUN]] = name
        whole[name] = frozenset(short)
    return _Secrets(runs, whole)


def _cuts(source: str) -> Iterator[list[str]]:
    """The lines of every cut, its marks and its task left out."""
    cut: list[str] | None = None
    for line in source.split("\n"):
        if _BEGIN.match(line):
            cut = []
        elif cut is not None and _END.match(line):
            yield cut
            cut = None
        elif cut is not None and not line.lstrip().startswith("#"):
            cut.append(line)


def _telling(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Number and words of the lines that have at least two: neither ``)`` nor ``x,`` tells a thing."""
    for number, line in enumerate(lines, 1):
        words = re.findall(r"\w+", line.replace("\\n", " "))
        if len(words) > 1:
            yield number, " ".join(words)


def _cut_marks(text: str, file: str) -> Iterator[int]:
    """Lines with cut marks; those that a docstring of the kit speaks of are none."""
    suspects = [
        number
        for number, line in enumerate(text.split("\n"), 1)
        if _BEGIN.match(line) or _END.match(line)
    ]
    if not suspects or not file.startswith("labkit/"):
        yield from suspects
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and token.start[0] in suspects:
            yield token.start[0]
