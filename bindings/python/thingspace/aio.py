# SPDX-License-Identifier: MIT
"""AsyncClient: the calls of Client, to await.

Single calls go through the event loop, which watches the client's descriptor: thousands may be in
flight. What reads many accounts, or has more than one request to make (ensure, plan, apply, an
import, tokens), runs in a thread of the client with a blocking client of its own: see worker.py.
"""

from __future__ import annotations

import asyncio

from . import options as _options
from .base import Base
from .client import _DRY_RUN, Client, _body
from .errors import UsageError
from .results import Deregistered, Listener, Registered, Reply
from .runs import Bulk, Outcome, Refused, Run
from .worker import Worker

__all__ = ["AsyncClient", "Bulk", "Outcome", "Run"]


def _requests(operation, rows, least, most, timeout, api):
    """Arguments of Core.start from rows that users wrote."""
    milliseconds = _options.milliseconds(timeout)
    plain = milliseconds == 0 and api is None
    for row in rows:
        if not isinstance(row, (list, tuple)) or not least <= len(row) <= most:
            length = f" of {len(row)}" if isinstance(row, (list, tuple)) else ""
            said = f"a row to {operation} is a tuple of {least} to {most}, not "
            yield Refused(row, TypeError(f"{said}{type(row).__name__}{length}"))
        elif plain:
            yield (operation, *row)
        else:
            nothing = (None,) * (8 - len(row))
            yield (operation, *row, *nothing, milliseconds, api)


class AsyncAuth:
    """Tokens and the lock-out latch of an AsyncClient: the methods of Auth, to await."""

    __slots__ = ("_client",)

    def __init__(self, client):
        self._client = client

    def __repr__(self):
        return f"<AsyncAuth of {self._client!r}>"

    async def login(self, credential=None):
        """Makes sure that there are tokens, as Auth.login."""
        await self._client._in_thread(lambda client: client.auth.login(credential))

    async def logout(self, credential=None, *, revoke=False):
        """Ends the session at the service, as Auth.logout."""
        await self._client._in_thread(lambda client: client.auth.logout(credential, revoke=revoke))

    async def status(self, credential=None):
        """How things stand, as Auth.status."""
        return await self._client._in_thread(lambda client: client.auth.status(credential))

    async def unlatch(self, credential=None):
        """Lets logins be sent again, as Auth.unlatch."""
        return await self._client._in_thread(lambda client: client.auth.unlatch(credential))


class AsyncClient(Base):
    """The methods of Client to await; it takes the same options.

    It belongs to the event loop that first uses it. Cancelling a task ends its call; what was sent
    may have taken effect. Hooks and functions of a policy run in the loop's thread for single calls,
    and in the client's own thread for ensure, plan, apply, import_policy, explain and auth.
    """

    _FOREIGN_LOOP = True

    def _prepare(self, policy, given):
        self._loop = None
        self._bulks = set()
        self._worker = Worker(policy, given)

    # --- life ---

    async def __aenter__(self):
        self._attach()
        return self

    async def __aexit__(self, *exception):
        await self.aclose()

    def _attach(self):
        """The running loop, which watches the descriptor from now on."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._check_open()
            if self._loop is not None and not self._loop.is_closed():
                raise UsageError("the client belongs to another event loop; make one for each")
            descriptor = self._core.fd()
            if descriptor < 0:
                raise UsageError("a process that was forked makes a client of its own")
            loop.add_reader(descriptor, self._process)
            self._loop = loop
        return loop

    def _refuse_other_threads(self):
        loop = self._loop
        if loop is None or not loop.is_running() or asyncio._get_running_loop() is loop:
            return
        if self._core.fd() >= 0:  # not in a process that was forked
            raise UsageError("the client's event loop runs in another thread; close it there")

    def _detach(self):
        self._refuse_other_threads()
        loop, self._loop = self._loop, None
        if loop is None or loop.is_closed() or self.closed:
            return
        descriptor = self._core.fd()
        if descriptor >= 0:  # not in a process that was forked
            loop.remove_reader(descriptor)

    def close(self):
        """Ends calls in flight with CancelledError, and does not wait for what runs in the client's
        thread; aclose() does. In the thread of the event loop, as long as that runs."""
        self._detach()
        self._worker.close()
        super().close()
        self._tell_bulks()

    def _abandon(self):
        # No event loop has it any more either.
        try:
            self._worker.close()
        except RuntimeError:  # the interpreter ends, and its threads have ended
            pass
        super()._abandon()

    async def aclose(self):
        """Ends calls in flight with CancelledError, interrupts what runs in the client's thread, and
        waits for it."""
        self._detach()
        ending = self._worker.close()
        super().close()
        self._tell_bulks()
        if ending is not None:
            await asyncio.shield(asyncio.wrap_future(ending))

    def interrupt(self):
        """Ends everything in flight with CancelledError, and refuses more, until resume().
        From any thread."""
        super().interrupt()
        self._worker.interrupt(True)

    def resume(self):
        """Undoes interrupt()."""
        super().resume()
        self._worker.interrupt(False)

    def reload(self):
        """Builds policy and plugins anew, see Client.reload."""
        super().reload()
        self._worker.change(lambda client: client.reload())

    # --- hooks ---

    def add_hook(
        self, phase, function, *, priority=5000, on_error="fail", required=False, name=None
    ):
        """Makes a function that exists a hook, as Client.add_hook."""
        chosen = super().add_hook(
            phase, function, priority=priority, on_error=on_error, required=required, name=name
        )
        self._worker.change(
            lambda client: client.add_hook(
                phase,
                function,
                priority=priority,
                on_error=on_error,
                required=required,
                name=chosen,
            )
        )
        return chosen

    def remove_hook(self, name):
        """Takes away the hook of that name, as Client.remove_hook."""
        super().remove_hook(name)
        self._worker.change(lambda client: client.remove_hook(name))

    # --- the loop ---

    def _process(self):
        core = self._core
        if not core.closed:
            core.process()
            self._tell_bulks()

    def _tell_bulks(self):
        for bulk in self._bulks:
            bulk._turned()

    async def _call(self, *request):
        """The result of one call, or its failure raised."""
        loop = self._attach()
        future = loop.create_future()

        def done(result):
            if future.done() or loop.is_closed():
                return
            error = result.error
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

        pending = self._core.start(done, *request)
        try:
            return await future
        except asyncio.CancelledError:
            pending.cancel()
            raise

    # --- listeners ---

    async def register(
        self, account, service, url, *, username=None, password=None, api=None, timeout=None
    ):
        """Registers a listener, as Client.register. Returns a Registered."""
        result = await self._call(
            "register",
            account,
            service,
            url,
            username,
            password,
            None,
            None,
            None,
            _options.milliseconds(timeout),
            api,
        )
        return Registered(result.account, result.service, result.url, result.signing_key)

    async def list(self, account, *, api=None, timeout=None):
        """The listeners of an account, as Client.list. Returns a list of Listener."""
        milliseconds = _options.milliseconds(timeout)
        nothing = (None,) * 7
        result = await self._call("list", account, *nothing, milliseconds, api)
        return [Listener(*row) for row in result.listeners]

    async def deregister(self, account, service, *, api=None, timeout=None):
        """Removes one listener. Returns a Deregistered. Client.deregister first makes whole what a
        process that died left half done: that takes files and calls one after the other, for which a
        loop does not wait. So here a listener that such a process was replacing is ServiceError, and
        comes back with the next ensure, plan or apply, which do look; remove it after that."""
        milliseconds = _options.milliseconds(timeout)
        nothing = (None,) * 6
        result = await self._call("deregister", account, service, *nothing, milliseconds, api)
        return Deregistered(result.account, result.service)

    async def call(self, account, method, path, data=None, *, api=None, timeout=None):
        """Does any other operation of the API, as Client.call. Returns a Reply."""
        return Reply(
            await self._call(
                "call",
                account,
                None,
                None,
                None,
                None,
                method,
                path,
                _body(data),
                _options.milliseconds(timeout),
                api,
            )
        )

    async def ensure(
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
        """Makes sure that a listener is registered, as Client.ensure. Returns an Ensured."""
        return await self._in_thread(
            lambda client: client.ensure(
                account,
                service,
                url,
                username=username,
                password=password,
                api=api,
                timeout=timeout,
                replace=replace,
            )
        )

    # --- many at once ---

    def register_many(self, rows, *, api=None, timeout=None, in_flight=1000):
        """Registers each row, a tuple (account, service, url) and perhaps username and password.

            async for outcome in client.register_many(rows):
                if outcome.error is not None:
                    print(outcome.account_name, outcome.error)

        Answers a Bulk, to walk through or to await. `rows` is walked through as calls begin, so it
        may be a generator; at most `in_flight` calls are begun and not yet looked at.
        """
        return Bulk(self, "register_many", _requests("register", rows, 3, 5, timeout, api), in_flight)

    def list_many(self, accounts, *, api=None, timeout=None, in_flight=1000):
        """Lists the listeners of each account: Outcome.listeners. A Bulk, to walk through or to await."""
        rows = ((account,) for account in accounts)
        return Bulk(self, "list_many", _requests("list", rows, 1, 1, timeout, api), in_flight)

    def deregister_many(self, rows, *, api=None, timeout=None, in_flight=1000):
        """Removes the listener of each row, a tuple (account, service). A Bulk. What a process that
        died left half done is not looked at, see deregister."""
        return Bulk(self, "deregister_many", _requests("deregister", rows, 2, 2, timeout, api), in_flight)

    # --- trying ---

    async def preview(
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
        """What would be sent, as Client.preview: a dict."""
        from .values import read_json

        milliseconds = _options.milliseconds(timeout)
        result = await self._call(
            operation, account, service, url, username, password, method, path, _body(data),
            milliseconds, api, _DRY_RUN,
        )  # fmt: skip
        return read_json(result.preview)

    async def explain(
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
        """What each hook would do, as Client.explain: a dict."""
        more = {
            "username": username,
            "password": password,
            "method": method,
            "path": path,
            "data": data,
            "api": api,
            "timeout": timeout,
        }
        return await self._in_thread(
            lambda client: client.explain(operation, account, service, url, **more)
        )

    # --- in the client's thread ---

    def _submit(self, run):
        self._check_open()
        return asyncio.wrap_future(self._worker.submit(run))

    def _interrupt_run(self, run):
        self._worker.stop(run)

    def _in_thread(self, work):
        return Run(self, "call", lambda client, tell: work(client))

    def plan(self, accounts=None, *, tags=None, services=None, cells=False):
        """Compares, as Client.plan. A Run, which tells Progress and comes to a Plan."""
        return Run(
            self,
            "plan",
            lambda client, tell: client.plan(
                accounts, tags=tags, services=services, cells=cells, progress=tell
            ),
        )

    async def load_plan(self, file):
        """A plan that Plan.save() wrote, as Client.load_plan. Returns a Plan."""
        return await self._in_thread(lambda client: client.load_plan(file))

    check_plan = Client.check_plan

    def apply(self, plan, *, prune=False, take_over=False, force=False, expect=None, progress=False):
        """Does what a plan says, as Client.apply. A Run, which tells an ApplyResult of each change,
        or with `progress` Progress, and comes to an Applied."""
        return Run(
            self,
            "apply",
            lambda client, tell: client.apply(
                plan,
                prune=prune,
                take_over=take_over,
                force=force,
                expect=expect,
                on_result=None if progress else tell,
                progress=tell if progress else None,
            ),
        )

    def import_policy(self, accounts=None, *, name=None, data_file=None, apis=None):
        """A policy of what is registered, as Client.import_policy. A Run, which tells Progress and
        comes to an Imported."""
        return Run(
            self,
            "import_policy",
            lambda client, tell: client.import_policy(
                accounts, name=name, data_file=data_file, apis=apis, progress=tell
            ),
        )

    # --- tokens and the latch ---

    @property
    def auth(self):
        """Tokens and the lock-out latch, to await: an AsyncAuth."""
        if self._auth is None:
            self._auth = AsyncAuth(self)
        return self._auth
