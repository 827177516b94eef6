# SPDX-License-Identifier: MIT
import builtins
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Literal, TypeAlias, overload

from ._core import Secret
from .base import Base, _Path
from .client import _Operation, _Tags, _Texts
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
from .runs import Bulk as Bulk
from .runs import Outcome as Outcome
from .runs import Run as Run

_Row: TypeAlias = (
    tuple[str, str, str]
    | tuple[str, str, str, str | None]
    | tuple[str, str, str, str | None, Secret | None]
)

class AsyncAuth:
    async def login(self, credential: str | None = None) -> None: ...
    async def logout(self, credential: str | None = None, *, revoke: bool = False) -> None: ...
    async def status(self, credential: str | None = None) -> list[dict[str, Any]]: ...
    async def unlatch(self, credential: str | None = None) -> int: ...

class AsyncClient(Base):
    async def __aenter__(self) -> AsyncClient: ...
    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None: ...
    async def aclose(self) -> None: ...
    async def register(
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
    async def ensure(
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
    async def list(
        self, account: str, *, api: str | None = None, timeout: float | None = None
    ) -> builtins.list[Listener]: ...
    async def deregister(
        self, account: str, service: str, *, api: str | None = None, timeout: float | None = None
    ) -> Deregistered: ...
    async def call(
        self,
        account: str,
        method: str,
        path: str,
        data: Any = None,
        *,
        api: str | None = None,
        timeout: float | None = None,
    ) -> Reply: ...
    def register_many(
        self,
        rows: Iterable[_Row],
        *,
        api: str | None = None,
        timeout: float | None = None,
        in_flight: int = 1000,
    ) -> Bulk: ...
    def list_many(
        self,
        accounts: Iterable[str],
        *,
        api: str | None = None,
        timeout: float | None = None,
        in_flight: int = 1000,
    ) -> Bulk: ...
    def deregister_many(
        self,
        rows: Iterable[tuple[str, str]],
        *,
        api: str | None = None,
        timeout: float | None = None,
        in_flight: int = 1000,
    ) -> Bulk: ...
    async def preview(
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
    async def explain(
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
    ) -> Run[Progress, Plan]: ...
    async def load_plan(self, file: _Path) -> Plan: ...
    def check_plan(
        self,
        plan: Plan,
        *,
        prune: bool = False,
        take_over: bool = False,
        force: bool = False,
        expect: str | None = None,
    ) -> None: ...
    @overload
    def apply(
        self,
        plan: Plan,
        *,
        prune: bool = False,
        take_over: bool = False,
        force: bool = False,
        expect: str | None = None,
        progress: Literal[False] = False,
    ) -> Run[ApplyResult, Applied]: ...
    @overload
    def apply(
        self,
        plan: Plan,
        *,
        prune: bool = False,
        take_over: bool = False,
        force: bool = False,
        expect: str | None = None,
        progress: Literal[True],
    ) -> Run[Progress, Applied]: ...
    def import_policy(
        self,
        accounts: _Texts | None = None,
        *,
        name: str | None = None,
        data_file: str | None = None,
        apis: _Texts | None = None,
    ) -> Run[Progress, Imported]: ...
    @property
    def auth(self) -> AsyncAuth: ...
