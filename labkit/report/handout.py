"""A lab's handout as HTML: Markdown with formulas, which become MathML and need no network."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, tostring
from xml.sax.saxutils import unescape

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

_ROWS = ("math", "mrow", "mtd")
_SCRIPTS = ("msub", "msup", "msubsup", "munder", "mover", "munderover")
_FUNCTIONS = {"ln", "log", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh"}
_COMMA, _OPENING, _CLOSING = (
    "&#x0002C;",
    {"&#x00028;", "&#x0007B;", "["},
    {"&#x00029;", "&#x0007D;", "]"},
)
_THIN = "0.167em"  # TeX's gap around the name of a function


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
    from latex2mathml.converter import convert_to_element

    formula = convert_to_element(tex.strip(), display="block" if options["display_mode"] else "inline")
    for row in [part for part in formula.iter() if part.tag in _ROWS]:
        _join_decimals(row)
        _set_functions_apart(row)
    return unescape(tostring(formula, encoding="unicode"))


def _join_decimals(row: Element) -> None:
    """Make one number of ``0{,}1``, of which the converter makes two with a spaced comma between."""
    parts = list(row)
    for whole, comma, decimals in zip(parts, parts[1:], parts[2:]):
        number = _base(decimals)
        grouped = comma.tag == "mrow" and [part.text for part in comma] == [_COMMA]
        if whole.tag == number.tag == "mn" and grouped:
            number.text = f"{whole.text},{number.text}"
            row.remove(whole)
            row.remove(comma)


def _set_functions_apart(row: Element) -> None:
    """Put a thin space where ``ln`` stands beside a letter, a number or a fraction."""
    for before, after in pairwise(list(row)):
        if (_is_function(before) and _begins(after)) or (_is_function(after) and _ends(before)):
            row.insert(list(row).index(after), Element("mspace", {"width": _THIN}))


def _base(part: Element) -> Element:
    """What scripts or accents are added to."""
    return part[0] if part.tag in _SCRIPTS else part


def _is_function(part: Element) -> bool:
    name = _base(part)
    return name.tag == "mi" and name.text in _FUNCTIONS


def _begins(part: Element) -> bool:
    """Whether what a function is of begins here; operators and parentheses have gaps of their own."""
    first = part[0] if part.tag == "mrow" and len(part) else part
    return first.text not in _OPENING and _base(part).tag not in ("mo", "mspace", "mtext")


def _ends(part: Element) -> bool:
    """Whether a factor ends here."""
    last = _base(part)
    return last.text in _CLOSING if last.tag == "mo" else last.tag not in ("mspace", "mtext")


def _turn(part: Token) -> None:
    """Let a link to another handout lead to its place on the same page."""
    target = part.attrGet("href") if part.type == "link_open" else None
    if isinstance(target, str) and (other := _OTHER.match(target)):
        part.attrSet("href", f"#lab{int(other[1])}")
