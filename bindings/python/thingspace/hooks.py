# SPDX-License-Identifier: MIT
"""Functions of the program as hooks of its client."""

from __future__ import annotations

import inspect

from .errors import UsageError
from .options import nearest

ARGUMENTS = {
    "request": "call, request",
    "check": "call, request",
    "response": "call, response",
    "error": "call, failure",
    "audit": "event",
}
_MAX_NAME = 63


def check_phase(phase):
    """Also of a decorator that was used without its parentheses."""
    if callable(phase):
        raise TypeError('a hook is of a phase: write @client.hook("check"), not @client.hook')
    if not isinstance(phase, str):
        raise TypeError(f"a phase is str, not {type(phase).__name__}")
    if phase not in ARGUMENTS:
        raise UsageError(
            f"there is no phase {phase!r}{nearest(phase, ARGUMENTS)}; hooks are of request, check, "
            "response, error or audit"
        )


def _check_function(phase, function):
    """Nothing that fails only when it is called."""
    if not callable(function):
        raise TypeError(f"a hook is a function, not {type(function).__name__}")
    called = function if inspect.isroutine(function) else getattr(function, "__call__", function)
    if any(map(inspect.iscoroutinefunction, (function, called))) or any(
        map(inspect.isasyncgenfunction, (function, called))
    ):
        raise TypeError("a hook cannot be async: a call waits for what it returns")
    if inspect.isgeneratorfunction(function):
        raise TypeError("a hook returns what it decides; this one yields")
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # of a function that is written in C
        return
    try:
        signature.bind(*ARGUMENTS[phase].split(", "))
    except TypeError as error:
        raise TypeError(
            f"a {phase} hook is called with ({ARGUMENTS[phase]}), not as this one: {error}"
        ) from None


def _plain(character):
    return character if character.isascii() and character.isalnum() else "-"


def _name_of(function):
    """A name as instances have: letters, digits and hyphens."""
    given = getattr(function, "__name__", None) or type(function).__name__
    plain = "".join(map(_plain, given.lower())).strip("-")
    if not plain or not plain[0].isalpha():
        plain = f"hook-{plain}".rstrip("-")
    return plain[: _MAX_NAME - 5]


def _place_of(function):
    """Where a function stands; the same for one that was defined again. None: nobody can tell."""
    name = getattr(function, "__qualname__", "<")
    return None if name.endswith(">") else (getattr(function, "__module__", None), name)


class Hooks:
    """The hooks of one client: the places of their functions by the names of their instances."""

    def __init__(self, core):
        self._core = core
        self._places = {}

    def _free_name(self, function):
        base = _name_of(function)
        name, number = base, 1
        while name in self._places:
            number += 1
            name = f"{base}-{number}"
        return name

    def _tell_again(self, name, function):
        place = _place_of(function)
        if place is None or place not in self._places.values():
            return
        from logging import getLogger

        first = next(known for known, its in self._places.items() if its == place)
        getLogger("thingspace").warning(
            "hook '%s' is there already, and runs beside this one, '%s'; remove_hook('%s') takes it "
            "away, and name=... tells that both are meant",
            first,
            name,
            first,
        )

    def add(self, phase, function, priority, on_error, required, name):
        check_phase(phase)
        _check_function(phase, function)
        if isinstance(priority, bool) or not isinstance(priority, int) or not 0 <= priority <= 10000:
            raise UsageError(f"priority is a whole number from 0 to 10000, not {priority!r}")
        chosen = self._free_name(function) if name is None else name
        self._core.add_plugin(chosen, {phase: function}, priority, on_error, required)
        if name is None:
            self._tell_again(chosen, function)
        self._places[chosen] = _place_of(function)
        return chosen

    def remove(self, name):
        self._core.remove_plugin(name)
        self._places.pop(name, None)
