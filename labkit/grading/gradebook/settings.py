"""The settings of a class: ``class.toml`` in the class folder, made with a secret seed at first."""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import Any

from labkit.errors import StorageError, UsageError
from labkit.grading.gradebook.policy import Policy
from labkit.i18n import texts

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["Settings", "load"]

_ = texts(__file__)

_NEW = """\
# A class in labkit. Keep this file to yourself: the seed decides which rows are hidden.

[class]
seed = {seed}
# title = "Neural networks, autumn"
# pattern = "{{section}}/{{student}}_{{*}}"   # how submissions are named
# roster = "roster.csv"

# [lab2]
# due = 2026-11-30T23:59:00     # in this machine's time zone unless one is given
# late = 0.1                    # share of the points that each day begun costs
# last_day = 5                  # days after which nothing is earned
# keep = "best"                 # or "latest"
# bonus = true
"""
_LAB_NAME = re.compile("lab[1-9][0-9]*")
_SEEDS = range(2**63)  # what a database keeps as a whole number
_CLASS: dict[str, tuple[type, ...]] = {
    "seed": (int,),
    "title": (str,),
    "pattern": (str,),
    "roster": (str,),
}
_LAB: dict[str, tuple[type, ...]] = {
    "due": (datetime, date),
    "late": (int, float),
    "last_day": (int, float),
    "keep": (str,),
    "bonus": (bool,),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What an instructor decided for a class.

    Args:
        seed: Of the secret splits.
        title: Name of the class.
        pattern: How submissions are named; ``None`` to recognize it.
        roster: The class list; ``None`` for none.
        policies: Rules by lab.
    """

    seed: int
    title: str = ""
    pattern: str | None = None
    roster: Path | None = None
    policies: Mapping[str, Policy] = field(default_factory=lambda: MappingProxyType({}))

    def policy(self, lab: str) -> Policy:
        """The rules of that lab; without any, the best attempt counts and nothing is late."""
        return self.policies.get(lab, Policy())


def load(folder: Path) -> Settings:
    """Read the settings of the class in ``folder``, which is made with a new seed where it is missing.

    Raises:
        UsageError: The file says something that cannot be.
        StorageError: The folder cannot be written.
    """
    path = folder / "class.toml"
    if not path.exists():
        _begin(path)
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(_("it is no TOML: {error}", error=error)) from error
    except OSError as error:
        raise StorageError(
            _("{path} cannot be read: {error}.", path=path, error=error.strerror or error),
            fix=_("See to its permissions, or name another class folder with --into."),
        ) from error
    about = said.pop("class", {})
    policies = {lab: _policy(lab, rules) for lab, rules in said.items()}
    _expect(about, _CLASS, "class")
    if "seed" not in about:
        raise _wrong(_("[class] has no seed"))
    if about["seed"] not in _SEEDS:
        raise _wrong(_("the seed is no whole number from 0 to 2^63 - 1"))
    roster = about.get("roster")
    return Settings(
        seed=about["seed"],
        title=about.get("title", ""),
        pattern=about.get("pattern"),
        roster=folder / roster if roster else None,
        policies=policies,
    )


def _begin(path: Path) -> None:
    """Write the first settings, for their owner alone; another grader's are left as they are."""
    partial = path.with_name(f".class-{secrets.token_hex(4)}.toml")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "w", encoding="utf-8") as stream:
                stream.write(_NEW.format(seed=secrets.randbelow(2**62)))
                stream.flush()
                os.fsync(stream.fileno())
            _put(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            _("The class folder {folder} cannot be written: {error}.", folder=path.parent, error=error),
            fix=_("Name another one with --into."),
        ) from error


def _put(partial: Path, path: Path) -> None:
    """Give a file its name, unless another process was first: a link is never put over a file."""
    try:
        os.link(partial, path)
    except FileExistsError:
        return
    except OSError:  # no links here, as on a memory stick
        if not path.exists():
            partial.replace(path)


def _policy(lab: str, rules: Any) -> Policy:
    _expect(rules, _LAB, lab)
    if not _LAB_NAME.fullmatch(lab):
        raise _wrong(_("[{table}] is neither class nor a lab such as lab2", table=lab))
    if rules.get("keep", "best") not in ("best", "latest"):
        raise _wrong(_("keep in [{lab}] is neither best nor latest", lab=lab))
    if not 0 <= rules.get("late", 0) <= 1:
        raise _wrong(_("late in [{lab}] is no share from 0 to 1", lab=lab))
    if not rules.get("last_day", 0) >= 0:
        raise _wrong(_("last_day in [{lab}] is no number of days", lab=lab))
    return Policy(**{**rules, "due": _due(lab, rules["due"]) if "due" in rules else None})


def _due(lab: str, said: date) -> datetime:
    """A deadline with its time zone; a day alone ends with its last second."""
    due = said if isinstance(said, datetime) else datetime.combine(said, time(23, 59, 59))
    try:
        due.timestamp()  # a year that no calendar of this machine reaches fails here
    except (OSError, OverflowError, ValueError) as error:
        raise _wrong(_("due in [{lab}] is no time that can be", lab=lab)) from error
    return due if due.tzinfo else due.replace(tzinfo=_Here())


class _Here(tzinfo):
    """This machine's time zone, in which a day may have 23 or 25 hours."""

    def utcoffset(self, moment: datetime | None, /) -> timedelta | None:
        return None if moment is None else moment.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, moment: datetime | None, /) -> timedelta | None:
        return None

    def tzname(self, moment: datetime | None, /) -> str | None:
        return None if moment is None else moment.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, moment: datetime, /) -> datetime:
        return moment.replace(tzinfo=timezone.utc).astimezone().replace(tzinfo=self)


def _expect(said: Any, known: Mapping[str, Any], table: str) -> None:
    """Refuse a setting that does not exist, or is of the wrong kind."""
    if not isinstance(said, dict):
        raise _wrong(_("{name} stands outside every table", name=table))
    for name, value in said.items():
        if name not in known:
            there = ", ".join(known)
            raise _wrong(
                _("[{table}] has no {name}; there are {there}", table=table, name=name, there=there)
            )
        if not isinstance(value, known[name]) or (isinstance(value, bool) and name != "bonus"):
            raise _wrong(
                _("{name} in [{table}] cannot be {value}", name=name, table=table, value=value)
            )


def _wrong(reason: object) -> UsageError:
    return UsageError(
        _("class.toml cannot be used: {reason}.", reason=reason), fix=_("Mend it and run again.")
    )
