# SPDX-License-Identifier: MIT
"""Anything in any order: methods of the private layer with arguments that fit and that do not, hooks
that misbehave, clients that close in the middle. Nothing crashes, and every failure is an exception
that was meant. STEPS and SEED in the environment run it longer and otherwise."""

import asyncio
import concurrent.futures.thread
import contextlib
import gc
import os
import random
import sys
import threading

import support
import thingspace
from support import ACCOUNT, URL, Case
from thingspace import _core, options

STEPS = int(os.environ.get("STEPS", "30000"))
SEED = int(os.environ.get("SEED", "5"))
POLICY = """return { name = 'p', accounts = { 'TestAccount-2', 'Account-1' },
listeners = function() return { CarrierService = { url = 'https://hooks.example.com/a' } } end }"""
MEANT = (thingspace.Error, TypeError, ValueError, OverflowError, SystemExit, KeyError)


class Odd:
    """Raises wherever it is looked at."""

    def __index__(self):
        raise ValueError("index")

    __bool__ = __len__ = __str__ = __index__

    def __call__(self, *ignored):
        raise KeyError("called")


class Chaos:
    def __init__(self, seed):
        self.choose = random.Random(seed)
        self.plan = None
        self.core = self.make()
        self.kept = []

    # --- functions of the program ---

    def nothing(self, *ignored):
        return None

    def boom(self, *ignored):
        raise ValueError("boom")

    def leave(self, *ignored):
        raise SystemExit(3)

    def close(self, *ignored):
        self.core.close()

    def use(self, *ignored):
        return self.core.perform("list", ACCOUNT)

    def function(self):
        return self.choose.choice(
            (self.nothing, self.boom, self.leave, self.close, self.use, None, 5, Odd())
        )

    def hook(self):
        return self.choose.choice(
            (
                self.function(),
                lambda *handles: _core.deny("x"),
                lambda *handles: _core.wait(1),
                lambda *handles: _core.reply(json=self.value(), headers=self.value()),
                lambda *handles: handles[-1].set_json(self.value()),
                lambda *handles: handles[-1].set_header(self.value(), self.value()),
                lambda *handles: self.kept.extend(handles),
                lambda *handles: [repr(old) or old.json() for old in self.kept[-3:]] and None,
            )
        )

    # --- arguments ---

    def value(self):
        return self.choose.choice(
            (
                None, True, 0, -1, 2**31, 2**63, 2**70, 1.5, float("nan"), "", "a", ACCOUNT, "list",
                "register", "GET", "/x", URL, "\0", "\udc80", "x" * 70000, b"x", [], ["a"], [None],
                [5], {}, {5: 5}, {"request": self.nothing}, (), object(), Odd(), print, self.core,
                self.plan, thingspace.Secret("x"), _core.deny("a"),
            )
        )  # fmt: skip

    def fitting(self, name):
        choose = self.choose
        return {
            "perform": lambda: ("list", ACCOUNT),
            "ensure": lambda: ("register", ACCOUNT, "CarrierService", URL),
            "start": lambda: (self.function(), "list", ACCOUNT),
            "plan": lambda: (None, None, None, self.function(), 1),
            "apply": lambda: (self.plan, choose.choice((0, 7)), None, self.function(), None),
            "import_": lambda: ([ACCOUNT], None, None, None, None, None, self.function()),
            "remove_plugin": lambda: (f"n{choose.randrange(9)}",),
            "run": lambda: (choose.choice((0, 1, 50)),),
            "add_plugin": lambda: (
                f"n{choose.randrange(9)}",
                {choose.choice(("request", "check", "response", "error", "audit")): self.hook()},
                choose.randrange(10000),
                choose.choice(("fail", "skip", "quarantine")),
                False,
            ),
        }.get(name, tuple)()

    def make(self):
        made = options.make(
            policy_text=self.choose.choice((None, POLICY)),
            foreign_loop=self.choose.random() < 0.2,
            timeout=5,
        )
        for name in ("resolve", "listeners"):
            if self.choose.random() < 0.2:
                made[name] = self.choose.choice(
                    (self.nothing, self.boom, self.leave, self.close, lambda *ignored: [5])
                )
        return _core.Core(made)

    # --- one step ---

    def step(self, methods):
        name = self.choose.choice(methods)
        fits = self.choose.random() < 0.7
        count = self.choose.randrange(9)
        arguments = self.fitting(name) if fits else [self.value() for _ in range(count)]
        made = getattr(self.core, name)
        made = made(*arguments) if callable(made) else made
        if isinstance(made, _core.Plan):
            self.plan = made
        if isinstance(made, _core.Pending) and self.choose.random() < 0.3:
            made.cancel()
        self.kept.append(made)
        del self.kept[:-30]

    def renew(self):
        if self.core.closed or self.choose.random() < 0.01:
            self.core = self.make()
        if self.choose.random() < 0.001:
            gc.collect()


class Anything(Case):
    def test_in_any_order(self):
        methods = [name for name in dir(_core.Core) if not name.startswith("__")]
        methods.remove("interrupt")
        chaos = Chaos(SEED)
        hook, sys.unraisablehook = sys.unraisablehook, lambda shown: None
        try:
            for _ in range(STEPS):
                try:
                    chaos.step(methods)
                    chaos.renew()
                except MEANT as error:
                    self.assertNotIsInstance(error, thingspace.InternalError)
        finally:
            sys.unraisablehook = hook
            chaos.core.close()


class Hooks(Case):
    def test_a_client_that_denies_inside_a_hook_of_another(self):
        inner = self.client()
        inner.add_hook("check", lambda call, request: thingspace.deny("no"))
        outer = self.client()

        @outer.hook("request")
        def ask(call, request):
            with self.assertRaises(thingspace.DeniedError):
                inner.list(ACCOUNT)

        self.assertEqual(outer.list(ACCOUNT), [])


class Secrets(Case):
    def test_no_exception_holds_one(self):
        with self.assertRaises(ValueError) as caught:
            thingspace.Secret("hunter2\udc80")
        self.assertNotIn("hunter2", repr(caught.exception.args))
        self.assertIsNone(caught.exception.__context__)

    def test_nor_a_row_that_has_it_in_the_wrong_place(self):
        async def work():
            async with thingspace.AsyncClient() as client:
                row = (ACCOUNT, "CarrierService", URL, "u", "hunter2", "x")
                return await client.register_many([row])

        (outcome,) = asyncio.run(work())
        self.assertIsInstance(outcome.error, TypeError)
        self.assertNotIn("hunter2", repr(outcome.error.args) + repr(outcome))


class Threads(Case):
    def test_interrupt_while_another_thread_closes(self):
        newest, ended = self.client(), threading.Event()
        newest.list(ACCOUNT)  # a login that is cut off counts as a failed one

        def poke():
            while not ended.is_set():
                newest.interrupt()
                newest.resume()
                newest.pending  # noqa: B018

        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        poking = threading.Thread(target=poke)
        poking.start()
        try:
            for _ in range(300):
                newest = thingspace.Client()
                with contextlib.suppress(thingspace.CancelledError):
                    newest.list(ACCOUNT)
                newest.close()
        finally:
            ended.set()
            poking.join()
            sys.setswitchinterval(interval)

    def test_close_where_the_loop_does_not_run(self):
        async def work():
            client = thingspace.AsyncClient()
            await client.list(ACCOUNT)
            with self.assertRaisesRegex(thingspace.UsageError, "another thread"):
                await asyncio.to_thread(client.close)
            self.assertEqual(await client.list(ACCOUNT), [])
            client.close()

        asyncio.run(work())

    def test_an_interrupt_from_a_handler_does_not_wait_for_itself(self):
        client = thingspace.AsyncClient()
        with client._worker._lock:
            client.interrupt()
        client.close()


class Async(Case):
    def test_an_exception_that_cannot_be_told_does_not_hang_the_call(self):
        class Text(str):
            def __format__(self, how):
                raise ValueError("no")

        class Odd(Exception):
            def __str__(self):
                return Text("odd")

        class Odder(Exception):
            def __str__(self):
                raise asyncio.CancelledError("odder")

        async def work(kind):
            async with thingspace.AsyncClient() as client:

                @client.hook("request")
                def broken(call, request):
                    raise kind()

                await asyncio.wait_for(client.list(ACCOUNT), 20)

        with self.assertRaisesRegex(thingspace.PluginError, "Odd: odd"):
            asyncio.run(work(Odd))
        with self.assertRaises(asyncio.CancelledError):
            asyncio.run(work(Odder))

    def test_two_tasks_that_walk_through_one(self):
        async def walk(many):
            return [each async for each in many]

        async def work():
            async with thingspace.AsyncClient(policy_text=POLICY) as client:
                for many, count in ((client.list_many([ACCOUNT] * 9), 9), (client.plan(), 2)):
                    one, other = await asyncio.gather(
                        walk(many), walk(many), return_exceptions=True
                    )
                    self.assertEqual(len(one), count)
                    self.assertIsInstance(other, thingspace.UsageError)

        asyncio.run(work())

    def test_a_run_that_is_cancelled_while_the_thread_opens_its_client(self):
        opening, go_on = threading.Event(), threading.Event()

        class Policy:
            @property
            def accounts(self):
                if threading.current_thread() is not threading.main_thread():
                    opening.set()
                    go_on.wait(20)
                return [ACCOUNT]

        async def work():
            async with thingspace.AsyncClient(policy=Policy()) as client:
                run = client.plan()
                waiting = asyncio.ensure_future(run)
                await asyncio.to_thread(opening.wait, 20)
                waiting.cancel()
                await asyncio.wait([waiting])
                go_on.set()
                with self.assertRaises(thingspace.CancelledError):
                    await run
                run.cancel()
                self.assertEqual(len(client._worker._stopped), 0)
                await client.plan()

        asyncio.run(work())


class Ends(Case):
    def test_close_in_a_finalizer_that_runs_while_a_job_is_given_to_a_thread(self):
        async def work():
            busy = thingspace.AsyncClient(policy_text=POLICY)
            other = thingspace.AsyncClient(policy_text=POLICY)
            await other.plan()
            with concurrent.futures.thread._global_shutdown_lock:
                other.close()
            await busy.plan()
            run = asyncio.ensure_future(busy.plan())
            await asyncio.sleep(0)
            with busy._worker._executor._shutdown_lock:
                busy.close()
            with self.assertRaises(thingspace.CancelledError):
                await run
            await busy.aclose()

        asyncio.run(work())

    def test_a_loop_that_is_closed_with_calls_in_flight(self):
        async def work():
            calls = [client.list(ACCOUNT), client.list_many([ACCOUNT] * 9)]
            tasks.extend(map(asyncio.ensure_future, calls))
            await asyncio.sleep(0)

        tasks, shown = [], []
        client = thingspace.AsyncClient()
        loop = asyncio.new_event_loop()
        loop.run_until_complete(work())
        loop.set_exception_handler(lambda *ignored: None)
        loop.close()
        hook, sys.unraisablehook = sys.unraisablehook, shown.append
        try:
            client.close()
        finally:
            sys.unraisablehook = hook
        self.assertEqual([row.exc_value for row in shown], [])
        shown.clear()
        tasks.clear()
        self.collect()

    def test_a_client_that_was_not_made_can_be_closed(self):
        class Closing(thingspace.Client):
            def __init__(self, **more):
                kept.append(self)
                super().__init__(**more)

        kept = []
        with self.assertRaises(ValueError):
            Closing(timeout=-1)
        kept[0].close()
        self.assertTrue(kept[0].closed)

    def test_a_fork_leaves_the_folder_of_many_accounts(self):
        rows = [{"account": f"Account-{number}", "note": "x" * 90} for number in range(2500)]
        client = self.client(policy={"accounts": rows})
        folder = client._folder.name
        child = os.fork()
        if child == 0:
            client.close()
            os._exit(0)
        os.waitpid(child, 0)
        client.reload()
        client.close()
        self.assertFalse(os.path.exists(folder))

    def test_the_interpreter_does_not_wait_for_a_plan(self):
        self.fault("GET /callbacks/* delay=100000")
        text = f"""
import asyncio, atexit, thingspace

async def work():
    global client, run
    client = thingspace.AsyncClient(policy_text={POLICY!r}, timeout=100)
    run = client.plan()
    run._begin()
    while not (client._worker._client and client._worker._client.pending):
        await asyncio.sleep(0.01)

loop = asyncio.new_event_loop()
loop.run_until_complete(work())
{{}}
print("end")
"""
        for more in ("", "atexit.register(client.close)"):
            with self.subTest(more):
                status, out, err = support.run_script(text.replace("{}", more))
                self.assertEqual((status, out), (0, "end\n"), err)
                self.assertEqual(err, "")

    def test_other_interpreters_are_refused(self):
        try:
            import _xxsubinterpreters as interpreters
        except ImportError:
            self.skipTest("there are none here")
        made = interpreters.create()
        try:
            with self.assertRaisesRegex(Exception, "main interpreter alone"):
                interpreters.run_string(
                    made, f"import sys; sys.path[:] = {sys.path!r}; import thingspace"
                )
        finally:
            interpreters.destroy(made)


if __name__ == "__main__":
    import logging

    logging.getLogger("thingspace").setLevel("CRITICAL")
    support.main()
