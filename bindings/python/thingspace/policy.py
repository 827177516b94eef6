# SPDX-License-Identifier: MIT
"""Policies that are objects of the program.

    class Fleet:
        name = "fleet"
        accounts = ["0000123456-00001"]
        credentials = {"north": {"key": "a1b2", "secret": thingspace.Secret.from_file("secret"), ...}}

        def resolve(self, account, row):
            return {"endpoint": "production", "credential": "north"}

        def listeners(self, account, row):
            return {"CarrierService": {"url": f"https://hooks.example.com/{account}"}}

    client = thingspace.Client(policy=Fleet())

Members are those of thingspace-policy(5), of an object, a class or a dict. `resolve` and `listeners`
are functions; all else is data, which is written as a script that the library reads as any other.
A Secret in it stays what it is: the script has its name alone.
"""

from __future__ import annotations

import inspect
import json
import math
import warnings
from collections.abc import Mapping

from ._core import Secret
from .errors import PolicyError, UsageError
from .options import nearest, outside

_DATA = ("endpoints", "credentials", "accounts", "owns", "groups", "checks", "tenants", "plugins")
_FUNCTIONS = ("resolve", "listeners")
_MEMBERS = ("name", *_DATA, *_FUNCTIONS)
_DECISION = ("endpoint", "credential", "timeout_ms", "tags")
_LISTENER = ("url", "username", "password", "token", "api")
_LONGEST_SCRIPT = 200 * 1024  # the library takes 256 KiB
_MAX_DEPTH = 20
_ESCAPES = {ord("\n"): "\\n", ord("\r"): "\\r", ord('"'): '\\"', ord("\\"): "\\\\"}


class Source:
    """Something that the library reads itself, where the policy names it."""

    __slots__ = ("_function", "_name")

    def __init__(self, function, name):
        if not isinstance(name, str):
            raise TypeError(f"a name is str, not {type(name).__name__}")
        self._function = function
        self._name = name

    def __repr__(self):
        return f"{self._function}({self._name!r})"


class _Registered:
    """REGISTERED, the password of a listener in a policy: whatever is registered now is left."""

    __slots__ = ()

    def __repr__(self):
        return "REGISTERED"


REGISTERED = _Registered()


def secret_file(path):
    """A secret in a file, read when it is used, below the policy's folder."""
    return Source("secret.file", path)


def secret_dir(path):
    """A credential in a folder: its files key, secret, username, password."""
    return Source("secret.dir", path)


def secret_env(name):
    """A secret in a variable of the environment."""
    return Source("secret.env", name)


def csv(path):
    """Accounts from a CSV file below the policy's folder."""
    return Source("csv", path)


def json_file(path):
    """Data from a JSON file below the policy's folder."""
    return Source("json_file", path)


# --- data as a script ---


def _quote(text):
    if "\0" in text:
        raise UsageError("a text of a policy cannot have a NUL character")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError("a text of a policy must be Unicode without lone surrogates") from None
    return f'"{text.translate(_ESCAPES)}"'


def _number(value):
    if isinstance(value, int):
        if not -(2**63) < value < 2**63:
            raise UsageError(f"{value} does not fit into 64 bits: write it as text")
        return str(value)
    if not math.isfinite(value):
        raise UsageError(f"{value} is no number that a policy can hold")
    return repr(value)


class Writer:
    """Writes data as Lua and gathers its secrets."""

    def __init__(self):
        self.secrets = {}

    def _secret(self, value):
        for name, known in self.secrets.items():
            if known is value:
                return name
        name = f"python-{len(self.secrets) + 1}"
        self.secrets[name] = value
        return name

    def write(self, value, place, depth=0):
        if depth > _MAX_DEPTH:
            raise UsageError(f"{place}: deeper than {_MAX_DEPTH} levels, or it contains itself")
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return _quote(value)
        if isinstance(value, (int, float)):
            return _number(value)
        if isinstance(value, Secret):
            return f"thingspace.secret.named({_quote(self._secret(value))})"
        if isinstance(value, Source):
            return f"thingspace.{value._function}({_quote(value._name)})"
        if value is REGISTERED:
            return "thingspace.secret.registered"
        if isinstance(value, dict):
            return self._table(value, place, depth)
        if isinstance(value, (list, tuple, set, frozenset)):
            items = sorted(value) if isinstance(value, (set, frozenset)) else value
            return self._list(items, place, depth)
        raise UsageError(f"{place}: a policy cannot hold {type(value).__name__}")

    def _list(self, items, place, depth):
        written = (
            self.write(item, f"{place}[{index}]", depth + 1) for index, item in enumerate(items)
        )
        return "{" + ",".join(written) + "}"

    def _table(self, table, place, depth):
        parts = []
        for name, value in table.items():
            if not isinstance(name, str):
                raise UsageError(f"{place}: names are str, not {type(name).__name__}")
            if value is not None:
                parts.append(f"[{_quote(name)}]={self.write(value, f'{place}.{name}', depth + 1)}")
        return "{" + ",".join(parts) + "}"

    def plugins(self, rows):
        """A row is a name, (name, members), or a dict with "plugin"."""
        return "{" + ",".join(self._plugin(row, i) for i, row in enumerate(rows)) + "}"

    def _plugin(self, row, index):
        place = f"plugins[{index}]"
        if isinstance(row, str):
            row = {"plugin": row}
        elif isinstance(row, (list, tuple)) and len(row) == 2 and isinstance(row[1], dict):
            row = {"plugin": row[0], **row[1]}
        if not isinstance(row, dict) or not isinstance(row.get("plugin"), str):
            raise UsageError(f'{place}: a row is a name, (name, members), or a dict with "plugin"')
        members = {name: value for name, value in row.items() if name != "plugin"}
        table = self._table(members, place, 1)
        return "{" + _quote(row["plugin"]) + "," + table[1:]


# --- functions ---


def _wrong(what, members, known):
    for name in members:
        if name not in known:
            raise PolicyError(f"{what} has no member {name!r}; it has {', '.join(known)}")


def _row(text):
    return None if text is None else json.loads(text)


class Raised:
    """What functions of the program raise while a plan is made, by account: for its problems."""

    _MOST = 1000

    def __init__(self):
        self._kept = None

    def begin(self):
        self._kept = {}

    def end(self):
        kept, self._kept = self._kept, None
        return kept

    def keeping(self, function):
        def call(account, row):
            try:
                return function(account, _row(row))
            except Exception as exception:
                if self._kept is not None and len(self._kept) < self._MOST:
                    self._kept[account] = exception
                raise

        return call


def _resolver(function):
    def resolve(account, row):
        answer = function(account, row)
        if answer is None:
            return None, None, 0, None, 1
        if not isinstance(answer, dict):
            raise PolicyError(f"resolve answers a dict or None, not {type(answer).__name__}")
        _wrong("a decision", answer, _DECISION)
        tags = answer.get("tags")
        return (
            answer.get("endpoint"),
            answer.get("credential"),
            answer.get("timeout_ms") or 0,
            None if tags is None else json.dumps(tags, allow_nan=False),
            0,
        )

    return resolve


def _one(service, said):
    if isinstance(said, str):
        said = {"url": said}
    if not isinstance(said, dict):
        raise PolicyError(f"{service}: a listener is a URL or a dict, not {type(said).__name__}")
    _wrong("a listener", said, _LISTENER)
    password, token = said.get("password"), said.get("token")
    for value in (password, token):
        if not (value is None or isinstance(value, Secret) or value is REGISTERED):
            raise PolicyError(f"{service}: passwords and tokens are thingspace.Secret")
    if token is REGISTERED:
        raise PolicyError(f"{service}: a token is a thingspace.Secret, not REGISTERED")
    return (
        service,
        said.get("url"),
        said.get("username"),
        None if password is REGISTERED else password,
        int(password is REGISTERED),
        said.get("api"),
        token,
    )


def _rows(answer):
    if answer is None:
        return []
    if not isinstance(answer, dict):
        raise PolicyError(f"listeners answers a dict or None, not {type(answer).__name__}")
    return [
        _one(service, each)
        for service, said in answer.items()
        for each in (said if isinstance(said, (list, tuple)) else (said,))
    ]


def _lister(function):
    return lambda account, row: _rows(function(account, row))


# --- all together ---


def _reader(policy):
    """A function that finds a member, None when there is none."""
    if isinstance(policy, Mapping):
        for name in policy:
            if name not in _MEMBERS:
                raise UsageError(
                    f"a policy has no {name!r}{nearest(name, _MEMBERS)}; it has {', '.join(_MEMBERS)}"
                )
        return policy.get
    instance = policy() if isinstance(policy, type) else policy
    if not any(hasattr(instance, name) for name in _MEMBERS):
        raise TypeError(
            f"a policy is a path, a dict, or an object with members of a policy, "
            f"not {type(policy).__name__}"
        )
    for name in dir(instance):
        if not name.startswith("_") and name not in _MEMBERS:
            _check_other(instance, name)
    return lambda name: getattr(instance, name, None)


def _check_other(policy, name):
    """What is not a member: a misspelt one would be as if it were not there."""
    from types import ModuleType

    found = inspect.getattr_static(policy, name, None)
    if isinstance(found, ModuleType):
        return
    meant = nearest(name, _MEMBERS, 0.8)  # account_names and listener_url are names of their own
    if meant:
        raise UsageError(
            f"a policy has no {name!r}{meant} Names of the program's own begin with _"
        )
    if isinstance(policy, ModuleType) or not inspect.isroutine(found):
        return
    warnings.warn(
        f"nobody calls {type(policy).__name__}.{name}: it is no member of a policy, which has "
        f"{', '.join(_MEMBERS)}. Names of the program's own begin with _",
        stacklevel=outside(),
    )


class _Folder:
    """Lives as long as its client, unless a process that was forked ends before."""

    def __init__(self):
        import os
        import tempfile
        import weakref

        self.name = tempfile.mkdtemp(prefix="thingspace-")
        self.cleanup = weakref.finalize(self, _remove_folder, self.name, os.getpid())


def _remove_folder(folder, process):
    import os
    import shutil

    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)


def _outsource(options, accounts):
    """Accounts that are too many for a script go into a file that lives as long as the client."""
    if options.get("policy_folder") is not None:
        raise UsageError(
            "these accounts are too many for a policy with a policy_folder: write them to a file "
            "below it, and give accounts = thingspace.policy.json_file(...)"
        )
    import os

    folder = _Folder()
    options["temporary_folder"] = folder
    options["policy_folder"] = folder.name
    with open(os.path.join(folder.name, "accounts"), "w", encoding="utf-8", newline="") as file:
        columns = _columns(accounts)
        if columns is None:
            json.dump(accounts, file, allow_nan=False)
            return json_file("accounts")
        _write_table(file, accounts, columns)
        return csv("accounts")


def _columns(accounts):
    """The names of a table that holds the rows as they are; None: there is none."""
    columns = {"account": None}
    for row in accounts:
        if isinstance(row, str):
            continue
        if not isinstance(row, dict) or not all(isinstance(value, str) for value in row.values()):
            return None
        columns.update(dict.fromkeys(row))
    return list(columns)


def _write_table(file, accounts, columns):
    from csv import DictWriter

    table = DictWriter(file, columns, lineterminator="\n")
    table.writeheader()
    for row in accounts:
        table.writerow({"account": row} if isinstance(row, str) else row)


def script_of(read, options, writer):
    """The Lua text of what is data."""
    parts = []
    name = read("name")
    parts.append(f"name={writer.write('python' if name is None else name, 'name')}")
    for member in _DATA:
        value = read(member)
        if value is None:
            continue
        if member == "plugins":
            written = writer.plugins(value)
        else:
            if member == "accounts" and not isinstance(value, (Source, dict)):
                value = list(value)
            written = writer.write(value, member)
            if member == "accounts" and len(written) > _LONGEST_SCRIPT:
                written = writer.write(_outsource(options, value), member)
        parts.append(f"{member}={written}")
    return "return {" + ",\n".join(parts) + "}\n"


def add_policy(options, policy):
    """Puts an object's policy into the options that _core takes."""
    read = _reader(policy)
    writer = Writer()
    options["policy_text"] = script_of(read, options, writer)
    options["policy_name"] = options["policy_name"] or f"policy {read('name') or 'python'}"
    if writer.secrets:
        options["secrets"] = {**(options["secrets"] or {}), **writer.secrets}
    resolve, listeners = read("resolve"), read("listeners")
    raised = options["raised"] = Raised()
    if resolve is not None:
        if not callable(resolve):
            raise TypeError("resolve is a function(account, row)")
        options["resolve"] = _resolver(raised.keeping(resolve))
    if listeners is not None:
        declared = listeners
        options["listeners"] = _lister(
            raised.keeping(listeners) if callable(listeners) else lambda account, row: declared
        )
