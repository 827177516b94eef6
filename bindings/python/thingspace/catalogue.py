# SPDX-License-Identifier: MIT
"""What is known of the service without asking it, and the tools of those who write plugins."""

from __future__ import annotations

import os

from . import _core
from .results import Api, Service, Source
from .values import read_json


def services():
    """The callback services that are known; the service knows more."""
    return [_service(row) for row in _core.services()]


def _service(row):
    name, delivers, seed, where, note, after = row
    return Service(name, delivers, bool(seed), where, note, after)


def find_service(name):
    """The one of that exact name, or None, which does not mean that ThingSpace refuses it."""
    row = _core.find_service(name)
    return None if row is None else _service(row)


def apis():
    """The APIs that callbacks are registered with, "connectivity" first."""
    return [Api(*row) for row in _core.apis()]


def sources():
    """The addresses that callback messages come from, as published when this release was made."""
    return [Source(*row) for row in _core.sources()]


def plugin_check(file):
    """Reads a plugin without running it: a dict with "findings". LocalError."""
    return read_json(_core.plugin_check(os.fspath(file))[0])


def plugin_test(file):
    """Runs the tests beside a plugin: a dict with "tests". LocalError, PluginError."""
    return read_json(_core.plugin_test(os.fspath(file))[0])
