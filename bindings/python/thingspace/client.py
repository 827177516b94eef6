# SPDX-License-Identifier: MIT
"""Client: blocking calls, one at a time, from whichever thread has it."""

from __future__ import annotations

from . import options as _options
from .base import Base

_DRY_RUN = 1
_REPLACE = 2
_PLAN_CELLS = 1
_PRUNE, _TAKE_OVER, _FORCE = 1, 2, 4


_loaded = None  # results.py; an import statement in each call would cost as much as the call


def _results():
    global _loaded
    if _loaded is None:
        from . import results as _loaded
    return _loaded


def _texts(value):
    """A list of texts from one text or several; None stays None."""
    if value is None:
        return None
    return [value] if isinstance(value, str) else list(value)


def _tags(value):
    if value is None or isinstance(value, (str, list, tuple)):
        return _texts(value)
    return [name if wanted is True else f"{name}={wanted}" for name, wanted in value.items()]


def _body(data):
    """Texts and bytes are sent as they are, everything else as JSON."""
    if data is None or isinstance(data, (str, bytes)):
        return data
    from .values import write_json

    text, secrets = write_json(data)
    if secrets:
        raise TypeError("a secret cannot be in the data of a call; a hook can put it there")
    return text


def _function(given, name):
    if given is not None and not callable(given):
        raise TypeError(f"{name} must be a function, not {type(given).__name__}")


def _progress(function):
    _function(function, "progress")
    if function is None:
        return None
    from .results import Progress

    return lambda done, total, failed: function(Progress(done, total, failed))


class Client(Base):
    """A client of one policy: blocking calls. One thread at a time; another one meanwhile gets
    UsageError. A context manager, which closes it.

    policy          a file; or an object or dict, see thingspace.policy. None: as the command
                    finds it, THINGSPACE_POLICY or the environment's credential first
    policy_text     Lua text in place of a file; `policy_name` names it in messages, and
                    `policy_folder` is where it finds its files
    secrets         name -> Secret, for thingspace.secret.named(name) in the policy
    ask             function(part) -> Secret, when the environment's credential lacks "key",
                    "secret", "username" or "password"
    state_dir       where tokens and the latch are; None: as the command
    ca_file, proxy  certificate authorities (PEM); the proxy, which the environment does not set
    timeout         seconds, of one call with all its attempts; None: the policy's, else 30
    settings        name -> value, for thingspace.settings
    plugins         files, or (file, options), granted what they declare
    plugin_path     folders
    reason          why changes are made, for audit hooks
    token_cache     False keeps tokens out of the state directory
    log_level       "error", "warning", "info" or "debug": what is told to the logger "thingspace",
                    which may let through less; None: what it lets through when the client is made

    Raises PolicyError, PluginError, UsageError, AuthError, LocalError, TypeError.
    """

    def __enter__(self):
        self._check_open()
        return self

    def __exit__(self, *exception):
        self.close()

    # --- listeners ---

    def register(
        self, account, service, url, *, username=None, password=None, api=None, timeout=None
    ):
        """Registers a listener: sends one request, without looking at what is there. Returns a
        Registered.

        account     the billing account's name
        service     the callback service's name: "CarrierService", ..., see services()
        url         where callback messages go: http or https
        username, password      what the service sends along; a str and a Secret, or None
        api         another API than "connectivity", see apis()
        timeout     seconds, with all attempts; None: the client's

        Raises any Error.
        """
        result = self._core.perform(
            "register", account, service, url, username, password, None, None, None,
            _options.milliseconds(timeout), api,
        )
        return _results().Registered(result.account, result.service, result.url, result.signing_key)

    def ensure(
        self,
        account,
        service,
        url,
        *,
        username=None,
        password=None,
        api=None,
        timeout=None,
        replace=False,
    ):
        """Makes sure that a listener is registered: reads what is there, and sends what is missing.
        Returns an Ensured.

        replace     take over a service that goes to another URL

        All else is as in register(). Raises RefusedError for another URL without `replace`, and any
        other Error.
        """
        how, result = self._core.ensure(
            "register", account, service, url, username, password, None, None, None,
            _options.milliseconds(timeout), api, _REPLACE if replace else 0,
        )
        return _results().Ensured(how, result.account or account, result.service or service, result.url)

    def list(self, account, *, api=None, timeout=None):
        """The listeners of an account. Returns a list of Listener, empty when there is none. Raises
        any Error."""
        result = self._core.perform(
            "list", account, None, None, None, None, None, None, None,
            _options.milliseconds(timeout), api,
        )
        listener = _results().Listener
        return [listener(*row) for row in result.listeners]

    def deregister(self, account, service, *, api=None, timeout=None):
        """Removes one listener. Returns a Deregistered. Raises ServiceError for what is not there,
        mostly, and any other Error."""
        result = self._core.perform(
            "deregister", account, service, None, None, None, None, None, None,
            _options.milliseconds(timeout), api,
        )
        return _results().Deregistered(result.account, result.service)

    def call(self, account, method, path, data=None, *, api=None, timeout=None):
        """Does any other operation of the API. Returns a Reply.

        method      "GET", "POST", ...; only a GET is ever repeated
        path        begins with "/", is appended to the API's base, and {account} in it expands
        data        str or bytes are sent as they are; everything else as JSON; None: no body

        Raises any Error, TypeError for data that is no JSON.
        """
        result = self._core.perform(
            "call", account, None, None, None, None, method, path, _body(data),
            _options.milliseconds(timeout), api,
        )
        return _results().Reply(result)

    # --- trying ---

    def preview(
        self,
        operation,
        account,
        service=None,
        url=None,
        *,
        username=None,
        password=None,
        method=None,
        path=None,
        data=None,
        api=None,
        timeout=None,
    ):
        """What would be sent, as a dict with "method", "url", "headers" and "body"; secrets are ***.
        Hooks of request and check run; nothing is sent.

        operation   "register", "list", "deregister" or "call"; what else it needs is named as in
                    the method of that name

        Raises DeniedError, PluginError, PolicyError, UsageError.
        """
        from .values import read_json

        result = self._core.perform(
            operation, account, service, url, username, password, method, path, _body(data),
            _options.milliseconds(timeout), api, _DRY_RUN,
        )  # fmt: skip
        return read_json(result.preview)

    def explain(
        self,
        operation,
        account,
        service=None,
        url=None,
        *,
        username=None,
        password=None,
        method=None,
        path=None,
        data=None,
        api=None,
        timeout=None,
    ):
        """What each hook would do with a call, which is not sent: a dict as that of preview(), with
        "hooks", a list of what each changed and decided. That one denies is an answer, too, and then
        in "error". Arguments are those of preview(). Raises PolicyError, UsageError."""
        from .values import read_json

        return read_json(
            self._core.plugin_explain(
                operation, account, service, url, username, password, method, path, _body(data),
                _options.milliseconds(timeout), api, _DRY_RUN,
            )  # fmt: skip
        )

    # --- desired state ---

    def plan(self, accounts=None, *, tags=None, services=None, cells=False, progress=None):
        """Compares what the policy declares with what is registered; changes nothing. Returns a Plan.

        accounts, services  names or patterns with *; None: all
        tags                name -> value, which all must hold; True: any value
        cells               keep what is as declared, and what is foreign, in the plan too
        progress            function(Progress), once for each account

        Accounts that cannot be read are problems of the plan, and raise nothing. Raises UsageError
        for a pattern that matches nothing, PolicyError, LocalError, CancelledError.
        """
        from .results import Plan

        raised = self._raised
        if raised is not None:
            raised.begin()
        try:
            made = self._core.plan(
                _texts(accounts),
                _tags(tags),
                _texts(services),
                _progress(progress),
                _PLAN_CELLS if cells else 0,
            )
        finally:
            causes = None if raised is None else raised.end()
        return Plan(made, causes)

    def load_plan(self, file):
        """A plan that Plan.save() wrote, of this policy. Returns a Plan. Raises LocalError, UsageError
        for what is no plan, RefusedError when the policy has changed since."""
        import os

        from .results import Plan

        return Plan(self._core.load_plan(os.fspath(file)))

    def check_plan(self, plan, *, prune=False, take_over=False, force=False, expect=None):
        """Raises the RefusedError of an apply that would be refused whatever is registered: too many
        changes without `force`, takeovers alone without `take_over`, another id."""
        _core_of(plan).check(_apply_flags(prune, take_over, force), expect)

    def apply(
        self,
        plan,
        *,
        prune=False,
        take_over=False,
        force=False,
        expect=None,
        on_result=None,
        progress=None,
    ):
        """Does what the plan says and nothing else. Returns an Applied, to iterate over.

        prune       remove what is ours and no longer declared; without it removals are skipped,
                    which raises nothing
        take_over   move declared services that go to a stranger's URL; without it they are skipped
        force       change more than 30 % of 10 or more of our listeners
        expect      the plan's id
        on_result   function(ApplyResult), as each change ends
        progress    function(Progress)

        Raises PartialError when something is done and something else is not: a change failed, a
        takeover was skipped, or the plan has accounts that were not read or listeners that were not
        decided. When all changes failed it is the error of the first. In both cases `result` of
        the error is the Applied (PartialError has it as `applied`, too). RefusedError, before
        anything is changed: takeovers alone without `take_over`, too many changes without `force`,
        another id than `expect`, a saved plan that is stale, another run at work. CancelledError
        when interrupted, LocalError, NetworkError.
        """
        from .results import Applied, ApplyResult

        _function(on_result, "on_result")
        results = []

        def note(*row):
            results.append(ApplyResult(*row))
            if on_result is not None:
                on_result(results[-1])

        done, failed, skipped, unchanged, failure = self._core.apply(
            _core_of(plan),
            _apply_flags(prune, take_over, force),
            expect,
            note,
            _progress(progress),
        )
        applied = Applied(results, done, failed, skipped, unchanged)
        if failure is not None:
            failure.result = applied
            raise failure
        return applied

    def import_policy(
        self,
        accounts=None,
        *,
        name=None,
        data_file=None,
        apis=None,
        on_unread=None,
        progress=None,
    ):
        """A policy in Lua that declares what is registered now. Returns an Imported.

        accounts    names; None: those that the policy declares
        data_file   how the script names its table of listeners, when there are many
        apis        beside connectivity
        on_unread   function(account, exception)

        Raises PartialError when some accounts were left out: its `imported` is the Imported.
        """
        from .results import Imported

        _function(on_unread, "on_unread")
        unread, skipped = {}, []

        def note_unread(account, error):
            unread[account] = error
            if on_unread is not None:
                on_unread(account, error)

        def note_skipped(*row):
            skipped.append(row)

        script, data, count, listeners, credentials, _, _, failure = self._core.import_(
            _texts(accounts),
            name,
            data_file,
            _texts(apis),
            note_unread,
            note_skipped,
            _progress(progress),
        )
        imported = Imported(script, data, count, listeners, credentials, unread, skipped)
        if failure is not None:
            failure.result = imported
            raise failure
        return imported

    # --- tokens and the latch ---

    @property
    def auth(self):
        """Tokens and the lock-out latch: login(), logout(), status() and unlatch(). An Auth."""
        if self._auth is None:
            from .auth import Auth

            self._auth = Auth(self._core, self._given)
        return self._auth


def _core_of(plan):
    from .results import Plan

    if not isinstance(plan, Plan):
        hint = "; load_plan() reads a file" if isinstance(plan, str) else ""
        raise TypeError(f"a plan is what plan() or load_plan() made, not {type(plan).__name__}{hint}")
    return plan._core


def _apply_flags(prune, take_over, force):
    return (_PRUNE if prune else 0) | (_TAKE_OVER if take_over else 0) | (_FORCE if force else 0)
