# SPDX-License-Identifier: MIT
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ._core import Secret

@dataclass(frozen=True, slots=True)
class Listener:
    account_name: str
    service_name: str
    url: str | None = None
    username: str | None = None
    has_password: bool = False

@dataclass(frozen=True, slots=True)
class Registered:
    account_name: str
    service_name: str
    url: str | None = None
    signing_key: Secret | None = None

@dataclass(frozen=True, slots=True)
class Ensured:
    how: Literal["added", "unchanged", "updated", "replaced"]
    account_name: str
    service_name: str
    url: str | None = None

@dataclass(frozen=True, slots=True)
class Deregistered:
    account_name: str
    service_name: str

class Reply:
    status: int
    body: bytes
    attempts: int
    def header(self, name: str) -> str | None: ...
    def text(self) -> str: ...
    def json(self) -> Any: ...

@dataclass(frozen=True, slots=True)
class PlanChange:
    account_name: str
    service_name: str
    action: Literal["add", "change", "takeover", "remove", "blocked"]
    fields: dict[str, tuple[Any, Any]] = ...
    api: str | None = None
    note: str | None = None

@dataclass(frozen=True, slots=True)
class PlanProblem:
    account_name: str | None
    service_name: str | None
    kind: str
    message: str
    code: str | None = None
    cause: Exception | None = ...

@dataclass(frozen=True, slots=True)
class PlanCounts:
    accounts: int
    unread: int
    add: int
    change: int
    takeover: int
    remove: int
    blocked: int
    unchanged: int
    foreign: int
    failed: int

class Plan:
    id: str
    counts: PlanCounts
    @property
    def changes(self) -> list[PlanChange]: ...
    @property
    def problems(self) -> list[PlanProblem]: ...
    def json(self) -> dict[str, Any]: ...
    def save(self, file: str | os.PathLike[str]) -> None: ...
    def __iter__(self) -> Iterator[PlanChange]: ...
    def __len__(self) -> int: ...

@dataclass(frozen=True, slots=True)
class ApplyResult:
    account_name: str
    service_name: str
    api: str | None
    action: Literal["add", "change", "takeover", "remove", "repair"]
    result: Literal["done", "failed", "skipped"]
    error: Exception | None = None
    unchanged: bool = False

class Applied:
    results: list[ApplyResult]
    done: int
    failed: int
    skipped: int
    unchanged: int
    def __iter__(self) -> Iterator[ApplyResult]: ...
    def __len__(self) -> int: ...

@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    total: int
    failed: int

@dataclass(frozen=True, slots=True)
class Imported:
    script: str
    data: str | None
    accounts: int
    listeners: int
    credentials: int
    unread: dict[str, Exception]
    skipped: list[tuple[str, str, str | None, str]]

@dataclass(frozen=True, slots=True)
class Service:
    name: str
    delivers: str
    seed: bool
    where: str
    note: str
    after_register: str | None

@dataclass(frozen=True, slots=True)
class Api:
    name: str
    path: str
    services: list[str]

@dataclass(frozen=True, slots=True)
class Source:
    api: str
    address: str
    note: str
