# SPDX-License-Identifier: MIT
import builtins
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Literal, TypeAlias

from ._core import Secret
from .auth import Auth
from .base import Base, _Path
from .results import (
    Applied,
    ApplyResult,
    Deregistered,
    Ensured,
    Imported,
    Listener,
    Plan,
    Progress,
    Registered,
    Reply,
)

_Texts: TypeAlias = str | Iterable[str]
_Tags: TypeAlias = str | Iterable[str] | Mapping[str, str | Literal[True]]
_Operation: TypeAlias = Literal["register", "list", "deregister", "call"]

class Client(Base):
    def __enter__(self) -> Client: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None: ...
    def register(
        self,
        account: str,
        service: str,
        url: str,
        *,
        username: str | None = None,
        password: Secret | None = None,
        api: str | None = None,
        timeout: float | None = None,
    ) -> Registered: ...
    def ensure(
        self,
        account: str,
        service: str,
        url: str,
        *,
        username: str | None = None,
        password: Secret | None = None,
        api: str | None = None,
        timeout: float | None = None,
        replace: bool = False,
    ) -> Ensured: ...
    def list(
        self, account: str, *, api: str | None = None, timeout: float | None = None
    ) -> builtins.list[Listener]: ...
    def deregister(
        self, account: str, service: str, *, api: str | None = None, timeout: float | None = None
    ) -> Deregistered: ...
    def call(
        self,
        account: str,
        method: str,
        path: str,
        data: Any = None,
        *,
        api: str | None = None,
        timeout: float | None = None,
    ) -> Reply: ...
    def preview(
        self,
        operation: _Operation,
        account: str,
        service: str | None = None,
        url: str | None = None,
        *,
        username: str | None = None,
        password: Secret | None = None,
        method: str | None = None,
        path: str | None = None,
        data: Any = None,
        api: str | None = None,
        timeout: float | None = None,
    ) -> dict[str, Any]: ...
    def explain(
        self,
        operation: _Operation,
        account: str,
        service: str | None = None,
        url: str | None = None,
        *,
        username: str | None = None,
        password: Secret | None = None,
        method: str | None = None,
        path: str | None = None,
        data: Any = None,
        api: str | None = None,
        timeout: float | None = None,
    ) -> dict[str, Any]: ...
    def plan(
        self,
        accounts: _Texts | None = None,
        *,
        tags: _Tags | None = None,
        services: _Texts | None = None,
        cells: bool = False,
        progress: Callable[[Progress], object] | None = None,
    ) -> Plan: ...
    def load_plan(self, file: _Path) -> Plan: ...
    def check_plan(
        self,
        plan: Plan,
        *,
        prune: bool = False,
        take_over: bool = False,
        force: bool = False,
        expect: str | None = None,
    ) -> None: ...
    def apply(
        self,
        plan: Plan,
        *,
        prune: bool = False,
        take_over: bool = False,
        force: bool = False,
        expect: str | None = None,
        on_result: Callable[[ApplyResult], object] | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> Applied: ...
    def import_policy(
        self,
        accounts: _Texts | None = None,
        *,
        name: str | None = None,
        data_file: str | None = None,
        apis: _Texts | None = None,
        on_unread: Callable[[str, Exception], object] | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> Imported: ...
    @property
    def auth(self) -> Auth: ...
