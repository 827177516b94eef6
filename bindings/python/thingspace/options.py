# SPDX-License-Identifier: MIT
"""Options of a client as _core takes them, made from what people write."""

from __future__ import annotations

import os
import sys

from .errors import UsageError

_NO_TOKEN_CACHE = 1
_FOREIGN_LOOP = 2
_LEVELS = {"error": 0, "warning": 1, "info": 2, "debug": 3}
_LOGGING_LEVELS = (40, 30, 20, 10)
_MAX_TIMEOUT = 86400 * 365


def _path(value, name):
    if value is None:
        return None
    try:
        path = os.fspath(value)
    except TypeError:
        raise TypeError(f"{name} is a path, not {type(value).__name__}") from None
    return os.fsdecode(path)


def milliseconds(seconds):
    """0 for None: the library's default."""
    if seconds is None:
        return 0
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise TypeError(f"a timeout is a number of seconds, not {type(seconds).__name__}")
    if not 0 < seconds < _MAX_TIMEOUT:
        raise UsageError(f"a timeout is more than 0 seconds, and less than a year, not {seconds!r}")
    return max(1, round(seconds * 1000))


def nearest(name, known, likeness=0.75):
    """"; did you mean ...?" when a known name is like it, else nothing."""
    from difflib import get_close_matches

    found = get_close_matches(str(name), known, 1, likeness)
    return f"; did you mean {found[0]!r}?" if found else ""


_FOLDER = os.path.dirname(__file__)


def outside():
    """The stacklevel of who called the package, or of the loop that runs it, for the caller."""
    frame, depth = sys._getframe(2), 2
    while frame is not None and os.path.dirname(frame.f_code.co_filename) == _FOLDER:
        frame, depth = frame.f_back, depth + 1
    return depth if frame is not None else 1


def log_line(level, line):
    """Into the logger "thingspace", as if the program had written it where it waits."""
    import logging

    logger = logging.getLogger("thingspace")
    if logger.isEnabledFor(_LOGGING_LEVELS[level]):
        logger.log(_LOGGING_LEVELS[level], "%s", line, stacklevel=outside())


def _log_level(name):
    """The one that was named; else what the logger lets through now."""
    if name is not None:
        if name not in _LEVELS:
            raise UsageError(f"log_level is one of {', '.join(_LEVELS)}, not {name!r}")
        return _LEVELS[name]
    logging = sys.modules.get("logging")
    if logging is None:
        return _LEVELS["warning"]
    wanted = logging.getLogger("thingspace").getEffectiveLevel()
    return sum(wanted <= level for level in _LOGGING_LEVELS[1:])


def _plugin(row):
    if isinstance(row, (str, os.PathLike)):
        return _path(row, "a plugin")
    file, options = row
    from .values import write_json

    text, secrets = write_json(options)
    if secrets:
        raise TypeError("options of a plugin that is given by file cannot hold a secret")
    return f"{_path(file, 'a plugin')},{text}"


def _search_path(value):
    if value is None or isinstance(value, (str, os.PathLike)):
        return _path(value, "plugin_path")
    return ":".join(_path(folder, "plugin_path") for folder in value)


def _setting(name, value):
    if not isinstance(name, str) or not isinstance(value, (str, int, float)):
        raise TypeError("settings are a dict of names and texts or numbers")
    return f"{name}={value}"


def make(
    policy=None,
    *,
    policy_text=None,
    policy_name=None,
    policy_folder=None,
    secrets=None,
    ask=None,
    state_dir=None,
    ca_file=None,
    proxy=None,
    timeout=None,
    settings=None,
    plugins=None,
    plugin_path=None,
    reason=None,
    token_cache=True,
    log_level=None,
    foreign_loop=False,
):
    """The dict that _core.Core takes; see Client for what the arguments mean."""
    options = {
        "flags": (0 if token_cache else _NO_TOKEN_CACHE) | (_FOREIGN_LOOP if foreign_loop else 0),
        "policy_text": policy_text,
        "policy_name": policy_name,
        "policy_folder": _path(policy_folder, "policy_folder"),
        "secrets": dict(secrets) if secrets else None,
        "ask": ask,
        "state_dir": _path(state_dir, "state_dir"),
        "ca_file": _path(ca_file, "ca_file"),
        "proxy": proxy,
        "timeout_ms": milliseconds(timeout),
        "settings": [_setting(*pair) for pair in settings.items()] if settings else None,
        "plugins": [_plugin(row) for row in plugins] if plugins else None,
        "plugin_path": _search_path(plugin_path),
        "reason": reason,
        "log": log_line,
        "log_level": _log_level(log_level),
    }
    if policy is None:
        return options
    if policy_text is not None:
        raise TypeError("give policy or policy_text, not both")
    if isinstance(policy, (str, os.PathLike)):
        options["policy_file"] = _path(policy, "policy")
    else:
        from .policy import add_policy

        add_policy(options, policy)
    return options
