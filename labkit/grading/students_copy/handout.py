"""What a students' copy says differently: its Makefile and its README, made from the checkout's own."""

from __future__ import annotations

import re

from labkit.errors import ContentError
from labkit.i18n import speaking, texts

__all__ = ["makefile", "readme"]

_ = texts(__file__)

_TARGETS = ("help", "$(VENV)/bin/python", "$(READY)", "install", "lab%", "clean")
_TARGET = re.compile(r"(?P<name>[^\s#:=]+)\s*:(?!=)")
_SECTIONS = {
    "en": ("A student's first five minutes", "The labs"),
    "es": ("Tus primeros cinco minutos", "Las prácticas"),
}
_WITH_MAKE = """\
make install      # {once}
make lab2         # {train}
"""
_WITHOUT_MAKE = """\
python -m venv .venv
.venv\\Scripts\\activate            # {elsewhere}: source .venv/bin/activate
python -m pip install -e .
python -m labkit run lab2
"""


def makefile(text: str) -> str:
    """The Makefile with the targets a student needs; those for developers would find no tests.

    Raises:
        ContentError: One that a student needs is not there.
    """
    kept, found = [], []
    for block in re.split(r"\n{2,}", text.strip("\n")):
        match = _TARGET.match(block)
        if match is None:
            kept.append(block)
        elif match["name"] in _TARGETS:
            kept.append(block)
            found.append(match["name"])
    if missing := sorted(set(_TARGETS) - set(found)):
        raise ContentError(_("The Makefile has no target {names}.", names=", ".join(missing)))
    phony = " ".join(name for name in found if name.isalpha())
    return "\n\n".join([*kept, f".PHONY: {phony}"]) + "\n"


def readme(text: str, language: str) -> str:
    """The README with its beginning, how to set the kit up, and the sections a student needs.

    Args:
        text: The checkout's own README in that language.
        language: ``"en"`` or ``"es"``.

    Raises:
        ContentError: One of the sections is not there.
    """
    first, *others = re.split(r"^## ", text, flags=re.MULTILINE)
    sections = dict(section.split("\n", 1) for section in others)
    wanted = _SECTIONS[language]
    if missing := [name for name in wanted if name not in sections]:
        raise ContentError(
            _("The README in {language} has no section {names}.", language=language, names=missing[0])
        )
    kept = [f"## {name}\n{sections[name].rstrip()}" for name in wanted]
    with speaking(language):
        return "\n\n".join([first.rstrip(), _setting_up(), *kept, str(_LICENCE)]) + "\n"


_LICENCE = _(
    "The code is MIT ([LICENSE](LICENSE)); the data sets have licences of their own "
    "([datasets/README.md](datasets/README.md))."
)


def _setting_up() -> str:
    once = _("once: needs Python 3.10 to 3.13 and, this time, the network")
    train = _("trains what you wrote in lab 2 and grades it")
    return "\n\n".join(
        [
            "## " + str(_("Setting up")),
            "```\n" + _WITH_MAKE.format(once=once, train=train) + "```",
            str(_("`make help` lists all targets. On Windows, or without make:")),
            "```\n" + _WITHOUT_MAKE.format(elsewhere=_("elsewhere")) + "```",
        ]
    )
