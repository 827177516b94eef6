# SPDX-License-Identifier: MIT
"""Prints each name of its standard input that the package does not have. Run by bound.sh."""

import importlib
import sys

import thingspace


def has(name):
    place = thingspace
    for part in name.split("."):
        if not hasattr(place, part):
            try:
                importlib.import_module(f"{place.__name__}.{part}")
            except (ImportError, AttributeError):
                return False
        place = getattr(place, part)
    return True


for line in sys.stdin:
    if not has(line.strip()):
        print(line.strip())
