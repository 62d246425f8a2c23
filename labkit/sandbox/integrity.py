"""Whether Keras and the kit are still as they were before a student's file was run.

A file that replaces ``keras.Model.fit`` or a function of the kit could report a training that never
was. `remember` looks at every function of both when the process that runs students' files is made
ready, `expect_unchanged` compares after each step. A subclass changes nothing and is welcome.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator

__all__ = ["expect_unchanged", "remember"]

_WATCHED = ("keras", "labkit")
_remembered: dict[tuple[str, str], object] = {}


def remember() -> None:
    """Take every function as it is now for the right one; a second call changes nothing."""
    if not _remembered:
        _remembered.update(_functions())


def expect_unchanged() -> None:
    """Compare with what was remembered; nothing to compare with is no change.

    Raises:
        RuntimeError: A function has been replaced.
    """
    if not _remembered:
        return
    for place, code in _functions():
        module, name = place
        known = _remembered.get(place)
        added = known is None and (module, name.rpartition(".")[0]) in _remembered
        if added or (known is not None and known is not code):
            raise RuntimeError(
                f"{module}.{name} was replaced. Use Keras as it is, and make a subclass to change "
                "what it does."
            )


def _functions() -> Iterator[tuple[tuple[str, str], object]]:
    """Each function's code and each class, by module and name; methods as ``Class.method``."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in _WATCHED or not isinstance(module, types.ModuleType):
            continue
        for attribute, value in list(vars(module).items()):
            if isinstance(value, types.FunctionType):
                yield (name, attribute), value.__code__
            elif isinstance(value, type) and value.__module__ == name:
                yield (name, attribute), value
                for method, member in list(vars(value).items()):
                    if code := _code(member):
                        yield (name, f"{attribute}.{method}"), code


def _code(member: object) -> object | None:
    """The code of a method, also of a static, class or computed one."""
    if isinstance(member, property):
        member = member.fget
    member = getattr(member, "__func__", member)
    return member.__code__ if isinstance(member, types.FunctionType) else None
