# SPDX-License-Identifier: MIT
"""What can go wrong: one class for each kind of the library, and how hooks' own failures read."""

from __future__ import annotations


# How the library's advice, which is for the command, reads in Python: shown by str(error), while
# `message` stays as it is in every language.
_UNLATCH = ("run `thingspace auth unlatch`", "call client.auth.unlatch()")
_WORDS = {
    "refused": (
        ("--take-over", "take_over=True"),
        ("--prune", "prune=True"),
        ("--force", "force=True"),
    ),
    "partial": (("--take-over", "take_over=True"), ("--prune", "prune=True")),
    "latched": (_UNLATCH,),
    "auth": (_UNLATCH,),
    "timeout": (("--timeout gives", "timeout= gives"),),
    "tls": (("--ca-file", "ca_file="),),
    "usage": (("write one with `thingspace plan --out FILE`", "write one with Plan.save()"),),
}


class Error(Exception):
    """A call that failed.

    kind            "service", "usage", "denied", ...: what decides the command's exit status
    message         one line: what was wrong and what to do
    status          the HTTP status that decided, or None
    code            the service's or the denying hook's code, or None
    retriable       True: the same call may succeed later without a change
    retry_after     seconds that the service asked to wait, or None
    account         the account concerned, or None
    plugin, instance, phase     of a failed hook, or None
    tenant          whose the instance is; None: the operator's
    file, line      the script or file concerned, or None
    result          the Applied or the Imported of what did not do all; or None
    """

    kind = "internal"
    result = None

    def __init__(
        self,
        message="",
        *,
        status=None,
        code=None,
        retriable=False,
        retry_after=None,
        account=None,
        plugin=None,
        instance=None,
        tenant=None,
        phase=None,
        file=None,
        line=None,
    ):
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.retriable = retriable
        self.retry_after = retry_after
        self.account = account
        self.plugin = plugin
        self.instance = instance
        self.tenant = tenant
        self.phase = phase
        self.file = file
        self.line = line

    @property
    def exit_status(self):
        """The exit status that the command gives for this kind."""
        from . import _core

        return _core.status_exit(self.kind)

    def __str__(self):
        said = self.message
        for command, python in _WORDS.get(self.kind, ()):
            said = said.replace(command, python)
        return f"{said} [{self.code}]" if self.code and self.code not in said else said

    def __reduce__(self):
        return _restore, (type(self), self.message, dict(self.__dict__))


def _restore(kind, message, members):
    error = kind(message)
    error.__dict__.update(members)
    return error


class ServiceError(Error):
    """The service said no: its words are in `message`, its code in `code`."""

    kind = "service"


class UsageError(Error, ValueError):
    """A wrong value, something that cannot be sent, or a client used in a way that it cannot be.
    The builtin ValueError, too."""

    kind = "usage"


class PolicyError(Error):
    """The policy failed, or nobody declared the account."""

    kind = "policy"


class PluginError(Error):
    """A hook failed or ran into a limit; its exception is the cause."""

    kind = "plugin"


class DeniedError(PluginError):
    """A hook denied the call."""

    kind = "denied"


class AuthError(Error):
    """A credential is missing or was refused."""

    kind = "auth"


class LatchedError(AuthError):
    """No login is sent: too many have failed. See Client.auth.unlatch."""

    kind = "latched"


class NetworkError(Error):
    """No usable connection."""

    kind = "network"


class TimeoutError(NetworkError, TimeoutError):  # also the builtin one
    """No answer in time."""

    kind = "timeout"


class TLSError(NetworkError):
    """The peer could not be verified."""

    kind = "tls"


class ProtocolError(NetworkError):
    """An answer that cannot be read."""

    kind = "protocol"


class DriftError(Error):
    """What is registered differs from what is declared."""

    kind = "drift"


class PartialError(Error):
    """Some failed, others are done.

        try:
            client.apply(plan)
        except thingspace.PartialError as error:
            for change in error.applied:
                print(change.account_name, change.result, change.error)
    """

    kind = "partial"

    @property
    def applied(self):
        """What an apply did: an Applied."""
        return self._result_of("Applied", "an apply")

    @property
    def imported(self):
        """What an import read: an Imported."""
        return self._result_of("Imported", "an import")

    def _result_of(self, name, what):
        if type(self.result).__name__ != name:
            raise AttributeError(f"this is not the error of {what}: see result")
        return self.result


class RefusedError(Error):
    """Refused for safety; an option overrides it."""

    kind = "refused"


class LocalError(Error):
    """The state directory, a file or the output is unusable."""

    kind = "local"


class InternalError(Error):
    """A fault of the library: please report it."""

    kind = "internal"


class CancelledError(Error):
    """Interrupted, or the client was closed."""

    kind = "cancelled"


KINDS = {
    kind.kind: kind
    for kind in (
        ServiceError,
        UsageError,
        PolicyError,
        PluginError,
        DeniedError,
        AuthError,
        LatchedError,
        NetworkError,
        TimeoutError,
        TLSError,
        ProtocolError,
        DriftError,
        PartialError,
        RefusedError,
        LocalError,
        InternalError,
        CancelledError,
    )
}


def make(
    kind,
    message,
    status,
    code,
    retriable,
    retry_after_ms,
    account,
    plugin,
    instance,
    tenant,
    phase,
    file,
    line,
    cause,
):
    """The exception for a failure of the library; called by _core."""
    if kind == "memory":
        return MemoryError(message)
    error = KINDS.get(kind, InternalError)(
        message,
        status=status or None,
        code=code or None,
        retriable=bool(retriable),
        retry_after=retry_after_ms / 1000 if retry_after_ms else None,
        account=account or None,
        plugin=plugin or None,
        instance=instance or None,
        tenant=tenant or None,
        phase=phase or None,
        file=file or None,
        line=line or None,
    )
    if cause is not None and describe(cause)[:200] in message:
        error.__cause__ = cause
        if not file:
            error.file, error.line = place_of(cause)
    return error


def place_of(exception):
    """File and line where it was raised; (None, None) when nobody knows."""
    trace = exception.__traceback__
    if trace is None:
        return None, None
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_filename, trace.tb_lineno


def _short(file):
    return file.rpartition("/")[2]


def describe(exception):
    """One line: "ValueError: no (app.py:12)"."""
    try:
        text = str.__str__(str(exception))  # a str, also when it was a class of the program's
    except Exception:
        text = "no text"
    file, line = place_of(exception)
    name = type(exception).__name__
    said = f"{name}: {text}" if text else name
    return f"{said[:300]} ({_short(file)}:{line})" if file else said[:300]


def describe_return(function, value):
    """The same for what a hook returned and must not."""
    if value is None:
        said = "a verdict was made and not returned"
    else:
        said = (
            f"a hook returns None, thingspace.deny(), reply(), stop() or wait(), "
            f"not {type(value).__name__}"
        )
    code = getattr(function, "__code__", None)
    name = getattr(function, "__name__", "the hook")
    place = f" ({_short(code.co_filename)}:{code.co_firstlineno})" if code else ""
    return f"{name}: {said}{place}"


__all__ = ["Error", *(kind.__name__ for kind in KINDS.values())]
