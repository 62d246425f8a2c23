from __future__ import annotations

import inspect

import pytest

from labkit import errors


def _tree() -> list[type[errors.LabkitError]]:
    return [value for _name, value in inspect.getmembers(errors, inspect.isclass)]


def test_every_error_is_public_and_drawn_in_the_docstring() -> None:
    names = {error.__name__ for error in _tree()}
    assert names == set(errors.__all__)
    assert errors.__doc__ is not None
    for name in names:
        assert name in errors.__doc__


@pytest.mark.parametrize("error", _tree(), ids=lambda error: error.__name__)
def test_the_drawn_exit_code_is_the_real_one(error: type[errors.LabkitError]) -> None:
    assert errors.__doc__ is not None
    line = next(line for line in errors.__doc__.splitlines() if f" {error.__name__} " in f"{line} ")
    assert int(line.split(error.__name__)[1].split()[0]) == error.exit_code


def test_a_message_joins_what_happened_what_was_expected_and_the_fix() -> None:
    assert str(errors.UsageError("A.", "B.", "C.")) == "A. B. C."
    assert str(errors.UsageError("A.", fix="C.")) == "A. C."
