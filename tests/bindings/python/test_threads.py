# SPDX-License-Identifier: MIT
"""Clients in threads, and signals while they wait."""

import _thread
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

import support
import thingspace
from support import ACCOUNT, LONG, URL, Case

SERVICE = "CarrierService"
SLOW = f"GET /callbacks/* {LONG}"


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


if __name__ == "__main__":
    support.main()
