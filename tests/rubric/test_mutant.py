from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import ContentError
from labkit.rubric.mutant import Mutant, apply


def _mutant(*edits: tuple[str, str]) -> Mutant:
    return Mutant("wrong", edits, frozenset({"mae"}), "why")


def test_edits_are_made_in_order():
    assert apply(_mutant(("a", "b"), ("bc", "d")), "ac") == "d"


def test_a_text_that_is_absent_is_refused():
    with pytest.raises(ContentError, match="wrong replaces 'z', found 0 times"):
        apply(_mutant(("z", "b")), "abc")


def test_a_text_that_stands_twice_is_refused():
    with pytest.raises(ContentError, match="found 2 times"):
        apply(_mutant(("a", "b")), "aa")


def test_an_empty_text_is_refused():
    with pytest.raises(ContentError, match="found 0 times"):
        apply(_mutant(("", "b")), "aa")


def test_a_second_edit_is_counted_after_the_first():
    with pytest.raises(ContentError, match="found 2 times"):
        apply(_mutant(("a", "b"), ("b", "c")), "ab")


@given(before=st.text("xy\n"), old=st.text("ab", min_size=1), new=st.text(), after=st.text("xy\n"))
def test_all_but_the_edit_stays(before: str, old: str, new: str, after: str):
    assert apply(_mutant((old, new)), before + old + after) == before + new + after


def test_any_set_of_checks_is_taken():
    assert Mutant("m", (("a", "b"),), {"one", "two"}, "why").loses == frozenset({"one", "two"})


@pytest.mark.parametrize(("edits", "loses"), [((), {"mae"}), ((("a", "b"),), set())])
def test_a_mutant_that_does_nothing_is_refused(edits: tuple, loses: set):
    with pytest.raises(ContentError, match="idle"):
        Mutant("idle", edits, loses, "why")
