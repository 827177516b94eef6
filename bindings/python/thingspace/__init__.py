# SPDX-License-Identifier: MIT
"""Callback listeners of ThingSpace accounts: register, list, plan, apply; with hooks.

    import thingspace

    with thingspace.Client(policy="fleet.lua") as client:
        client.register("0000123456-00001", "CarrierService", "https://hooks.example.com/a")
        for listener in client.list("0000123456-00001"):
            print(listener.service_name, listener.url)

What is not needed at once is imported when it is first used.
"""

from __future__ import annotations

from . import errors as _errors
from ._core import Secret, deny, reply, stop, wait
from ._core import version as _version
from .client import Client
from .errors import *  # noqa: F403

__version__ = _version()

_LAZY = {
    "AsyncClient": "aio",
    **dict.fromkeys(
        ("Call", "Event", "Failure", "Request", "Response", "Verdict"), "_core"
    ),
    **dict.fromkeys(("Bulk", "Outcome", "Run"), "runs"),
    "policy": "policy",
    **dict.fromkeys(
        (
            "Api",
            "Applied",
            "ApplyResult",
            "Deregistered",
            "Ensured",
            "Imported",
            "Listener",
            "Plan",
            "PlanChange",
            "PlanCounts",
            "PlanProblem",
            "Progress",
            "Registered",
            "Reply",
            "Service",
            "Source",
        ),
        "results",
    ),
    **dict.fromkeys(
        ("apis", "find_service", "plugin_check", "plugin_test", "services", "sources"),
        "catalogue",
    ),
    **dict.fromkeys(("REGISTERED", "secret_dir", "secret_env", "secret_file"), "policy"),
}

__all__ = [
    "Client",
    "Secret",
    "deny",
    "reply",
    "stop",
    "wait",
    *_errors.__all__,
    *(name for name in _LAZY if name != "policy"),
]


def __getattr__(name):
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = import_module("." + _LAZY[name], __name__)
    value = module if name == "policy" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*__all__, "policy", "__version__"})
