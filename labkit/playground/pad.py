"""A field to draw on, with the pointer or with the keys."""

from __future__ import annotations

from html import escape
from pathlib import Path

import gradio as gr
import numpy as np

__all__ = ["cells", "coded", "pad"]

_PIXELS = 336
_SCRIPT = Path(__file__).with_name("pad.js").read_text(encoding="utf-8")


def pad(rows: int, columns: int, label: object, keys: object, *, soft: bool, name: str) -> gr.HTML:
    """A field of cells from 0 (paper) to 255 (ink); its event `input` follows every change.

    Args:
        rows: Of cells.
        columns: Of cells.
        label: What is drawn on it.
        keys: How it is used with the keyboard; shown below it.
        soft: Whether the pen fades at its edge; else a cell is either 0 or 255, and turns.
        name: Of the element in the page.
    """
    canvas = (
        f'<canvas width="{_PIXELS}" height="{_PIXELS * rows // columns}" tabindex="0" '
        f'role="application" data-rows="{rows}" data-columns="{columns}" '
        f'data-soft="{str(soft).lower()}" aria-label="{escape(str(label))}. {escape(str(keys))}">'
        f'</canvas><p class="keys">{escape(str(keys))}</p>'
    )
    return gr.HTML(
        coded(np.zeros((rows, columns), np.uint8)),
        html_template=canvas,
        js_on_load=_SCRIPT,
        apply_default_css=False,
        elem_id=name,
        elem_classes="pad",
    )


def coded(field: np.ndarray) -> str:
    """What a pad of these cells, ``(rows, columns)`` uint8, holds."""
    return field.astype(np.uint8).tobytes().hex()


def cells(value: object, rows: int, columns: int) -> np.ndarray:
    """The cells of a pad, ``(rows, columns)`` uint8; empty where the value is none of a pad's.

    Example:
        >>> cells("00ff", 1, 2).tolist()
        [[0, 255]]
    """
    try:
        found = np.frombuffer(bytes.fromhex(str(value)), np.uint8)
        return found.reshape(rows, columns)
    except ValueError:
        return np.zeros((rows, columns), np.uint8)
