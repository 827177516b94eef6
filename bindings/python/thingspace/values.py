# SPDX-License-Identifier: MIT
"""JSON as hooks see it, and the variables that hooks of one call share.

Numbers keep their digits: what a float would round is a decimal.Decimal, and is written as it is.
A Secret may stand where a text would; it never becomes one.
"""

from __future__ import annotations

import json
from collections.abc import MutableMapping

from ._core import Secret
from .errors import UsageError

_scalar = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_MAX_DEPTH = 60


def _read_float(text):
    number = float(text)
    if _same(repr(number), text):
        return number
    from decimal import Decimal

    return Decimal(text)


def _same(shown, text):
    if shown == text:
        return True
    from decimal import Decimal

    return shown not in ("inf", "-inf") and Decimal(shown) == Decimal(text)


def _refuse_constant(name):
    raise UsageError(f"{name} is no JSON")


_decoder = json.JSONDecoder(parse_float=_read_float, parse_constant=_refuse_constant)


def read_json(text):
    """A tree of Python values of its own."""
    return _decoder.decode(text)


def _pointer(pointer, name):
    return pointer + "/" + str(name).replace("~", "~0").replace("/", "~1")


def _write_number(value):
    from decimal import Decimal

    if isinstance(value, Decimal) and value.is_finite():
        return str(value)
    raise UsageError(f"{type(value).__name__} is not a JSON value")


def _write(value, pointer, depth, secrets):
    if isinstance(value, Secret):
        secrets.append((pointer, value))
        return '"***"'
    if value is None or isinstance(value, (str, int, float)):
        try:
            return _scalar(value)
        except ValueError:
            raise UsageError(f"{value!r} is no JSON number") from None
    if depth > _MAX_DEPTH:
        raise UsageError(f"JSON deeper than {_MAX_DEPTH} levels, or a value that contains itself")
    if isinstance(value, (list, tuple)):
        items = (
            _write(item, f"{pointer}/{index}", depth + 1, secrets)
            for index, item in enumerate(value)
        )
        return "[" + ",".join(items) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(_write_members(value, pointer, depth, secrets)) + "}"
    return _write_number(value)


def _write_members(value, pointer, depth, secrets):
    for name, item in value.items():
        if not isinstance(name, str):
            raise UsageError(f"a member's name is str, not {type(name).__name__}")
        yield _scalar(name) + ":" + _write(item, _pointer(pointer, name), depth + 1, secrets)


def write_json(value):
    """(text, [(JSON pointer, Secret), ...]): secrets are left as *** in the text."""
    secrets = []
    return _write(value, "", 0, secrets), secrets


class Vars(MutableMapping):
    """Texts, numbers and booleans that the hooks of one owner share during one call.

    Undone with the hook when it fails; of no use after it.
    """

    __slots__ = ("_call",)

    def __init__(self, call):
        self._call = call

    def __getitem__(self, name):
        text = self._call._var(name)
        if text is None:
            raise KeyError(name)
        return read_json(text)

    def __setitem__(self, name, value):
        if value is not None and not isinstance(value, (str, int, float)):
            raise UsageError(f"a variable is a text, a number or a boolean: not {type(value).__name__}")
        self._call._set_var(name, write_json(value)[0])

    def __delitem__(self, name):
        if self._call._var(name) is None:
            raise KeyError(name)
        self._call._set_var(name, None)

    def __iter__(self):
        return iter(read_json(self._call._vars()))

    def __len__(self):
        return len(read_json(self._call._vars()))

    def __repr__(self):
        return f"Vars({read_json(self._call._vars())!r})"
