"""What every HTML page of the kit is rendered with: strict templates, everything escaped."""

from __future__ import annotations

import base64
from functools import cache
from typing import TYPE_CHECKING

from labkit.report.outline import clean

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["image", "template"]


@cache
def template(name: str) -> Template:
    """A file of ``templates/``, compiled once; whatever is put into it is cleaned and escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("labkit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: value if hasattr(value, "__html__") else clean(value),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def image(svg: bytes) -> str:
    """The address of an image that is in the page itself; nothing in such an image can run."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii")
