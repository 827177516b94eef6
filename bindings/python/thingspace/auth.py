# SPDX-License-Identifier: MIT
"""Tokens and the lock-out latch, as `thingspace auth`. A credential is one that the policy
declares; None is every one in use."""

from __future__ import annotations


class Auth:
    """Client.auth."""

    __slots__ = ("_core",)

    def __init__(self, core):
        self._core = core

    def login(self, credential=None):
        """Makes sure that there are tokens. AuthError, LatchedError, LocalError, NetworkError."""
        self._core.auth_login(credential)

    def logout(self, credential=None, *, revoke=False):
        """Ends the session at the service. `revoke` ends the bearer too, which breaks every
        process that shares the key."""
        self._core.auth_logout(credential, revoke)

    def status(self, credential=None):
        """A list of dicts: "credential", "bearer", "session", "failed", "latched", ...
        No network."""
        from .values import read_json

        return read_json(self._core.auth_status(credential))

    def unlatch(self, credential=None):
        """Empties the latch; answers how many failed logins it had counted."""
        return self._core.auth_unlatch(credential)
