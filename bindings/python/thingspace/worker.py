# SPDX-License-Identifier: MIT
"""The thread of an AsyncClient: it has a blocking client of the same options, for what waits long.

Both are made when they are first needed. One job at a time, in the order in which they came; what
changes the client between two jobs (hooks, a reload) is done by the thread itself.
"""

from __future__ import annotations

import os
import threading
import weakref
from concurrent.futures import Future, ThreadPoolExecutor

from .client import Client
from .errors import CancelledError

_living: weakref.WeakSet[Worker] = weakref.WeakSet()


def _end_all():
    """The interpreter ends, and waits for threads: what they do is interrupted."""
    for worker in list(_living):
        if worker._process == os.getpid():
            worker._interrupt_for_good()


if hasattr(threading, "_register_atexit"):  # atexit comes when threads have been waited for
    threading._register_atexit(_end_all)


class Worker:
    """Jobs for the thread of one AsyncClient. The lock guards what both threads look at."""

    def __init__(self, policy, given):
        self._policy = policy
        self._given = given
        self._changes = []
        self._client = None
        self._executor = None
        self._over = None  # of the last job, when the client is closed
        self._lock = threading.RLock()  # interrupt() may come from a signal's handler
        self._waiting = set()  # jobs that have not ended
        self._running = None
        self._stopped = set()  # those of them that shall not go on
        self._interrupted = False
        self._closed = False
        self._process = os.getpid()
        _living.add(self)

    # --- the event loop's thread ---

    def change(self, function):
        """function(client) runs before the next job. What it raises is that job's."""
        with self._lock:
            self._changes.append(function)

    def submit(self, job):
        """A concurrent future of job._perform(client)."""
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, "thingspace")
        with self._lock:
            self._waiting.add(job)
        try:
            return self._executor.submit(self._perform, job)
        except BaseException:
            self._waiting.discard(job)
            raise

    def stop(self, job):
        """Interrupts the job, or keeps it from beginning."""
        with self._lock:
            if job not in self._waiting:
                return
            self._stopped.add(job)
            if self._running is job and self._client is not None:
                self._client.interrupt()

    def interrupt(self, wanted):
        """Everything, until it is undone."""
        with self._lock:
            self._interrupted = wanted
            if self._client is not None and wanted:
                self._client.interrupt()
            elif self._client is not None:
                self._client.resume()

    def close(self):
        """Ends the job that runs, and the thread after it. A future, or None when there is nothing
        to wait for. In a process that was forked there is no thread.

        It may come from a finalizer or a signal's handler, in the middle of anything: so it takes no
        lock of the executor, whose thread ends when nobody has the executor any more."""
        if self._process != os.getpid():
            return None
        self._interrupt_for_good()
        executor, self._executor = self._executor, None
        if executor is None:
            return None
        with self._lock:
            if self._waiting:
                self._over = Future()
                return self._over
        self._end()
        return None

    def _interrupt_for_good(self):
        with self._lock:
            self._closed = True
            if self._client is not None:
                self._client.interrupt()

    # --- the thread that works ---

    def _begin(self, job):
        with self._lock:
            if self._closed:
                raise CancelledError("the client was closed")
            if job in self._stopped:
                raise CancelledError("cancelled before it began")
            self._running = job
            changes, self._changes = self._changes, []
        return changes

    def _open(self):
        made = Client(self._policy, **self._given)
        with self._lock:
            self._client = made
            if self._interrupted or self._closed or self._running in self._stopped:
                made.interrupt()

    def _perform(self, job):
        try:
            changes = self._begin(job)
            if self._client is None:
                self._open()
            for change in changes:
                change(self._client)
            return job._perform(self._client)
        finally:
            with self._lock:
                self._running = None
                self._waiting.discard(job)
                self._stopped.discard(job)
                if self._client is not None and not (self._interrupted or self._closed):
                    self._client.resume()
                over = None if self._waiting else self._over
            if over is not None:
                self._end()
                over.set_result(None)

    def _end(self):
        if self._client is not None:
            self._client.close()
