# SPDX-License-Identifier: MIT
"""Functions of the program as hooks of its client."""

from __future__ import annotations

from .errors import UsageError

_MAX_NAME = 63


def _plain(character):
    return character if character.isascii() and character.isalnum() else "-"


def _name_of(function):
    """A name as instances have: letters, digits and hyphens."""
    given = getattr(function, "__name__", None) or type(function).__name__
    plain = "".join(map(_plain, given.lower())).strip("-")
    if not plain or not plain[0].isalpha():
        plain = f"hook-{plain}".rstrip("-")
    return plain[: _MAX_NAME - 5]


class Hooks:
    """The hooks of one client, by the names of their instances."""

    def __init__(self, core):
        self._core = core
        self._names = set()

    def _free_name(self, function):
        base = _name_of(function)
        name, number = base, 1
        while name in self._names:
            number += 1
            name = f"{base}-{number}"
        return name

    def add(self, phase, function, priority, on_error, required, name):
        if not callable(function):
            raise TypeError(f"a hook is a function, not {type(function).__name__}")
        if isinstance(priority, bool) or not isinstance(priority, int) or not 0 <= priority <= 10000:
            raise UsageError(f"priority is a whole number from 0 to 10000, not {priority!r}")
        chosen = self._free_name(function) if name is None else name
        self._core.add_plugin(chosen, {phase: function}, priority, on_error, required)
        self._names.add(chosen)
        return chosen

    def remove(self, name):
        self._core.remove_plugin(name)
        self._names.discard(name)
