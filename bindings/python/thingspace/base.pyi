# SPDX-License-Identifier: MIT
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeAlias, TypeVar, overload

from ._core import Call, Event, Failure, Request, Response, Secret, Verdict

_Path: TypeAlias = str | os.PathLike[str]
_OnError: TypeAlias = Literal["fail", "skip", "quarantine"]
_LogLevel: TypeAlias = Literal["error", "warning", "info", "debug"]

_RequestHook = TypeVar("_RequestHook", bound=Callable[[Call, Request], Verdict | None])
_ResponseHook = TypeVar("_ResponseHook", bound=Callable[[Call, Response], Verdict | None])
_ErrorHook = TypeVar("_ErrorHook", bound=Callable[[Call, Failure], Verdict | None])
_AuditHook = TypeVar("_AuditHook", bound=Callable[[Event], Verdict | None])

class Base:
    def __init__(
        self,
        policy: _Path | Mapping[str, Any] | object | None = None,
        *,
        policy_text: str | None = None,
        policy_name: str | None = None,
        policy_folder: _Path | None = None,
        secrets: Mapping[str, Secret] | None = None,
        ask: Callable[[str], Secret] | None = None,
        state_dir: _Path | None = None,
        ca_file: _Path | None = None,
        proxy: str | None = None,
        timeout: float | None = None,
        settings: Mapping[str, str | int | float] | None = None,
        plugins: Iterable[_Path | tuple[_Path, Mapping[str, Any]]] | None = None,
        plugin_path: _Path | Iterable[_Path] | None = None,
        reason: str | None = None,
        token_cache: bool = True,
        log_level: _LogLevel | None = None,
    ) -> None: ...
    def close(self) -> None: ...
    @property
    def closed(self) -> bool: ...
    @property
    def pending(self) -> int: ...
    def interrupt(self) -> None: ...
    def resume(self) -> None: ...
    def reload(self) -> None: ...
    @overload
    def hook(
        self,
        phase: Literal["request", "check"],
        *,
        priority: int = 5000,
        on_error: _OnError = "fail",
        required: bool = False,
        name: str | None = None,
    ) -> Callable[[_RequestHook], _RequestHook]: ...
    @overload
    def hook(
        self,
        phase: Literal["response"],
        *,
        priority: int = 5000,
        on_error: _OnError = "fail",
        required: bool = False,
        name: str | None = None,
    ) -> Callable[[_ResponseHook], _ResponseHook]: ...
    @overload
    def hook(
        self,
        phase: Literal["error"],
        *,
        priority: int = 5000,
        on_error: _OnError = "fail",
        required: bool = False,
        name: str | None = None,
    ) -> Callable[[_ErrorHook], _ErrorHook]: ...
    @overload
    def hook(
        self,
        phase: Literal["audit"],
        *,
        priority: int = 5000,
        on_error: _OnError = "fail",
        required: bool = False,
        name: str | None = None,
    ) -> Callable[[_AuditHook], _AuditHook]: ...
    def add_hook(
        self,
        phase: Literal["request", "check", "response", "error", "audit"],
        function: Callable[..., Verdict | None],
        *,
        priority: int = 5000,
        on_error: _OnError = "fail",
        required: bool = False,
        name: str | None = None,
    ) -> str: ...
    def remove_hook(self, name: str) -> None: ...
    def plugin_list(self) -> dict[str, Any]: ...
    @property
    def accounts(self) -> list[str]: ...
    def row(self, account: str) -> dict[str, Any] | None: ...
    def policy_eval(self, account: str) -> dict[str, Any]: ...
    def policy_check(self) -> dict[str, Any]: ...
    def policy_diff(self, old: Base) -> dict[str, Any]: ...
