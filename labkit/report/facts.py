"""Tables of a report, read with care: models, calls of `fit` and claims come from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from labkit.i18n import texts
from labkit.report.outline import clean, clip
from labkit.rubric.evidence import Evidence
from labkit.rubric.grade import Grade

__all__ = ["Claim", "Layer", "Training"]
__all__ += ["claims", "layers", "moment", "notes", "provenance", "trainings", "whole"]

_ = texts(__file__)

_LONGEST = 120
_MOST_LAYERS = 200
_MOST_NOTES, _LONGEST_NOTE = 20, 400
_NO_BREAK = "\N{NARROW NO-BREAK SPACE}"


class Layer(NamedTuple):
    """A row of the model's table."""

    kind: str
    output: str
    activation: str
    parameters: str


class Training(NamedTuple):
    """One call of `fit`: how many epochs, through which loop, and why."""

    epochs: str
    loop: str
    reason: str


class Claim(NamedTuple):
    """What `evaluate` said of a metric, and what was measured; empty where nothing was."""

    metric: str
    claimed: str
    measured: str


def whole(value: Any) -> str:
    """A whole number in groups of three, the same in every language; nothing for anything else.

    Example:
        >>> whole(101770).split()
        ['101', '770']
    """
    if not isinstance(value, int) or abs(value) >= 10**18:
        return ""
    return f"{value:,}".replace(",", _NO_BREAK)


def layers(card: Mapping[str, Any]) -> list[Layer]:
    """Rows for the layers of a model's card."""
    return [
        Layer(
            _short(layer.get("class_name")),
            _shape(layer.get("output_shape")),
            _short(layer.get("activation")),
            whole(layer.get("parameters")),
        )
        for layer in _mappings(card.get("layers"))[:_MOST_LAYERS]
    ]


def trainings(evidence: Evidence) -> list[Training]:
    """Rows for the calls of `fit` of the main training."""
    loops = {
        "fast": _("the kit's fast loop"),
        "fast+xla": _("the kit's fast loop, compiled by XLA"),
        "keras": _("Keras' own loop"),
    }
    rows = []
    for fit in _mappings(evidence.main.fits):
        loop, ran, asked = str(fit.get("loop", "")), fit.get("epochs_run"), fit.get("epochs")
        epochs = str(_("{ran} of {asked}", ran=whole(ran), asked=whole(asked)))
        reason = _short(fit.get("reason"))
        if fit.get("interrupted") is True:
            reason = str(_("stopped by hand"))
        known = whole(ran) and whole(asked)
        rows.append(Training(epochs if known else whole(ran), _short(loops.get(loop, loop)), reason))
    return rows


def claims(grade: Grade, evidence: Evidence) -> list[Claim]:
    """What `evaluate` returned beside what checks measured again under the same name."""
    measured: dict[str, Any] = {}
    for result in grade.results:
        name = getattr(result.verdict.message, "params", {}).get("name")
        if isinstance(name, str) and "measured" in result.verdict.data:
            measured[name] = result.verdict.data["measured"]
    return [
        Claim(_short(name), _number(value), _number(measured.get(name)))
        for name, value in evidence.main.claims.items()
    ]


def notes(grade: Grade) -> list[str]:
    """What the student should know of how the file was read: lines taken out, files left out."""
    found = grade.provenance.get("notes")
    listed: Sequence[Any] = found if isinstance(found, (list, tuple)) else ()
    return [clip(clean(note), _LONGEST_NOTE) for note in listed[:_MOST_NOTES]]


def provenance(values: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """What one needs to get the same grade again: label, value, whether it is a digest or a name.

    Notes for the student stand elsewhere.
    """
    labels = {
        "submission": _("file"),
        "sha256": _("SHA-256 of the file"),
        "rubric_sha256": _("SHA-256 of the rubric"),
        "seed": _("data split"),
        "started": _("started"),
        "seconds": _("time in all"),
        "cpu_seconds": _("processor time"),
        "peak_mb": _("largest memory"),
        "walls": _("kept apart by"),
        "language": _("language"),
    }
    versions = {"labkit": "labkit", "python": "Python", "tensorflow": "TensorFlow"}
    versions |= {"keras": "Keras", "numpy": "NumPy"}
    ordered = [name for name in labels if name in values]
    known = {*labels, *versions, "notes"}
    ordered += [name for name in values if name not in known]
    rows = [
        (
            _short(labels.get(name, name)),
            _provided(name, values[name]),
            name in ("submission", "sha256", "rubric_sha256"),
        )
        for name in ordered
    ]
    found = [f"{title} {_short(values[name])}" for name, title in versions.items() if name in values]
    return [*rows, (str(_("versions")), ", ".join(found), False)] if found else rows


def _provided(name: str, value: Any) -> str:
    if name == "seed":
        return str(_("public") if value is None else _("by seed {seed}", seed=_short(value)))
    if name == "started":
        return moment(value)
    units = {"seconds": "s", "cpu_seconds": "s", "peak_mb": "MB"}
    return f"{_short(value)} {units[name]}" if name in units else _short(value)


def moment(value: Any) -> str:
    """A time in ISO 8601, for people.

    Example:
        >>> moment("2026-11-21T06:21:25+00:00")
        '2026-11-21 06:21 UTC'
    """
    try:
        time = datetime.fromisoformat(str(value))
    except ValueError:
        return _short(value)
    return f"{time:%Y-%m-%d %H:%M} {time.tzname() or ''}".strip()


def _shape(value: Any) -> str:
    """The shape of one example, ``28 × 28``."""
    if not isinstance(value, (list, tuple)):
        return ""
    return _short(" × ".join("?" if size is None else str(size) for size in value[1:]))


def _number(value: Any) -> str:
    if not isinstance(value, (int, float)):
        return ""
    return f"{value:.4g}" if math.isfinite(value) else str(value)


def _short(value: Any) -> str:
    return "" if value is None else clip(clean(value), _LONGEST)


def _mappings(values: Any) -> list[Mapping[str, Any]]:
    usable: Iterable[Any] = values if isinstance(values, (list, tuple)) else ()
    return [value for value in usable if isinstance(value, Mapping)]
