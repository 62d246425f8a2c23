"""Who of the gradebook is who in another system's file; a doubt is reported, never guessed away."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from labkit.errors import UsageError
from labkit.grading.gradebook.records import Standing, Student
from labkit.i18n import Text, texts

__all__ = ["Clue", "Left", "Report", "differ", "name_key", "pair", "plain_key", "single_lab"]

_ = texts(__file__)


@dataclass(frozen=True, slots=True)
class Left:
    """A student whose cell was left as it was, and why."""

    student: Student
    why: Text


@dataclass(frozen=True, slots=True)
class Report:
    """What became of an export, for the command line to say.

    Args:
        filled: Students whose grade was written.
        left: Students who are in the file and whose cell was left as it was.
        not_in_file: Students of the gradebook whom the file does not have.
        not_in_gradebook: People of the file, as it names them, whom the gradebook does not have.
        notes: What the instructor should know besides.
    """

    filled: tuple[Student, ...] = ()
    left: tuple[Left, ...] = ()
    not_in_file: tuple[Student, ...] = ()
    not_in_gradebook: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def matched(self) -> tuple[Student, ...]:
        """Students found in the file, with a grade written or not."""
        return (*self.filled, *(entry.student for entry in self.left))


@dataclass(frozen=True, slots=True)
class Clue:
    """One way to tell that a row and a student are the same person.

    Args:
        rows: What each row says, comparable; empty where it says nothing.
        of: The same of a student.
    """

    rows: Sequence[str]
    of: Callable[[Student], str]


def pair(
    clues: Sequence[Clue],
    standings: Sequence[Standing],
    doubt: Callable[[int, Student], bool],
) -> dict[int, Standing]:
    """Pair rows with students, the surest clue first.

    A clue counts only where one row and one student have that value. ``doubt`` may refuse a pair
    that another clue speaks against.
    """
    pairs: dict[int, Standing] = {}
    paired: set[str] = set()
    for clue in clues:
        rows = _unique(clue.rows)
        people = _unique([clue.of(standing.student) for standing in standings])
        for value, row in rows.items():
            if value not in people or row in pairs:
                continue
            standing = standings[people[value]]
            if standing.student.key not in paired and not doubt(row, standing.student):
                pairs[row] = standing
                paired.add(standing.student.key)
    return pairs


def _unique(values: Sequence[str]) -> dict[str, int]:
    """Value -> its place, of those that are there once."""
    counts = Counter(values)
    return {value: place for place, value in enumerate(values) if value and counts[value] == 1}


def differ(one: str, other: str) -> bool:
    """Whether two values are both known and not the same."""
    return bool(one and other and one != other)


def plain_key(text: str) -> str:
    """Text to compare identifiers and addresses by: capitals and spaces do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def name_key(text: str) -> str:
    """A name to compare by: order, capitals, accents and commas do not count.

    Example:
        >>> name_key("García López, Ana") == name_key("ana  garcia lopez")
        True
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(sorted(re.findall(r"\w+", bare)))


def single_lab(standings: Sequence[Standing]) -> None:
    """Refuse standings that are not of one lab, each student once.

    Raises:
        UsageError: They are not.
    """
    if len(labs := sorted({standing.lab for standing in standings})) > 1:
        raise UsageError(
            _("These grades are of several labs: {labs}.", labs=", ".join(labs)),
            _("A column holds the grades of one lab."),
            _("Export one lab after the other."),
        )
    counts = Counter(standing.student.key.casefold() for standing in standings)
    if doubled := [key for key, count in counts.items() if count > 1]:
        raise UsageError(
            _("The student {key} has more than one grade.", key=doubled[0]),
            _("One grade a student was expected."),
        )
