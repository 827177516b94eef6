# SPDX-License-Identifier: MIT
"""Work of an AsyncClient that takes a while, and tells how far it is.

Both kinds are awaited for what they come to, or walked through with `async for` for what happens
meanwhile, and awaited after that. They begin when one of the two is done first, and once; awaited
again they give the same. A task can be made of them, as of a coroutine. They belong to the event
loop of their client.
"""

from __future__ import annotations

import asyncio
import itertools
from _warnings import warn as _warn
from collections import deque
from collections.abc import Coroutine

from .errors import UsageError


class Outcome:
    """What one call of many came to. Its `error` is None when all went well."""

    __slots__ = ("_result",)

    def __init__(self, result):
        self._result = result

    @property
    def account_name(self):
        """The account of the row."""
        return self._result.account

    @property
    def service_name(self):
        """The service of the row; None of list_many."""
        return self._result.service

    @property
    def url(self):
        """The URL that was registered; None of the others."""
        return self._result.url

    @property
    def error(self):
        """None, or the exception that the call alone would have raised."""
        return self._result.error

    @property
    def status(self):
        """The HTTP status of the final answer; None when there was none."""
        return self._result.http_status or None

    @property
    def attempts(self):
        """HTTP exchanges that were made."""
        return self._result.attempts

    @property
    def listeners(self):
        """Of list_many: a list of Listener."""
        from .results import Listener

        return [Listener(*row) for row in self._result.listeners]

    def __repr__(self):
        error = self.error
        said = "done" if error is None else f"{type(error).__name__}: {error}"
        return f"<Outcome {self.account_name} {self.service_name or ''}: {said}>"


class Refused:
    """In the place of a result: of a row that no call can be made of."""

    __slots__ = ("account", "service", "url", "error")

    http_status, attempts, listeners = 0, 0, ()

    def __init__(self, row, error):
        texts = row if isinstance(row, (list, tuple)) else (row,)
        self.account, self.service, self.url = (
            None if text is None else str(text)[:200] for text in (*texts, "", None, None)[:3]
        )
        self.error = error


class _Work(Coroutine):
    """A coroutine that can be walked through, and awaited more than once."""

    def __init__(self, client, name):
        self._client = client
        self._begun = False  # or not wanted any more
        self._steps = None
        self.__name__ = name
        self.__qualname__ = f"AsyncClient.{name}"

    async def _finish(self):
        raise NotImplementedError

    def _coroutine(self):
        self._begun = True
        if self._steps is None:
            self._steps = self._finish()
        return self._steps

    def __await__(self):
        return self._finish().__await__()

    def send(self, value):
        """For the task that runs it."""
        return self._coroutine().send(value)

    def throw(self, *exception):
        """For the task that runs it."""
        return self._coroutine().throw(*exception)

    def close(self):
        """Gives it up before it began."""
        self._begun = True
        if self._steps is not None:
            self._steps.close()

    def __del__(self, warn=_warn):
        if not getattr(self, "_begun", True):
            warn(f"{self.__qualname__}() was never awaited, and did nothing", RuntimeWarning, 1, self)

    def __repr__(self):
        return f"<{type(self).__name__} of {self.__qualname__}(){self._shown()}>"


class Bulk(_Work):
    """Many calls at once, at most `in_flight` of them begun and not yet looked at.

    `async for outcome in bulk` gives an Outcome of each as it ends, in no order; `await bulk` a list
    of them, without those that were walked through before. Who stops walking begins no more calls;
    cancel() ends those in flight too, and so does cancelling the task that waits. A row of the wrong
    shape is an Outcome whose error is TypeError.
    """

    def __init__(self, client, name, requests, in_flight):
        if isinstance(in_flight, bool) or not isinstance(in_flight, int) or in_flight < 1:
            raise UsageError(f"in_flight is a whole number from 1 on, not {in_flight!r}")
        super().__init__(client, name)
        self._requests = iter(requests)
        self._in_flight = in_flight
        self._room = in_flight  # how many may begin before one is looked at
        self._more = True
        self._ended = deque()
        self._pendings = []
        self._waiter = None
        self._outcomes = []  # of who awaits

    def _shown(self):
        return f": {self._in_flight - self._room} in flight or not looked at"

    def _turned(self):
        """The client's loop went round."""
        waiter = self._waiter
        if not self._ended or waiter is None or waiter.done() or waiter.get_loop().is_closed():
            return
        waiter.set_result(None)

    def _begin_more(self):
        start, end, keep = self._client._core.start, self._ended.append, self._pendings.append
        wanted = begun = self._room
        for request in itertools.islice(self._requests, wanted):
            try:
                if type(request) is tuple:
                    keep(start(end, *request))
                else:
                    end(request)
            except (TypeError, ValueError) as error:
                if self._client.closed:
                    raise
                end(Refused(request[1:], error))
            begun -= 1
            self._room -= 1
        self._more = begun == 0
        if len(self._pendings) > 4 * self._in_flight:
            self._pendings = [pending for pending in self._pendings if not pending.over]

    async def _wait(self):
        """Until something ended. False: all has, and was looked at."""
        self._begun = True
        if not self._more and self._room == self._in_flight:
            return False
        if self._waiter is not None:
            raise UsageError("another task waits for these calls already")
        client = self._client
        loop = client._attach()
        client._bulks.add(self)
        try:
            if self._more and self._room:
                self._begin_more()
                client._process()
            if not self._ended and self._room < self._in_flight:
                self._waiter = loop.create_future()
                await self._waiter
        except BaseException:
            self.cancel()
            raise
        finally:
            self._waiter = None
            client._bulks.discard(self)
        return bool(self._ended)

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self._ended and not await self._wait():
            raise StopAsyncIteration
        self._room += 1
        return Outcome(self._ended.popleft())

    async def _finish(self):
        outcomes = self._outcomes
        while self._ended or await self._wait():
            self._room += len(self._ended)
            outcomes.extend(map(Outcome, self._ended))
            self._ended.clear()
        return outcomes

    def cancel(self):
        """Begins no more calls; those in flight end with CancelledError."""
        self._begun = True
        self._requests = iter(())
        self._more = False
        pendings, self._pendings = self._pendings, []
        for pending in pendings:
            pending.cancel()
        self._turned()


class Run(_Work):
    """Work in the client's own thread: a plan, an apply, an import.

    `async for` gives what it tells meanwhile, and raises what it fails with; `await` gives the
    result. Cancelling the task that waits, or cancel(), interrupts it: an apply lets end what is
    under way and begins nothing more.
    """

    def __init__(self, client, name, work):
        super().__init__(client, name)
        self._work = work  # work(blocking client, tell)
        self._future = None
        self._events = None  # until somebody walks
        self._waking = False
        self._waiter = None

    def _shown(self):
        if self._future is None:
            return ": not begun"
        return ": over" if self._future.done() else ""

    def _begin(self):
        self._begun = True
        if self._future is None:
            self._loop = self._client._attach()
            self._future = self._client._submit(self)
            self._future.add_done_callback(self._over)
        return self._future

    def _over(self, future):
        if not future.cancelled():
            future.exception()  # who walked has seen it, who was cancelled does not want it
        self._wake()

    def _wake(self):
        self._waking = False
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # In the thread that works; only the first of many events wakes the loop.

    def _perform(self, blocking):
        return self._work(blocking, self._tell)

    def _tell(self, event):
        if self._events is None:
            return
        self._events.append(event)
        if not self._waking:
            self._waking = True
            self._loop.call_soon_threadsafe(self._wake)

    # Who waits.

    def __aiter__(self):
        if self._events is None:
            self._events = deque()
        self._begin()
        return self

    async def __anext__(self):
        while not self._events:
            if self._future.done():
                self._future.result()
                raise StopAsyncIteration
            if self._waiter is not None:
                raise UsageError("another task walks through this already")
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            except asyncio.CancelledError:
                self.cancel()
                raise
            finally:
                self._waiter = None
        return self._events.popleft()

    async def _finish(self):
        future = self._begin()
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            self.cancel()
            raise

    def cancel(self):
        """Interrupts it; what waits for it gets CancelledError when it has ended."""
        self._begun = True
        if self._future is not None:
            self._client._interrupt_run(self)
