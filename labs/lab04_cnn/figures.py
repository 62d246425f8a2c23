"""The plots of lab 4."""

from __future__ import annotations

import numpy as np
from lab04_cnn.cases import DIGITS
from lab04_cnn.shifts import PIXELS, asked

from labkit.i18n import texts
from labkit.metrics import accuracy
from labkit.report.figures import BLUE, ORANGE, canvas, drawable, settle
from labkit.rubric.evidence import Evidence

__all__ = ["edges", "equivariance", "kernels", "moved", "pooling", "shifts"]

_ = texts(__file__)

_STEEPEST = 4.0  # what a Sobel kernel says of a step from 0 to 1
_KERNELS = 6  # of the first layer, the strongest ones
_INCH = 1.3  # side of an image
_TITLE = 0.22  # inches above it


def edges(evidence: Evidence):
    """Three digits, each with its two maps and their length."""
    sheet = []
    for case in DIGITS:
        maps = _returned(evidence, "sobel", case)
        if maps is None:
            return None
        (digit,) = evidence.answer("sobel", case).arguments
        sheet.append([_light(digit), *(_signed(map_) for map_ in maps[:2]), _light(maps[2], _STEEPEST)])
    titles = (_("digit"), "$G_x$", "$G_y$", "$G$")
    return _sheet(sheet, [titles])


def pooling(evidence: Evidence):
    """A digit, and what both kinds of pooling make of it."""
    pooled = [_returned(evidence, function, "digit") for function in ("max_pool", "average_pool")]
    if None in pooled:
        return None
    digit = evidence.answer("max_pool", "digit").arguments[0]
    titles = ("28 × 28", _("largest of 2 × 2"), _("mean of 2 × 2"))
    return _sheet([[_ink(digit), *(_ink(found[0]) for found in pooled)]], [titles])


def equivariance(evidence: Evidence):
    """An image and its map, both shifted, and where the two ways differ."""
    cases = (("correlate", "digit"), ("correlate", "digit_moved"), ("equivariance", "digit"))
    found = [_returned(evidence, *case) for case in cases]
    if None in found:
        return None
    (map_,), (of_moved,), (difference,) = found
    image = evidence.answer("correlate", "digit").arguments[0]
    shifted = evidence.answer("correlate", "digit_moved").arguments[0]
    down, right = evidence.answer("equivariance", "digit").arguments[2:]
    map_moved = np.zeros_like(map_)
    map_moved[down:, right:] = map_[:-down, :-right]
    sheet = [
        [_light(image), _signed(map_), _signed(map_moved)],
        [_light(shifted), _signed(of_moved), _ink(difference, _STEEPEST)],
    ]
    titles = [
        (_("image"), _("its map"), _("its map, shifted")),
        (_("image, shifted"), _("its map"), _("difference")),
    ]
    return _sheet(sheet, titles)


def kernels(evidence: Evidence):
    """Learnt kernels of the first layer, and under each what it makes of a hidden digit."""
    learnt, maps = evidence.filters.get("kernels"), evidence.filters.get("maps")
    if learnt is None or maps is None or learnt.ndim != 4 or maps.ndim != 4 or not len(maps):
        return None
    count = min(_KERNELS, learnt.shape[3], maps.shape[3])
    order = np.argsort(-np.abs(learnt).sum(axis=(0, 1, 2)), kind="stable")[:count]
    most = float(np.abs(learnt).max()) or 1.0
    sheet = [
        [(learnt[:, :, 0, one], {"cmap": "PuOr", "vmin": -most, "vmax": most}) for one in order],
        [_ink(maps[0, :, :, one], float(maps[0, :, :, one].max()) or 1.0) for one in order],
    ]
    return _sheet(sheet, [[_("filter {number}", number=one + 1) for one in order]])


def moved(evidence: Evidence):
    """A digit that both networks read in its place, at every shift: one that shows where they part."""
    keys = [[asked(model, pixels) for pixels in PIXELS] for model in ("main", "dense")]
    if not _answered(evidence, keys[0] + keys[1]):
        return None
    read = [[evidence.predictions[key].argmax(axis=1) for key in row] for row in keys]
    truth = evidence.truth[keys[0][0]]
    right = np.array([[found == truth for found in row] for row in read])
    both = right[:, PIXELS.index(0)].all(axis=0)
    row = int(np.argmax(np.where(both, right[0].sum(axis=0) - right[1].sum(axis=0), -len(PIXELS))))
    sheet = [[_ink(evidence.inputs[key][row] / 255.0) for key in keys[0]]]
    titles = [
        _("shift {pixels}\nyours: {own}, dense: {dense}", pixels=pixels, own=own[row], dense=dense[row])
        for pixels, own, dense in zip(PIXELS, *read)
    ]
    return _sheet(sheet, [titles])


def shifts(evidence: Evidence):
    """Accuracy by shift, of the student's network and of the kit's dense one."""
    figure = canvas(6.4, 3.1)
    axes = figure.subplots()
    drawn = False
    names = {"main": _("your network"), "dense": _("dense network")}
    styles = {"main": (BLUE, "-", "o"), "dense": (ORANGE, "--", "s")}
    for model, (colour, line, marker) in styles.items():
        keys = [asked(model, pixels) for pixels in PIXELS]
        if not _answered(evidence, keys):
            continue
        values = [100 * accuracy(evidence.predictions[key], evidence.truth[key]) for key in keys]
        label = _labelled(evidence, model, names[model])
        axes.plot(PIXELS, values, line, color=colour, marker=marker, markersize=5, label=label)
        drawn = drawn or model == "main"
    if not drawn:
        return None
    axes.set(xticks=PIXELS, ylim=(0, 104), xlabel=str(_("shift (pixels)")))
    axes.set_ylabel(str(_("accuracy (%)")))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8, loc="lower left")
    return settle(figure)


def _labelled(evidence: Evidence, model: str, name) -> str:
    """A network's name, with its size where that is known."""
    found = evidence.models.get(model)
    count = found.card.get("parameters") if found else None
    if not isinstance(count, int):
        return str(name)
    return str(_("{name}, {count:,} parameters", name=name, count=count))


def _answered(evidence: Evidence, keys: list[str]) -> bool:
    """Whether every one of these questions was answered with ten numbers an image."""
    found = [evidence.predictions.get(key) for key in keys]
    return all(answers is not None and answers.shape[1:] == (10,) for answers in found)


def _returned(evidence: Evidence, function: str, case: str):
    """What a function returned, where it has the right shapes and holds numbers that can be drawn."""
    return drawable(evidence.answer(function, case), like=True)


def _ink(image, most=1.0):
    """An image that is drawn dark where it is large."""
    return image, {"cmap": "Greys", "vmin": 0, "vmax": most}


def _light(image, most=1.0):
    """An image that is drawn white where it is large."""
    return image, {"cmap": "gray", "vmin": 0, "vmax": most}


def _signed(map_):
    """A map with numbers of both signs; 0 is grey."""
    return map_, {"cmap": "gray", "vmin": -_STEEPEST, "vmax": _STEEPEST}


def _sheet(sheet, titles):
    """Rows of images; over each row its titles, or over the first one those of all."""
    rows, columns = len(sheet), len(sheet[0])
    head = _TITLE * (1 + max(str(title).count("\n") for line in titles for title in line))
    gap = head if len(titles) == rows else 0.08
    width, height = columns * (_INCH + 0.12), head + rows * _INCH + (rows - 1) * gap + 0.06
    figure = canvas(width, height)
    for row, pictures in enumerate(sheet):
        bottom = height - head - (row + 1) * _INCH - row * gap
        for column, (image, style) in enumerate(pictures):
            left = 0.06 + column * (_INCH + 0.12)
            axes = figure.add_axes((left / width, bottom / height, _INCH / width, _INCH / height))
            axes.imshow(image, interpolation="nearest", **style)
            axes.set(xticks=[], yticks=[])
            if row < len(titles):
                axes.set_title(str(titles[row][column]), fontsize=8, pad=3)
    return figure
