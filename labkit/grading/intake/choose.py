"""Chooses the one file of a submission that is run."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from labkit.errors import SubmissionError
from labkit.grading.intake import notebook, source
from labkit.grading.intake.archive import foreign, is_archive, is_foreign
from labkit.grading.intake.gather import Found
from labkit.grading.intake.names import shown
from labkit.grading.intake.notebook import Converted
from labkit.grading.intake.source import Looked
from labkit.i18n import Text, texts
from labkit.rubric.lab import Lab

__all__ = ["Chosen", "choose"]

_ = texts(__file__)

_MODELS = (".h5", ".hdf5")
_MOST_CANDIDATES = 50
_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Chosen:
    """The file that is run.

    Args:
        found: Where it is.
        looked: What it defines; ``None`` for a model.
        converted: The code of a notebook; ``None`` for everything else.
        notes: What the student should know.
    """

    found: Found
    looked: Looked | None = None
    converted: Converted | None = None
    notes: tuple[Text, ...] = ()


def choose(found: Sequence[Found], lab: Lab | None, handed_in: str) -> Chosen:
    """The one file to run, or the one model to look at where there is nothing to run.

    Args:
        found: All files of the submission.
        lab: Whose steps the file should define; it decides between several.
        handed_in: Name of the submission, for messages.

    Raises:
        SubmissionError: There is none, more than one, or it cannot be run.
    """
    candidates = _without_twins([one for one in found if one.suffix in (".py", ".ipynb")])
    if not candidates:
        return Chosen(_model(found, handed_in))
    if len(candidates) > _MOST_CANDIDATES:
        raise _several(candidates)
    looks = [_look(candidate) for candidate in candidates]
    chosen = looks[0] if len(looks) == 1 else _by_lab(looks, lab)
    if chosen.looked is not None and chosen.looked.problem is not None:
        raise chosen.looked.problem
    if others := [look.found for look in looks if look is not chosen]:
        note = _(
            "{name} is the file that was run; not these: {others}.",
            name=shown(chosen.found.name),
            others=_names(others),
        )
        return Chosen(chosen.found, chosen.looked, chosen.converted, (note, *chosen.notes))
    return chosen


def _by_lab(looks: Sequence[Chosen], lab: Lab | None) -> Chosen:
    """The only one that defines a step of the lab, or else the one that is named like its file."""
    if lab is None:
        raise _several([look.found for look in looks])
    steps = set(lab.steps)
    defining = [look for look in looks if look.looked and steps & set(look.looked.functions)]
    if len(defining) == 1:
        return defining[0]
    left = defining or looks
    for same in (lambda stem: stem == lab.slug, lambda stem: _plain_stem(stem) == lab.slug):
        named = [look for look in left if same(_stem(look.found))]
        scripts = [look for look in named if look.converted is None and look.found.suffix == ".py"]
        if len(named) == 1 or len(scripts) == 1:
            return (scripts or named)[0]
    raise _several([look.found for look in left])


def _stem(found: Found) -> str:
    return unicodedata.normalize("NFC", PurePosixPath(found.name).stem).casefold()


def _plain_stem(stem: str) -> str:
    """Without what browsers and Canvas add to a name: ``mnist (1)``, ``mnist-2``."""
    return re.sub(r"[\s_-]*(\(\d{1,4}\)|-\d{1,4})$", "", stem)


def _look(found: Found) -> Chosen:
    """Look into one candidate; what is wrong with it matters only if it is chosen."""
    name = PurePosixPath(found.name).name
    try:
        if found.suffix == ".py":
            looked = source.look(source.read(found.path), name)
            return Chosen(found, looked, None, _asking(looked))
        converted = notebook.convert(source.read(found.path, notebook.LARGEST), name)
    except SubmissionError as problem:
        return Chosen(found, Looked((), (), problem))
    if len(converted.source.encode("utf-8")) > source.LARGEST:
        return Chosen(found, Looked((), (), source.too_much_code(name)))
    looked = notebook.look(converted, name)
    return Chosen(found, looked, converted, (*converted.notes, *_asking(looked, converted)))


def _asking(looked: Looked, converted: Converted | None = None) -> tuple[Text, ...]:
    """A note where the file asks the person at the keyboard, who is not there."""
    if not looked.inputs:
        return ()
    if converted is not None:
        cells = notebook.listed(converted.cells(looked.inputs))
        return (
            _("Nobody answers input() here, it returns an empty text (cells: {cells}).", cells=cells),
        )
    lines = notebook.listed(looked.inputs)
    return (_("Nobody answers input() here, it returns an empty text (lines: {lines}).", lines=lines),)


def _without_twins(candidates: Sequence[Found]) -> list[Found]:
    """The same file handed in twice counts once."""
    if len(candidates) < 2:
        return list(candidates)
    kept: dict[tuple[str, str], Found] = {}
    for candidate in candidates:
        try:
            content = source.read(candidate.path, notebook.LARGEST)
        except SubmissionError:
            content = candidate.name.encode("utf-8", "surrogateescape")
        kept.setdefault((candidate.suffix, hashlib.sha256(content).hexdigest()), candidate)
    return list(kept.values())


def _model(found: Sequence[Found], handed_in: str) -> Found:
    models = [one for one in found if one.suffix in _MODELS]
    if len(models) > 1:
        raise _several(models)
    if models:
        if not models[0].path.stat().st_size:
            raise SubmissionError(_("{name} is empty.", name=shown(models[0].name)))
        return models[0]
    if any(one.suffix == ".keras" for one in found):
        raise SubmissionError(
            _("A model in the .keras format is not taken."),
            _("Your Python file, or a model saved as .h5, was expected."),
            _('Save it with model.save("model.h5") and hand that in.'),
        )
    raise _nothing(found, handed_in)


def _nothing(found: Sequence[Found], handed_in: str) -> SubmissionError:
    for one in found:
        if is_foreign(one.name):
            return foreign(one.name)
        if is_archive(one.name):
            return SubmissionError(
                _("{name} is an archive within an archive, and was left packed.", name=shown(one.name)),
                _("An archive of your files was expected."),
                _("Unpack it, and pack the files themselves."),
            )
    expected = _("A .py file, a notebook, or an archive with one was expected.")
    if not found:
        return SubmissionError(
            _("There is nothing in {name}.", name=shown(handed_in)),
            expected,
            _("Look into what you handed in; perhaps the upload was cut off."),
        )
    if len(found) == 1:
        suffix = found[0].suffix
        happened = (
            _(
                "{name} is not a Python file: it is a {suffix} file.",
                name=shown(found[0].name),
                suffix=suffix,
            )
            if suffix
            else _("{name} is not a Python file: its name has no ending.", name=shown(found[0].name))
        )
        return SubmissionError(happened, expected, _("Hand in the file you wrote your code in."))
    return SubmissionError(
        _(
            "There is no Python file in {name}, only {files}.",
            name=shown(handed_in),
            files=_names(found),
        ),
        expected,
        _("Hand in the file you wrote your code in."),
    )


def _several(found: Sequence[Found]) -> SubmissionError:
    return SubmissionError(
        _(
            "There are {count} files that could be meant: {names}.",
            count=len(found),
            names=_names(found),
        ),
        _("Just one was expected."),
        _("Hand in one file, or give it the name of the lab's own."),
    )


def _names(found: Sequence[Found]) -> str:
    text = ", ".join(shown(one.name) for one in found[:_MOST_NAMES])
    return f"{text}…" if len(found) > _MOST_NAMES else text
