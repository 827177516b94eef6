# SPDX-License-Identifier: MIT
"""What every client is, however it waits: its options, its life, its hooks and its policy."""

from __future__ import annotations

from _warnings import warn as _warn

from . import _core
from . import options as _options
from .errors import UsageError as _UsageError


def suggesting(function):
    """The function, which tells the nearest keyword of an unknown one."""
    known = ("policy", *function.__kwdefaults__)

    def checked(self, *args, **given):
        for name in given:
            if name not in known:
                raise TypeError(
                    f"{type(self).__name__} has no option {name!r}{_options.nearest(name, known)}"
                )
        return function(self, *args, **given)

    checked.__wrapped__ = function
    checked.__doc__ = function.__doc__
    checked.__name__, checked.__qualname__ = function.__name__, function.__qualname__
    return checked


def _given(policy, text):
    """What a client was made with, for people. No text of a policy: it may hold anything."""
    if policy is not None:
        if isinstance(policy, str) or hasattr(policy, "__fspath__"):
            return f"policy={str(policy)!r}"
        named = policy if isinstance(policy, type) else type(policy)
        return f"policy={'dict' if isinstance(policy, dict) else named.__name__}"
    return "of the environment" if text is None else "policy_text"


class Base:
    """What a client is, however it waits."""

    @suggesting
    def __init__(
        self,
        policy=None,
        *,
        policy_text=None,
        policy_name=None,
        policy_folder=None,
        secrets=None,
        ask=None,
        state_dir=None,
        ca_file=None,
        proxy=None,
        timeout=None,
        settings=None,
        plugins=None,
        plugin_path=None,
        reason=None,
        token_cache=True,
        log_level=None,
    ):
        given = locals()
        del given["self"], given["policy"]
        self._hooks = None
        self._auth = None
        self._core = None
        self._folder = None
        self._given = _given(policy, policy_text)
        self._prepare(policy, given)
        options = _options.make(policy, foreign_loop=self._FOREIGN_LOOP, **given)
        self._raised = options.pop("raised", None)
        self._folder = options.pop("temporary_folder", None)
        try:
            self._core = _core.Core(options)
        except BaseException:
            self.close()
            raise

    _FOREIGN_LOOP = False

    def _prepare(self, policy, given):
        """Before the client is made."""

    # --- life ---

    def close(self):
        """Ends calls in flight with CancelledError. Inside a callback: when that call is over."""
        if self._core is not None:
            self._core.close()
        if self._folder is not None:
            self._folder.cleanup()

    def __del__(self):
        if getattr(self, "_core", None) is None or self._core.closed:
            return
        try:
            _warn(f"unclosed {self!r}", ResourceWarning, 1, self)
        finally:
            self._abandon()

    def _abandon(self):
        """The end of what nobody closed and nobody has any more."""
        try:
            Base.close(self)
        except _UsageError:  # another thread is inside, and closes it when it leaves
            pass

    @property
    def closed(self):
        """True after close()."""
        return self._core is None or self._core.closed

    def _check_open(self):
        if self.closed:
            raise _UsageError("the client is closed")

    @property
    def pending(self):
        """How many calls are in flight."""
        return self._core.pending

    def interrupt(self):
        """Ends everything in flight with CancelledError, and refuses more, until resume().
        From any thread."""
        self._core.interrupt()

    def resume(self):
        """Undoes interrupt()."""
        self._core.resume()

    def reload(self):
        """Builds policy and plugins anew. What fails leaves the old ones at work. Raises PolicyError,
        PluginError, LocalError."""
        self._core.reload()

    def __repr__(self):
        if self.closed:
            return f"<{type(self).__name__} closed, {self._given}>"
        pending = self._core.pending
        return f"<{type(self).__name__} {self._given}{f', {pending} in flight' if pending else ''}>"

    # --- hooks ---

    def hook(self, phase, *, priority=5000, on_error="fail", required=False, name=None):
        """Makes the function that follows a hook of every call from now on:

            @client.hook("request", priority=100)
            def tag(call, request):
                request.set_header("X-Team", "blue")

        phase       "request", "check", "response", "error": function(call, ...); "audit":
                    function(event); see Call, Request, Response, Failure and Event
        priority    0 to 10000; lower runs earlier, among the policy's plugins too
        on_error    when the hook raises: "fail", the call fails; "skip", it goes on; "quarantine",
                    it goes on, and a hook that fails often rests for a while
        required    of an audit hook: the call fails when it fails
        name        in messages, and for remove_hook(): letters, digits and hyphens; else the
                    function's, with a number when a hook has it already

        It returns None, or what deny(), reply(), stop() or wait() made. Raises UsageError for what
        is no phase or option, TypeError for what cannot be called with these arguments.
        """
        from .hooks import check_phase

        check_phase(phase)

        def add(function):
            self.add_hook(
                phase,
                function,
                priority=priority,
                on_error=on_error,
                required=required,
                name=name,
            )
            return function

        return add

    def add_hook(
        self, phase, function, *, priority=5000, on_error="fail", required=False, name=None
    ):
        """Makes a function that exists a hook, see hook(). Returns its name, for remove_hook().
        Raises UsageError, TypeError."""
        if self._hooks is None:
            from .hooks import Hooks

            self._hooks = Hooks(self._core)
        return self._hooks.add(phase, function, priority, on_error, required, name)

    def remove_hook(self, name):
        """Takes away the hook of that name. Calls in flight go on with it. Raises UsageError when
        there is none."""
        if self._hooks is None:
            self._core.remove_plugin(name)
        else:
            self._hooks.remove(name)

    def plugin_list(self):
        """Every plugin and hook and the order in which they run, as a dict with the names of
        `thingspace plugin list --output json`."""
        from .values import read_json

        return read_json(self._core.plugin_list())

    # --- the policy ---

    @property
    def accounts(self):
        """The accounts that the policy declares, in its order."""
        return self._core.accounts()

    def row(self, account):
        """The account's row as the policy declares it, a dict; None when it has none."""
        from .values import read_json

        text = self._core.row(account)
        return None if text is None else read_json(text)

    def policy_eval(self, account):
        """What the policy decides for the account, as a dict with "accountName", "endpoint",
        "credential", "timeout_ms", "tags" and "script". Raises PolicyError."""
        from .values import read_json

        return read_json(self._core.policy_eval(account))

    def policy_check(self):
        """Every account, decided, as a dict; faults are in its "errors"."""
        from .values import read_json

        return read_json(self._core.policy_check()[0])

    def policy_diff(self, old):
        """What changes when this client's policy takes the place of that of `old`, a client too: a
        dict. Raises TypeError, and what policy_check() does."""
        from .values import read_json

        if not isinstance(old, Base):
            raise TypeError(f"policy_diff takes a client, not {type(old).__name__}")

        return read_json(self._core.policy_diff(old._core)[0])
