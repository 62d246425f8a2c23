"""A tagged sentence as a table, and the gates that read it as a picture."""

from __future__ import annotations

from html import escape

import numpy as np

from labkit.i18n import Text, texts
from labkit.playground.gates import Gates
from labkit.playground.pictures import drawn, percent
from labkit.playground.vocabulary import Sentence
from labkit.report.figures import BLUE, ORANGE, canvas

__all__ = ["TAGS", "picture", "table"]

_ = texts(__file__)

TAGS: tuple[Text, ...] = (
    _("padding"), _("noun"), _("verb"), _("adjective"), _("determiner"), _("pronoun"),
    _("preposition"), _("adverb"), _("conjunction"), _("mark"),
)  # fmt: skip
"""Place -> name of the tag; place 0 is padding."""

_NUMBERS: tuple[tuple[str, Text], ...] = (
    ("input", _("input gate")),
    ("forget", _("forget gate")),
    ("output", _("output gate")),
    ("candidate", _("candidate")),
    ("memory", _("memory")),
)
_PANELS = ("input", "forget", "output", "memory")
_STRONGEST = 2.0  # memory with the full colour
_LOOK = _(
    "A row is a word, in the order of the sentence. Where the forget gate is near 0, a unit drops what "
    "it had kept; where the input gate is near 1, its candidate comes to the memory; where the output "
    "gate is near 0, it keeps that to itself. Look for a unit whose memory changes its sign at one "
    "class of words, and keeps it until the next."
)


def table(
    sentence: Sentence,
    shares: np.ndarray,
    ambiguous: frozenset[str],
    gates: Gates | None,
    unit: int,
) -> str:
    """A row for each word: its tag, how probable, and what the gates of one unit do there."""
    heads = [_("word"), _("tag"), _("probability")]
    heads += [label for _name, label in _NUMBERS] if gates else []
    caption = _("Bold words may be of several classes.")
    if gates:
        caption = _("{before} On the right: unit {unit}.", before=caption, unit=unit + 1)
    rows = []
    for place, (word, share) in enumerate(zip(sentence.words, shares)):
        mark = "strong" if word in ambiguous else "span"
        note = " ?" if word in sentence.unknown else ""
        cells = f"<td>{TAGS[int(share.argmax())]}</td><td>{percent(share.max())}</td>"
        if gates:
            cells += "".join(
                _cell(getattr(gates, name)[place, unit], name) for name, _label in _NUMBERS
            )
        rows.append(f'<tr><th scope="row"><{mark}>{escape(word)}</{mark}>{note}</th>{cells}</tr>')
    head = "".join(f'<th scope="col">{escape(str(label))}</th>' for label in heads)
    return (
        f'<div class="wide" tabindex="0" role="group" aria-label="{escape(str(heads[1]))}">'
        f'<table class="words"><caption>{escape(str(caption))}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(value: float, name: str) -> str:
    """A number on its colour: blue above 0, orange below, the darker the further from it."""
    if not np.isfinite(value):
        return "<td></td>"
    deep = min(1.0, abs(value) / (_STRONGEST if name == "memory" else 1))
    signed = name in ("candidate", "memory")
    text = f"{value:+.1f}".replace("-", "\N{MINUS SIGN}") if signed else f"{value:.2f}"
    colour = f"hsl({202 if value >= 0 else 26} 90% {98 - 36 * deep:.0f}%)"
    return f'<td style="background:{colour}">{text}</td>'


def picture(sentence: Sentence, gates: Gates, unit: int) -> str:
    """All units at all words: three gates and the memory; the chosen unit is framed."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    count = len(sentence.words)
    figure = canvas(7.0, 0.75 + 0.2 * count)
    height = figure.get_size_inches()[1]
    place = {"top": 1 - 0.3 / height, "bottom": 0.42 / height, "left": 0.13, "right": 0.99}
    labels, signed = (
        dict(_NUMBERS),
        LinearSegmentedColormap.from_list("signed", [ORANGE, "white", BLUE]),
    )
    for axes, name in zip(np.ravel(figure.subplots(1, len(_PANELS), gridspec_kw=place)), _PANELS):
        values = getattr(gates, name)[:count]
        look = (
            {"cmap": signed, "vmin": -_STRONGEST, "vmax": _STRONGEST}
            if name == "memory"
            else {"cmap": "Blues", "vmin": 0, "vmax": 1}
        )
        axes.imshow(values, aspect="auto", interpolation="nearest", **look)
        frame = Rectangle((unit - 0.5, -0.5), 1, count, fill=False, edgecolor="black", linewidth=1.2)
        axes.add_patch(frame).set_clip_on(False)
        axes.set_title(str(labels[name]), fontsize=9)
        axes.set_xlabel(str(_("unit")), fontsize=8, labelpad=1)
        axes.set_yticks(range(count), sentence.words if name == _PANELS[0] else [""] * count)
        axes.set_xticks([0, values.shape[1] - 1], ["1", str(values.shape[1])])
        axes.tick_params(length=0, labelsize=8)
        axes.spines[:].set_visible(False)
    words = _(
        "All units at all words: the darker the blue, the wider the gate is open; memory above 0 is "
        "blue, below it orange. Framed: the unit of the table."
    )
    return drawn(figure, words) + "".join(
        f'<p class="small">{escape(str(line))}</p>' for line in (words, _LOOK)
    )
