# SPDX-License-Identifier: MIT
"""Life and death of clients: closing, what nobody closed, cycles, calls in flight."""

import asyncio
import os
import re
import sys
import threading
import time
import warnings
import weakref

import support
import thingspace
from support import ACCOUNT, LONG, URL, Case
from thingspace import _core, options

SERVICE = "CarrierService"
SLOW = f"GET /callbacks/* {LONG}"


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


POLICY = """return { name = 'three', accounts = { 'TestAccount-2', 'Account-1', 'Account-2' },
listeners = function(account)
  return { CarrierService = { url = 'https://hooks.example.com/' .. account } }
end }"""


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
        out, err = self.ends(
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
        out, err = self.ends(
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


if __name__ == "__main__":
    support.main()
