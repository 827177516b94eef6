# SPDX-License-Identifier: MIT
"""Life and death of clients: closing, forks, threads, signals, the end of the interpreter, cycles,
memory."""

import _thread
import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import warnings
import weakref

import support
import thingspace
from support import ACCOUNT, LONG, URL, Case, run_script
from thingspace import _core, options

SERVICE = "CarrierService"
SLOW = f"GET /callbacks/* {LONG}"
CALLS = int(os.environ.get("THINGSPACE_LOOPS", "20000"))  # `make check-memory`: 100000


class Closing(Case):
    def test_a_closed_client_refuses_everything(self):
        client = self.client()
        client.close()
        client.close()
        plan_of = client._core
        uses = [
            lambda: client.list(ACCOUNT),
            lambda: client.register(ACCOUNT, SERVICE, URL),
            lambda: client.ensure(ACCOUNT, SERVICE, URL),
            lambda: client.deregister(ACCOUNT, SERVICE),
            lambda: client.call(ACCOUNT, "GET", "/x"),
            lambda: client.plan(),
            lambda: client.load_plan("x"),
            lambda: client.import_policy(),
            lambda: client.explain("list", ACCOUNT),
            lambda: client.preview("list", ACCOUNT),
            lambda: client.hook("request")(print),
            lambda: client.remove_hook("x"),
            lambda: client.plugin_list(),
            lambda: client.policy_eval(ACCOUNT),
            lambda: client.policy_check(),
            lambda: client.policy_diff(client),
            lambda: client.reload(),
            lambda: client.accounts,
            lambda: client.row(ACCOUNT),
            lambda: client.auth.status(),
            lambda: client.auth.login(),
            lambda: client.auth.logout(),
            lambda: client.auth.unlatch(),
            lambda: plan_of.start(print, "list", ACCOUNT),
            lambda: plan_of.run(0),
            lambda: plan_of.process(),
        ]
        for use in uses:
            with self.subTest(line=use.__code__.co_firstlineno):
                with self.assertRaisesRegex(thingspace.UsageError, "closed"):
                    use()
        client.interrupt()
        client.resume()
        self.assertEqual(client.pending, 0)
        self.assertRegex(repr(client), r"\A<Client closed")

    def test_the_end_of_with_closes(self):
        with thingspace.Client() as client:
            self.assertFalse(client.closed)
        self.assertTrue(client.closed)
        with self.assertRaises(ZeroDivisionError), thingspace.Client() as client:
            1 / 0  # noqa: B018
        self.assertTrue(client.closed)

    def test_a_client_that_could_not_be_made(self):
        with self.assertRaises(thingspace.PolicyError):
            thingspace.Client(policy_text="return 1")
        with self.assertRaises(thingspace.Error):
            thingspace.Client(policy="/nothing/here.lua")


def core(**more):
    return _core.Core({**options.make(), **more})


class InFlight(Case):
    """The private layer that AsyncClient is made of."""

    def test_done_is_told_and_may_start_more(self):
        client = core()
        told = []

        def done(result):
            told.append(result.error)
            if len(told) < 5:
                client.start(done, "list", ACCOUNT)

        client.start(done, "list", ACCOUNT)
        client.run(-1)
        self.assertEqual(told, [None] * 5)
        client.close()

    def test_closing_tells_what_is_in_flight(self):
        for flags in (0, 2):
            with self.subTest(flags=flags):
                client = core(flags=flags)
                told = []
                for _ in range(3):
                    client.start(told.append, "list", ACCOUNT)
                self.assertEqual(client.pending, 3)
                client.close()
                self.assertEqual([result.error.kind for result in told], ["cancelled"] * 3)

    def test_close_inside_done(self):
        client = core()
        told = []

        def done(result):
            client.close()
            told.append(result)
            with self.assertRaises(thingspace.UsageError):
                client.start(done, "list", ACCOUNT)

        client.start(done, "list", ACCOUNT)
        client.start(told.append, "list", ACCOUNT)
        client.run(-1)
        self.assertEqual(len(told), 2)
        self.assertTrue(client.closed)

    def test_cancel(self):
        client = core()
        told = []
        first = client.start(told.append, "list", ACCOUNT)
        second = client.start(lambda result: first.cancel(), "list", ACCOUNT)
        second.cancel()
        self.assertEqual(told[0].error.kind, "cancelled")
        self.assertTrue(first.over and second.over)
        first.cancel()
        client.run(-1)
        client.close()
        second.cancel()

    def test_what_done_raises_is_shown_and_the_rest_goes_on(self):
        client = core()
        told, shown = [], []
        client.start(lambda result: 1 / 0, "list", ACCOUNT)
        client.start(told.append, "list", ACCOUNT)
        hook, sys.unraisablehook = sys.unraisablehook, shown.append
        try:
            client.run(-1)
        finally:
            sys.unraisablehook = hook
        self.assertEqual(len(told), 1)
        self.assertEqual([row.exc_type for row in shown], [ZeroDivisionError])
        shown.clear()
        client.close()

    def test_bad_arguments(self):
        client = core()
        for wrong in (
            (),
            (None,),
            (print,),
            (print, "nothing"),
            (print, None),
            (print, "list", 5),
            (print, "list", "a\0b"),
            (print, "register", ACCOUNT, SERVICE, URL, "u", "no secret"),
            (print, "call", ACCOUNT, None, None, None, None, "GET", "/x", 5),
            (print, "list", ACCOUNT, None, None, None, None, None, None, None, "soon"),
            (print, "list", ACCOUNT, None, None, None, None, None, None, None, 2**70),
            (print, *["list"] * 14),
        ):
            with self.subTest(wrong), self.assertRaises(
                (TypeError, ValueError, OverflowError, thingspace.UsageError)
            ):
                client.start(*wrong)
        for wrong in ([], {1: 2}, None, 5):
            with self.assertRaises(TypeError):
                _core.Core(wrong) if not isinstance(wrong, dict) else _core.Core(5)
        client.close()

    def test_a_foreign_loop_is_no_place_to_wait(self):
        client = core(flags=2)
        self.assertGreaterEqual(client.fd(), 0)
        for use in (
            lambda: client.perform("list", ACCOUNT),
            lambda: client.ensure("register", ACCOUNT, SERVICE, URL),
            lambda: client.plan(None, None, None, None, 0),
        ):
            with self.assertRaises(thingspace.UsageError):
                use()
        client.close()


class Threads(Case):
    def test_a_second_thread_gets_an_error_and_the_first_its_answer(self):
        client, got, begun, go = self.client(), [], threading.Event(), threading.Event()

        @client.hook("request")
        def hold(call, request):
            begun.set()
            go.wait(60)

        first = threading.Thread(target=lambda: got.append(client.list(ACCOUNT)))
        first.start()
        self.assertTrue(begun.wait(60))
        for use in (lambda: client.list(ACCOUNT), client.close, lambda: client.accounts):
            with self.assertRaisesRegex(thingspace.UsageError, "another thread"):
                use()
        go.set()
        first.join()
        self.assertEqual(got, [[]])
        self.assertEqual(client.list(ACCOUNT), [])

    def test_one_after_the_other_is_fine(self):
        client = self.client()
        got = []
        for _ in range(5):
            thread = threading.Thread(target=lambda: got.append(client.list(ACCOUNT)))
            thread.start()
            thread.join()
        self.assertEqual(got, [[]] * 5)

    def test_others_run_while_it_waits(self):
        client, failed = self.client(), []

        def wait():
            try:
                client.list(ACCOUNT)
            except thingspace.CancelledError as error:
                failed.append(error)

        self.fault(SLOW)
        thread = threading.Thread(target=wait)
        thread.start()
        self.assertTrue(support.wait_until(support.is_held))
        for _ in range(50):
            time.sleep(0.001)
        self.assertTrue(thread.is_alive())
        with self.assertRaisesRegex(thingspace.UsageError, "another thread"):
            client.list(ACCOUNT)
        client.interrupt()
        thread.join()
        self.assertEqual(len(failed), 1)

    def test_interrupt_from_another_thread(self):
        client = self.client()
        self.fault(SLOW)

        def interrupt():
            support.wait_until(support.is_held)
            client.interrupt()

        threading.Thread(target=interrupt).start()
        with self.assertRaises(thingspace.CancelledError):
            client.list(ACCOUNT)
        with self.assertRaises(thingspace.CancelledError):
            client.list(ACCOUNT)
        client.resume()
        support.control("DELETE", "faults")
        self.assertEqual(client.list(ACCOUNT), [])

    def test_many_threads_with_clients_and_hooks_of_their_own(self):
        seen, wrong = [], []

        def work():
            try:
                with thingspace.Client() as client:
                    client.add_hook("request", lambda call, request: seen.append(1))
                    for _ in range(50):
                        client.list(ACCOUNT)
            except BaseException as error:
                wrong.append(error)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((len(seen), wrong), (400, []))


class Signals(Case):
    def interrupted(self, rule, what, kind=KeyboardInterrupt, number=signal.SIGINT):
        """`what` waits for a request that `rule` holds when the signal comes."""
        self.fault(f"{rule} {LONG}")

        def send():
            support.wait_until(support.is_held)
            os.kill(os.getpid(), number)

        sender = threading.Thread(target=send)
        sender.start()
        begin = time.monotonic()
        with self.assertRaises(kind):
            what()
        self.assertLess(time.monotonic() - begin, 25)  # what was held is not waited for
        sender.join()
        support.control("DELETE", "faults")

    def test_ctrl_c_ends_any_wait_and_the_client_is_usable(self):
        client = self.client(policy_text=POLICY)
        client.list(ACCOUNT)
        plan = client.plan()
        cases = {
            "list": lambda: client.list(ACCOUNT),
            "register": lambda: client.register(ACCOUNT, SERVICE, URL),
            "call": lambda: client.call(ACCOUNT, "GET", "/callbacks/{account}"),
            "ensure": lambda: client.ensure(ACCOUNT, SERVICE, URL),
            "deregister": lambda: client.deregister(ACCOUNT, SERVICE),
            "plan": lambda: client.plan(),
            "apply": lambda: client.apply(plan),
            "import": lambda: client.import_policy([ACCOUNT]),
        }
        handler = signal.getsignal(signal.SIGINT)
        for name, what in cases.items():
            with self.subTest(name):
                self.interrupted("* /callbacks/*", what)
                self.assertIsInstance(client.list(ACCOUNT), list)
        self.assertIs(signal.getsignal(signal.SIGINT), handler)

    def test_ctrl_c_while_tokens_are_got_and_given_back(self):
        with tempfile.TemporaryDirectory() as folder:
            client = self.client(state_dir=folder)
            for rule in ("POST *oauth2/token", "POST *session/login"):
                with self.subTest(rule):
                    self.interrupted(rule, client.auth.login)
                    client.auth.unlatch()
            for rule in ("POST *session/logout", "POST *oauth2/revoke"):
                with self.subTest(rule):
                    client.auth.login()
                    self.interrupted(rule, lambda: client.auth.logout(revoke=True))
            client.auth.login()
            self.assertEqual(client.list(ACCOUNT), [])
            client.close()

    def test_ctrl_c_ends_the_loop_of_an_async_client(self):
        async def wait(what):
            async with thingspace.AsyncClient(policy_text=POLICY) as client:
                await client.auth.login()
                begun.set()
                await what(client)

        cases = {
            "list": lambda client: client.list(ACCOUNT),
            "many": lambda client: client.list_many([ACCOUNT] * 3),
            "plan": lambda client: client.plan(),
            "ensure": lambda client: client.ensure(ACCOUNT, SERVICE, URL),
        }
        for name, what in cases.items():
            with self.subTest(name):
                begun = threading.Event()
                self.interrupted("GET /callbacks/*", lambda: asyncio.run(wait(what)))
                self.assertTrue(begun.is_set())

    def test_signals_are_the_commands_when_the_package_is_run(self):
        if support.is_sanitized("libtsan"):
            self.skipTest("a shell, as the command is here, does not start beside this sanitizer")
        ended = []
        for start in ([sys.executable, "-m", "thingspace"], ["thingspace"]):
            self.fault(SLOW)
            with subprocess.Popen(
                [*start, "list", ACCOUNT], stdout=subprocess.PIPE, stderr=subprocess.PIPE
            ) as running:
                self.assertTrue(support.wait_until(support.is_held))
                with open(f"/proc/{running.pid}/status", encoding="ascii") as file:
                    (ignored,) = (line for line in file if line.startswith("SigIgn:"))
                running.send_signal(signal.SIGINT)
                ended.append((*running.communicate(timeout=60), running.returncode, ignored))
            support.control("DELETE", "faults")
        # What Python ignores, SIGPIPE first, the command does not.
        self.assertEqual(ended[0], ended[1])
        self.assertNotEqual(ended[0][2], 0)
        self.assertNotIn(b"Traceback", ended[0][1])

    def test_other_signals_with_handlers_that_raise(self):
        def raise_it(number, frame):
            raise InterruptedError("alarm")

        before = signal.signal(signal.SIGALRM, raise_it)
        client = self.client()
        client.list(ACCOUNT)
        try:
            self.interrupted(
                "GET /callbacks/*",
                lambda: client.list(ACCOUNT),
                kind=InterruptedError,
                number=signal.SIGALRM,
            )
        finally:
            signal.signal(signal.SIGALRM, before)
        self.assertEqual(client.list(ACCOUNT), [])

    def test_a_handler_that_raises_nothing_lets_it_go_on(self):
        ran = []
        before = signal.signal(signal.SIGALRM, lambda number, frame: ran.append(1))
        client = self.client()
        client.list(ACCOUNT)
        self.fault("GET /callbacks/* delay=600")

        def send():
            support.wait_until(support.is_held)
            os.kill(os.getpid(), signal.SIGALRM)

        sender = threading.Thread(target=send)
        try:
            sender.start()
            self.assertEqual(client.list(ACCOUNT), [])
        finally:
            sender.join()
            signal.signal(signal.SIGALRM, before)
        self.assertEqual(ran, [1])

    def test_ctrl_c_inside_a_hook(self):
        client = self.client()

        @client.hook("request")
        def slow(call, request):
            _thread.interrupt_main()
            time.sleep(1)

        for what in (lambda: client.list(ACCOUNT), lambda: client.ensure(ACCOUNT, SERVICE, URL)):
            with self.assertRaises(KeyboardInterrupt):
                what()
        client.remove_hook("slow")
        self.assertEqual(client.list(ACCOUNT), [])

    def test_what_progress_raises_comes_out(self):
        client = self.client(policy_text=POLICY)

        def stop(progress):
            raise LookupError("enough")

        with self.assertRaises(LookupError):
            client.plan(progress=stop)
        plan = client.plan()
        with self.assertRaises(LookupError):
            client.apply(plan, on_result=stop)
        self.assertEqual(client.plan().counts.accounts, 3)


POLICY = """return { name = 'three', accounts = { 'TestAccount-2', 'Account-1', 'Account-2' },
listeners = function(account)
  return { CarrierService = { url = 'https://hooks.example.com/' .. account } }
end }"""


class Forks(Case):
    def test_a_child_is_told_and_the_parent_goes_on(self):
        client = self.client()
        client.list(ACCOUNT)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                client.list(ACCOUNT)
            except thingspace.UsageError as error:
                status = 0 if "fork" in error.message else 2
            try:
                client.close()
                with thingspace.Client() as own:
                    own.list(ACCOUNT)
            except BaseException:
                status = 3
            os._exit(status)
        _, status = os.waitpid(child, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0)
        self.assertEqual(client.list(ACCOUNT), [])

    def test_a_fork_with_calls_in_flight(self):
        client = core(flags=2)
        told = []
        client.start(told.append, "list", ACCOUNT)
        child = os.fork()
        if child == 0:
            client.close()
            os._exit(len(told))
        _, status = os.waitpid(child, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0)
        client.close()
        self.assertEqual(len(told), 1)


class Ends(Case):
    """The interpreter ends; nothing crashes."""

    def ends(self, text, status=0):
        got, out, err = run_script(textwrap.dedent(text))
        self.assertEqual(got, status, err)
        return out, err

    def test_with_calls_in_flight(self):
        for flags in (0, 2):
            out, err = self.ends(
                f"""
                from thingspace import _core, options
                client = _core.Core({{**options.make(), "flags": {flags}}})
                def done(result):
                    print(result.error.kind)
                for _ in range(3):
                    client.start(done, "list", "{ACCOUNT}")
                """
            )
            self.assertEqual(out, "cancelled\n" * 3)
            self.assertEqual(err, "")

    def test_with_a_daemon_thread_that_waits(self):
        self.fault(SLOW)
        out, err = self.ends(
            f"""
            import sys, thingspace, threading
            client = thingspace.Client()
            client.add_hook("request", lambda call, request: None)
            client.add_hook("error", lambda call, failure: None)
            threading.Thread(target=lambda: client.list("{ACCOUNT}"), daemon=True).start()
            sys.path.insert(0, {os.path.dirname(support.__file__)!r})
            import support
            print(support.wait_until(support.is_held))
            print("end")
            """
        )
        self.assertEqual(out, "True\nend\n")

    def test_inside_a_hook(self):
        out, err = self.ends(
            f"""
            import thingspace, sys
            client = thingspace.Client()
            @client.hook("request")
            def leave(call, request):
                sys.exit(5)
            client.list("{ACCOUNT}")
            """,
            status=5,
        )

    def test_with_what_was_never_closed(self):
        out, err = self.ends(
            f"""
            import thingspace
            class Policy:
                accounts = ["{ACCOUNT}"]
                def resolve(self, account, row): return None
                def listeners(self, account, row): return {{}}
            kept = thingspace.Client(policy=Policy(), secrets={{"a": thingspace.Secret("b")}})
            kept.add_hook("request", lambda call, request: kept and None)
            kept.list("{ACCOUNT}")
            import builtins
            builtins.kept = kept
            """
        )
        self.assertEqual(err, "")


class Unclosed(Case):
    """Who drops a client without closing it is told, where Python tells such things."""

    def dropped(self, make, wanted=1):
        """The warnings when what `make` made is gone, with the first words of each."""
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            make()
            # A thread that has ended its work may let go of it a little later.
            support.wait_until(lambda: self.collect() or len(told) >= wanted)
            self.collect()
        return [(row.category, *re.findall(r"\A\w+ <\w+", str(row.message))) for row in told]

    def test_a_client_is_closed_with_a_warning(self):
        for use in (lambda client: None, lambda client: client.list(ACCOUNT)):
            told = self.dropped(lambda: use(thingspace.Client()))
            self.assertEqual(told, [(ResourceWarning, "unclosed <Client")])

    def test_its_calls_are_told_and_its_files_removed(self):
        kept, told = [], []

        def make():
            names = [f"Account-{number:06}" for number in range(30000)]
            client = thingspace.Client(policy={"accounts": names})
            kept.append(client._folder.name)
            client._core.start(told.append, "list", names[0])

        self.assertEqual(len(self.dropped(make)), 1)
        self.assertEqual([result.error.kind for result in told], ["cancelled"])
        self.assertFalse(os.path.exists(kept[0]))

    def test_one_that_was_closed_or_never_made_is_not_told(self):
        class Half(thingspace.Client):
            def __init__(self):
                pass

        def fail(*given, **more):
            with self.assertRaises((thingspace.Error, TypeError)):
                thingspace.Client(*given, **more)

        for make in (
            lambda: thingspace.Client().close(),
            lambda: thingspace.Client().__exit__(),
            lambda: fail(policy_text="return 1"),
            lambda: fail(colour="red"),
            lambda: fail(5),
            Half,
        ):
            self.assertEqual(self.dropped(make, 0), [])

    def test_an_async_client_tells_once(self):
        async def use(everything):
            client = thingspace.AsyncClient(policy_text=POLICY)
            await client.list(ACCOUNT)
            if everything:
                self.assertEqual((await client.plan()).counts.accounts, 3)

        for everything in (False, True):
            told = self.dropped(lambda: asyncio.run(use(everything)))
            self.assertEqual(told, [(ResourceWarning, "unclosed <AsyncClient")])
        self.assertTrue(
            support.wait_until(
                lambda: not any(row.name.startswith("thingspace") for row in threading.enumerate())
            )
        )

    def test_a_warning_that_is_an_error_is_shown_and_harms_nobody(self):
        out, err = Ends.ends(
            self,
            f"""
            import thingspace, warnings
            warnings.simplefilter("error")
            for _ in range(2):
                thingspace.Client().list("{ACCOUNT}")
            print("end")
            """,
        )
        self.assertEqual(out, "end\n")
        self.assertEqual(err.count("ResourceWarning: unclosed <Client"), 2)

    def test_the_interpreter_may_end_at_once(self):
        self.fault(SLOW)
        begin = time.monotonic()
        out, err = Ends.ends(
            self,
            f"""
            import asyncio, sys, thingspace
            async def main():
                client = thingspace.AsyncClient(policy_text=POLICY)
                walk = aiter(client.plan())
                sys.path.insert(0, {os.path.dirname(support.__file__)!r})
                import support
                while not support.is_held():
                    await asyncio.sleep(0.01)
                main.client = client
            POLICY = {POLICY!r}
            asyncio.run(main())
            print("end")
            """,
        )
        self.assertEqual((out, err), ("end\n", ""))
        self.assertLess(time.monotonic() - begin, 25)  # what is held is not waited for


class Cycles(Case):
    def setUp(self):
        super().setUp()
        caught = warnings.catch_warnings()
        caught.__enter__()
        self.addCleanup(caught.__exit__, None, None, None)
        warnings.simplefilter("ignore", ResourceWarning)

    def gone(self, make):
        watched = make()
        self.collect()
        return watched() is None

    def test_through_hooks_policies_and_done(self):
        class Policy:
            accounts = [ACCOUNT]

            def listeners(self, account, row):
                return {}

        class Watched(thingspace.Client):
            pass

        def hook():
            client = Watched()
            client.add_hook("request", lambda call, request: client and None)
            client.list(ACCOUNT)
            return weakref.ref(client)

        def policy():
            declared = Policy()
            client = Watched(policy=declared)
            declared.client = client
            return weakref.ref(client)

        def failed():
            client = Watched()

            @client.hook("request")
            def broken(call, request):
                kept = client
                raise ValueError(kept)

            try:
                client.list(ACCOUNT)
            except thingspace.PluginError:
                pass
            return weakref.ref(client)

        def in_flight():
            client = Watched()
            client._core.start(lambda result: client, "list", ACCOUNT)
            return weakref.ref(client)

        for make in (hook, policy, failed, in_flight):
            with self.subTest(make.__name__):
                self.assertTrue(self.gone(make))

    def test_a_hook_that_was_removed_is_gone(self):
        client = self.client()

        class Hook:
            def __call__(self, call, request):
                return None

        hook = Hook()
        name = client.add_hook("request", hook)
        client.list(ACCOUNT)
        watched = weakref.ref(hook)
        del hook
        client.remove_hook(name)
        self.collect()
        self.assertIsNone(watched())

    def test_dropping_a_client_closes_it(self):
        told = []
        client = core()
        client.start(told.append, "list", ACCOUNT)
        del client
        self.collect()
        self.assertEqual(told[0].error.kind, "cancelled")


class Memory(Case):
    def grown(self, what, count):
        """KiB that `count` rounds add, after a tenth of them."""
        for _ in range(max(count // 10, 50)):
            what()
        self.collect()
        before = support.memory_kib()
        for _ in range(count):
            what()
        self.collect()
        return support.memory_kib() - before

    def flat(self, what, count, most=1024):
        if support.is_sanitized():
            what()
            self.skipTest("freed memory is held back here")
        self.assertLess(self.grown(what, count), most)

    def test_calls_with_hooks(self):
        client = self.client(timeout=60)

        @client.hook("request")
        def tag(call, request):
            request.set_header("X-Team", "blue")
            call.vars["a"] = 1

        client.add_hook("response", lambda call, response: response.json() and None)
        client.add_hook("audit", lambda event: event.attempts and None)
        client.register(ACCOUNT, SERVICE, URL, username="u", password=thingspace.Secret("p"))
        self.flat(lambda: client.list(ACCOUNT), CALLS)

    def test_calls_that_fail(self):
        client = self.client(timeout=60)

        @client.hook("request")
        def broken(call, request):
            raise ValueError("no")

        def fail():
            try:
                client.list(ACCOUNT)
            except thingspace.PluginError:
                pass

        self.flat(fail, CALLS // 10)

    def test_everything_else(self):
        client = self.client(policy_text=POLICY, timeout=60)

        def all_of_it():
            client.add_hook("request", lambda call, request: None, name="one")
            client.remove_hook("one")
            client.preview("register", ACCOUNT, SERVICE, URL, password=thingspace.Secret("x"))
            client.explain("list", ACCOUNT)
            client.policy_eval(ACCOUNT)
            client.row(ACCOUNT)
            client.plan(progress=lambda progress: None).json()

        self.flat(all_of_it, CALLS // 200)

    def test_clients_that_come_and_go(self):
        class Policy:
            accounts = [ACCOUNT]
            credentials = {"a": {"key": "k", "secret": thingspace.Secret("s")}}

            def listeners(self, account, row):
                return {"CarrierService": {"url": URL, "password": thingspace.Secret("x")}}

        def one():
            with thingspace.Client(policy=Policy) as client:
                client.policy_eval(ACCOUNT)

        self.flat(one, CALLS // 200)


if __name__ == "__main__":
    support.main()
