# SPDX-License-Identifier: MIT
import builtins

from .results import Applied, Imported

class Error(Exception):
    kind: str
    message: str
    status: int | None
    code: str | None
    retriable: bool
    retry_after: float | None
    account: str | None
    plugin: str | None
    instance: str | None
    tenant: str | None
    phase: str | None
    file: str | None
    line: int | None
    result: Applied | Imported | None
    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        code: str | None = None,
        retriable: bool = False,
        retry_after: float | None = None,
        account: str | None = None,
        plugin: str | None = None,
        instance: str | None = None,
        tenant: str | None = None,
        phase: str | None = None,
        file: str | None = None,
        line: int | None = None,
    ) -> None: ...
    @property
    def exit_status(self) -> int: ...

class ServiceError(Error): ...
class UsageError(Error, ValueError): ...
class PolicyError(Error): ...
class PluginError(Error): ...
class DeniedError(PluginError): ...
class AuthError(Error): ...
class LatchedError(AuthError): ...
class NetworkError(Error): ...
class TimeoutError(NetworkError, builtins.TimeoutError): ...
class TLSError(NetworkError): ...
class ProtocolError(NetworkError): ...
class DriftError(Error): ...

class PartialError(Error):
    @property
    def applied(self) -> Applied: ...
    @property
    def imported(self) -> Imported: ...

class RefusedError(Error): ...
class LocalError(Error): ...
class InternalError(Error): ...
class CancelledError(Error): ...

__all__ = [
    "Error",
    "ServiceError",
    "UsageError",
    "PolicyError",
    "PluginError",
    "DeniedError",
    "AuthError",
    "LatchedError",
    "NetworkError",
    "TimeoutError",
    "TLSError",
    "ProtocolError",
    "DriftError",
    "PartialError",
    "RefusedError",
    "LocalError",
    "InternalError",
    "CancelledError",
]
