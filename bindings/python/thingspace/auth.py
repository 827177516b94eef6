# SPDX-License-Identifier: MIT
"""Tokens and the lock-out latch, as `thingspace auth`. A credential is one that the policy
declares; None is every one in use."""

from __future__ import annotations


class Auth:
    """Tokens and the lock-out latch of a client: its `auth`. A credential is the name of one that the
    policy declares; None is every one in use."""

    __slots__ = ("_core", "_given")

    def __init__(self, core, given):
        self._core = core
        self._given = given

    def __repr__(self):
        return f"<Auth {self._given}>"

    def login(self, credential=None):
        """Makes sure that there are tokens. Raises AuthError, LatchedError, LocalError,
        NetworkError."""
        self._core.auth_login(credential)

    def logout(self, credential=None, *, revoke=False):
        """Ends the session at the service. `revoke` ends the bearer too, which breaks every
        process that shares the key."""
        self._core.auth_logout(credential, revoke)

    def status(self, credential=None):
        """How things stand, without asking the service: a list of dicts with "credential", "bearer",
        "session", "failed", "latched" and more. Raises UsageError for an unknown credential."""
        from .values import read_json

        return read_json(self._core.auth_status(credential))

    def unlatch(self, credential=None):
        """Lets logins be sent again after too many have failed: make sure of the password first.
        Returns how many had failed. Raises LocalError."""
        return self._core.auth_unlatch(credential)
