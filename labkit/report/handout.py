"""A lab's handout as HTML: Markdown with formulas, which become MathML and need no network."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from labkit.i18n import current_language, localized
from labkit.rubric import find
from labkit.rubric.lab import Lab

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markupsafe import Markup

__all__ = ["handout", "render"]

_OTHER = re.compile(r"(?:\.\./)?lab(\d\d)_\w+(?:/(?:README(?:\.es)?\.md)?)?$")
_DEEPER = 2  # levels that headings are moved down, to stand below a lab's own


def handout(lab: Lab) -> Markup:
    """The handout of a lab in the current language, as `render` has it; empty where it is gone."""
    path = find.folder(lab) / localized("README.md", current_language())
    return render(path.read_text(encoding="utf-8") if path.is_file() else "")


def render(text: str) -> Markup:
    """Turn a handout's Markdown into HTML.

    Args:
        text: Markdown with tables and with formulas between dollar signs; HTML in it is escaped.

    Returns:
        HTML in which links to other handouts lead to ``#lab2``, the first heading is left out, and the
        others stand two levels lower.
    """
    from markupsafe import Markup

    parser = _parser()
    tokens = parser.parse(text)
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        tokens = tokens[3:]
    for token in tokens:
        if token.type.startswith("heading_"):
            token.tag = f"h{min(6, int(token.tag[1]) + _DEEPER)}"
        for part in token.children or ():
            _turn(part)
    return Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704  escaped by it


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return parser.use(dollarmath_plugin, double_inline=True, renderer=_formula)


def _formula(tex: str, options: dict[str, Any]) -> str:
    """MathML of a formula."""
    from latex2mathml.converter import convert

    return convert(tex.strip(), display="block" if options["display_mode"] else "inline")


def _turn(part: Token) -> None:
    """Let a link to another handout lead to its place on the same page."""
    target = part.attrGet("href") if part.type == "link_open" else None
    if isinstance(target, str) and (other := _OTHER.match(target)):
        part.attrSet("href", f"#lab{int(other[1])}")
