# SPDX-License-Identifier: MIT
"""What calls answer: frozen data classes, with the members of the library's own texts."""

from __future__ import annotations

from dataclasses import dataclass, field

from ._core import Secret


@dataclass(frozen=True, slots=True)
class Listener:
    """One listener as the service lists it; what it omits is None. Never the password.

    account_name, service_name      whose, and of which callback service
    url             where callback messages go
    username        what the service sends along
    has_password    whether there is a password
    """

    account_name: str
    service_name: str
    url: str | None = None
    username: str | None = None
    has_password: bool = False


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration as the service confirmed it.

    account_name, service_name      as the service wrote them
    url             the listener's, as hooks left it
    signing_key     a key that the reply carried in a header, or None
    """

    account_name: str
    service_name: str
    url: str | None = None
    signing_key: Secret | None = None


@dataclass(frozen=True, slots=True)
class Ensured:
    """A listener that is registered now.

    how             what was done for it: "added", "unchanged", "updated" or "replaced"
    account_name, service_name, url     as they are registered
    """

    how: str
    account_name: str
    service_name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Deregistered:
    """A listener that is gone: its account_name and service_name."""

    account_name: str
    service_name: str


class Reply:
    """The answer to Client.call.

    status      the HTTP status
    body        bytes
    attempts    HTTP exchanges that were made
    """

    __slots__ = ("status", "body", "attempts", "_result")

    def __init__(self, result):
        self._result = result
        self.status = result.http_status
        self.body = result.body
        self.attempts = result.attempts

    def header(self, name):
        """The header field of that name, case ignored; None when absent."""
        return self._result.header(name)

    def text(self):
        """The body as text."""
        return self.body.decode("utf-8")

    def json(self):
        """The body as Python values; None when there is none. Digits are kept: see values.py."""
        from .values import read_json

        return read_json(self.text()) if self.body else None

    def __repr__(self):
        return f"Reply(status={self.status}, body={len(self.body)} bytes)"


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One listener that is not as declared.

    account_name, service_name      which
    action  "add", "change", "takeover", "remove" or "blocked"
    fields  name -> (from, to); of a password "***" or None
    api     of another API than connectivity its name
    note    of what is blocked: why the service refused it
    """

    account_name: str
    service_name: str
    action: str
    fields: dict[str, tuple[object, object]] = field(default_factory=dict)
    api: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PlanProblem:
    """An account that could not be read, or a listener that could not be decided.

    account_name    None when it is not one account that failed
    service_name    None when it is the whole account
    kind, message, code     as those of an Error
    cause           what a function of a policy raised, of a plan that this process made; else None
    """

    account_name: str | None
    service_name: str | None
    kind: str
    message: str
    code: str | None = None
    cause: Exception | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """Of listeners, but for the first two.

    accounts    chosen; a tenant whose script does not load counts as one
    unread      of them
    add         declared, not there
    change      there, not as declared
    takeover    the same, and it goes to a stranger's URL
    remove      ours, no longer declared
    blocked     not as declared, and the service refused to have it so at the last apply
    unchanged   as declared
    foreign     neither declared nor ours
    failed      declared, and cannot be decided: left as it is
    """

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
    """Desired state against what is registered; it changes nothing. See Client.plan.

    Its length is that of `changes`, which `for change in plan` walks through; it is true when there
    is something to change. What could not be read or decided is no change: see `problems`.

    id          32 hexadecimal digits, the same for the same changes of the same policy
    counts      PlanCounts
    changes     a list of PlanChange, sorted by account and service
    problems    a list of PlanProblem
    """

    __slots__ = ("_core", "_tree", "_raised", "id", "counts")

    def __init__(self, core, raised=None):
        self._core = core
        self._tree = None
        self._raised = raised or {}
        self.id = core.id
        self.counts = PlanCounts(*core.counts)

    def _members(self):
        if self._tree is None:
            self._tree = self.json()
        return self._tree

    def json(self):
        """All of it, as the command prints it."""
        from .values import read_json

        return read_json(self._core.json())

    def save(self, file):
        """Into a file that is replaced as a whole, mode 0600. LocalError."""
        import os

        self._core.save(os.fspath(file))

    @property
    def changes(self):
        """What is not as declared: a list of PlanChange, sorted by account and service."""
        return [
            PlanChange(
                row["accountName"],
                row["serviceName"],
                row["action"],
                {part["name"]: (part["from"], part["to"]) for part in row["fields"]},
                row.get("api"),
                row.get("note"),
            )
            for row in self._members()["changes"]
        ]

    @property
    def problems(self):
        """Accounts that could not be read and listeners that could not be decided: a list of
        PlanProblem."""
        return [
            PlanProblem(
                row.get("accountName"),
                row.get("serviceName"),
                row["kind"],
                row["message"],
                row.get("code"),
                self._cause(row),
            )
            for row in self._members()["errors"]
        ]

    def _cause(self, row):
        raised = self._raised.get(row.get("accountName"))
        return raised if raised is not None and row["kind"] == "policy" else None

    def __len__(self):
        return len(self._members()["changes"])

    def __iter__(self):
        return iter(self.changes)

    def __repr__(self):
        counts = self.counts
        return (
            f"<Plan {self.id[:8]}: {counts.add} add, {counts.change} change, "
            f"{counts.takeover} take over, {counts.remove} remove, {counts.blocked} blocked, "
            f"{counts.failed} failed; {counts.unread} of {counts.accounts} accounts unread>"
        )


@dataclass(frozen=True, slots=True)
class ApplyResult:
    """One change that is over.

    account_name, service_name, api     which; api None: connectivity
    action      "add", "change", "takeover", "remove"; "repair" is one of these that an earlier
                run began and could not end
    result      "done", "failed", or "skipped": it needs an option that was not given
    error       None for "done"; RefusedError of what was skipped
    unchanged   "done", since it was as planned already: nothing was sent for it
    """

    account_name: str
    service_name: str
    api: str | None
    action: str
    result: str
    error: Exception | None = None
    unchanged: bool = False


class Applied:
    """What an apply did: iterate for each ApplyResult, in the order in which they ended.

    results     a list of the same
    done        how many this apply did
    failed      how many could not be done
    skipped     how many need `prune` or `take_over`
    unchanged   how many were as planned already, so that nothing was sent; not in `done`
    """

    __slots__ = ("results", "done", "failed", "skipped", "unchanged")

    def __init__(self, results, done, failed, skipped, unchanged=0):
        self.results = results
        self.done = done
        self.failed = failed
        self.skipped = skipped
        self.unchanged = unchanged

    def __iter__(self):
        return iter(self.results)

    def __len__(self):
        return len(self.results)

    def __repr__(self):
        return (
            f"Applied(done={self.done}, failed={self.failed}, skipped={self.skipped}, "
            f"unchanged={self.unchanged})"
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something is: `done` of `total`, and `failed` among the done; of a plan or an import
    accounts, of an apply changes."""

    done: int
    total: int
    failed: int


@dataclass(frozen=True, slots=True)
class Imported:
    """A policy in Lua that declares what is registered.

    script      its text
    accounts, listeners, credentials    how many are in it
    data        the CSV text of its listeners, when they are too many for a script; else None
    unread      account name -> exception, of accounts that are not in it
    skipped     (account, service, api, why), of listeners that no policy can declare
    """

    script: str
    data: str | None
    accounts: int
    listeners: int
    credentials: int
    unread: dict[str, Exception]
    skipped: list[tuple[str, str, str | None, str]]


@dataclass(frozen=True, slots=True)
class Service:
    """A callback service of the catalogue.

    name            as register() takes it
    delivers        what its messages tell
    seed            whether it is on the service's page on registering
    where           what shows that the name exists
    note            what would surprise, or ""
    after_register  what has to be done for messages to come; None: nothing
    """

    name: str
    delivers: str
    seed: bool
    where: str
    note: str
    after_register: str | None


@dataclass(frozen=True, slots=True)
class Api:
    """An API that callbacks are registered with.

    name        as `api` is given
    path        below the endpoint
    services    the callback services that are known of it
    """

    name: str
    path: str
    services: list[str]


@dataclass(frozen=True, slots=True)
class Source:
    """An address that callback messages come from.

    api         the API that sends from it
    address     IPv4 in dotted form
    note        which published list has it, and whether it was seen in use
    """

    api: str
    address: str
    note: str
