"""The plots of lab 5."""

from __future__ import annotations

import numpy as np
from lab05_lstm import scores
from lab05_lstm.cases import SENTENCE, UNIT, sentence_words
from lab05_lstm.tables import PADDING, TAGS, UNKNOWN, ambiguous_ids, words

from labkit.i18n import texts
from labkit.metrics import confusion_matrix
from labkit.report.figures import BLUE, GREY, ORANGE, canvas
from labkit.rubric.evidence import Evidence

__all__ = ["by_word", "confusion", "gates", "sentences"]

_ = texts(__file__)

_NAMES = (
    _("padding"),
    _("noun"),
    _("verb"),
    _("adjective"),
    _("determiner"),
    _("pronoun"),
    _("preposition"),
    _("adverb"),
    _("conjunction"),
    _("mark"),
)
_MOST_WORDS = 28
_SHOWN, _LONGEST = 7, 9  # sentences, and words in one


def confusion(evidence: Evidence):
    """Tags of hidden words against those the model gives, in percent of the true tag."""
    if not _answered(evidence):
        return None
    x, y, said, _guessed = scores.named(evidence)
    counts = confusion_matrix(said[x != PADDING], y[x != PADDING], len(TAGS))
    counts, names = counts[1:, 1:], [str(name) for name in _NAMES[1:]]
    shares = 100 * counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    figure = canvas(6.0, 5.2)
    axes = figure.add_axes((0.22, 0.23, 0.6, 0.74))
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=100, aspect="auto")
    for (row, column), share in np.ndenumerate(shares):
        if share >= 0.05:
            text = f"{share:.0f}" if share in (0, 100) else f"{share:.1f}"
            colour = "white" if share > 50 else "black"
            axes.text(column, row, text, ha="center", va="center", fontsize=8, color=colour)
    axes.set_xticks(
        range(len(names)), names, rotation=50, ha="right", rotation_mode="anchor", fontsize=8
    )
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set(xlabel=str(_("the model says")), ylabel=str(_("it is")))
    scale = figure.add_axes((0.86, 0.3, 0.025, 0.6))
    figure.colorbar(image, cax=scale, label=str(_("% of the true tag")))
    return figure


def by_word(evidence: Evidence):
    """Accuracy of model and baseline for the ambiguous words that come most often."""
    if not _answered(evidence):
        return None
    x, y, said, guessed = scores.named(evidence)
    counts = np.bincount(x.ravel(), minlength=len(words()))
    chosen = sorted(ambiguous_ids(), key=lambda word: -counts[word])[:_MOST_WORDS]
    rows = [
        (words()[w], *((one == y)[x == w].mean() for one in (said, guessed)))
        for w in chosen
        if counts[w]
    ]
    rows.sort(key=lambda row: (row[1], row[2]), reverse=True)
    figure = canvas(6.4, 0.6 + 0.19 * len(rows))
    height = figure.get_size_inches()[1]
    axes = figure.add_axes((0.15, 0.5 / height, 0.82, 1 - 0.75 / height))
    places = range(len(rows))
    mine, common = ([100 * row[part] for row in rows] for part in (1, 2))
    axes.hlines(places, common, mine, color=GREY, linewidth=1)
    axes.plot(
        common, places, "s", color=ORANGE, markersize=5, label=str(_("always its most frequent tag"))
    )
    axes.plot(mine, places, "o", color=BLUE, markersize=5, label=str(_("your model")))
    axes.set_yticks(places, [row[0] for row in rows], fontsize=8)
    axes.set(xlabel=str(_("right, % of the times it comes in hidden sentences")), xlim=(-2, 103))
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.grid(axis="x", color="0.9")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(
        frameon=False, fontsize=8, ncols=2, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0
    )
    return figure


def sentences(evidence: Evidence):
    """Hidden sentences with the model's tags; for ambiguous words the baseline's, where it is wrong."""
    if not _answered(evidence):
        return None
    x, y, said, guessed = scores.named(evidence)
    two_faced = np.isin(x, ambiguous_ids())
    worth = (two_faced & (guessed != y)).sum(axis=1) + 10 * (two_faced & (said != y)).any(axis=1)
    worth = np.where((x != PADDING).sum(axis=1) <= _LONGEST, worth, -1)
    chosen = np.argsort(-worth, kind="stable")[:_SHOWN]
    figure = canvas(7.6, 0.66 * len(chosen))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-0.1, _LONGEST + 0.1), ylim=(len(chosen) - 0.02, -0.08))
    axes.set_axis_off()
    for line, row in enumerate(chosen):
        for place in np.flatnonzero(x[row] != PADDING):
            tags = (said[row, place], y[row, place], guessed[row, place])
            _word(axes, (place + 0.5, line), x[row, place], tags, bold=bool(two_faced[row, place]))
        axes.axhline(line + 0.93, color="0.85", linewidth=0.6)
    return figure


def gates(evidence: Evidence):
    """What the gates of one unit of a small trained network do, by the student's `lstm_step`."""
    answer = evidence.answer("lstm_step", SENTENCE)
    returned, expected = answer.returned, answer.expected
    if not returned or not expected or [a.shape for a in returned] != [a.shape for a in expected]:
        return None
    if any(array.dtype.kind not in "biuf" for array in returned):
        return None
    h, c, (i, f, g, o) = (array[..., UNIT].astype(float) for array in returned)
    names = (
        _("input gate"),
        _("forget gate"),
        _("output gate"),
        _("candidate"),
        _("memory"),
        _("output"),
    )
    values = np.array([i, f, o, g, c, h])
    if not np.isfinite(values).all() or np.abs(values).max() > 100:
        return None
    heard = sentence_words()
    figure = canvas(7.6, 2.6)
    axes = figure.add_axes((0.17, 0.03, 0.82, 0.78))
    axes.imshow(
        np.vstack([values[:3], np.full((3, len(heard)), np.nan)]),
        cmap="Blues",
        vmin=0,
        vmax=1.4,
        aspect="auto",
    )
    axes.imshow(
        np.vstack([np.full((3, len(heard)), np.nan), values[3:]]),
        cmap="PuOr",
        vmin=-3.6,
        vmax=3.6,
        aspect="auto",
    )
    axes.axhline(2.5, color="white", linewidth=3)
    for (row, column), value in np.ndenumerate(values):
        text = f"{value:.1f}" if row < 3 else f"{value:+.1f}".replace("-", "\N{MINUS SIGN}")
        axes.text(column, row, text, ha="center", va="center", fontsize=7)
    axes.set_xticks(
        range(len(heard)), heard, rotation=40, ha="left", rotation_mode="anchor", fontsize=8
    )
    axes.xaxis.tick_top()
    axes.set_yticks(range(len(names)), [str(name) for name in names], fontsize=8)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return figure


def _word(axes, at: tuple[float, float], word: int, tags: tuple[int, int, int], *, bold: bool) -> None:
    """A word with the model's tag below it, and what else there is to say."""
    (said, true, guessed), (across, down) = tags, at
    text = words()[word] if word != UNKNOWN else "\N{HORIZONTAL ELLIPSIS}?"
    axes.text(
        across,
        down + 0.16,
        text,
        ha="center",
        va="center",
        fontsize=9,
        fontweight="bold" if bold else None,
    )
    wrong = said != true
    note = str(_NAMES[said]) if not wrong else str(_("{said}, wrong", said=_NAMES[said]))
    axes.text(
        across,
        down + 0.44,
        note,
        ha="center",
        va="center",
        fontsize=6.5,
        color=ORANGE if wrong else BLUE,
    )
    if bold and (guessed != true or wrong):
        note = _("not {tag}", tag=_NAMES[guessed]) if not wrong else _("it is: {tag}", tag=_NAMES[true])
        axes.text(across, down + 0.68, str(note), ha="center", va="center", fontsize=6.5, color=GREY)


def _answered(evidence: Evidence) -> bool:
    return "main" in evidence.rows and scores.answers(evidence) is not None
