"""Pictures in time are valid SVG, show every frame once, and need no script."""

from __future__ import annotations

import base64
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from labkit.report.animation import film

SVG = "{http://www.w3.org/2000/svg}"


def frames(count: int) -> np.ndarray:
    """Frames of 3 × 5, each of one grey of its own."""
    greys = np.linspace(0, 255, count).astype(np.uint8)
    return np.broadcast_to(greys[:, None, None], (count, 3, 5)).copy()


def titles(count: int) -> list[str]:
    return [f"epoch {number}" for number in range(count)]


def texts_of(svg: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def images_of(svg: str) -> list[np.ndarray]:
    from PIL import Image

    found = []
    for image in ElementTree.fromstring(svg).iter(f"{SVG}image"):
        kind, data = image.attrib["href"].split(",", 1)
        assert kind == "data:image/png;base64"
        found.append(np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))))
    return found


def test_every_frame_is_there_in_its_order_with_ink_black() -> None:
    svg = film(frames(3), titles(3))
    assert [image[0, 0] for image in images_of(svg)] == [255, 128, 0]
    assert {image.shape for image in images_of(svg)} == {(3, 5)}
    assert texts_of(svg) == titles(3)


def test_a_keyframe_a_frame_and_the_last_is_held() -> None:
    svg = film(frames(3), titles(3), seconds=1, hold=2)
    shares = [float(share) for share in re.findall(r"([\d.]+)%\{", svg)]
    assert shares == [0, 20, 40]
    assert "film 5s step-end infinite" in svg


def test_where_nothing_moves_the_last_frame_is_shown() -> None:
    svg = film(frames(3), titles(3), scale=2)
    assert ".film{transform:translateY(-52px);" in svg  # two bands of 6 pixels and a title's 20
    assert "@media (prefers-reduced-motion:reduce){.film{animation:none}}" in svg


def test_of_many_frames_forty_are_shown_and_both_ends_among_them() -> None:
    svg = film(frames(90), titles(90))
    shown = texts_of(svg)
    assert len(shown) == len(set(shown)) == 40
    assert (shown[0], shown[-1]) == ("epoch 0", "epoch 89")


@pytest.mark.parametrize("count", [1, 2])
def test_few_frames_are_enough(count: int) -> None:
    assert len(images_of(film(frames(count), titles(count)))) == count


def test_a_title_is_text_and_nothing_else() -> None:
    svg = film(frames(1), ["<script>alert(1)</script>"])
    assert texts_of(svg) == ["<script>alert(1)</script>"]
    assert "<script" not in svg
