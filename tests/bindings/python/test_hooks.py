# SPDX-License-Identifier: MIT
"""Hooks of the program: what they answer, how they fail, how they are added and removed."""

import os
import tempfile

import support
import thingspace
from support import ACCOUNT, URL, Case

SERVICE = "CarrierService"


class Answered(Case):
    def test_deny(self):
        client = self.client()

        @client.hook("check")
        def office_hours(call, request):
            return thingspace.deny("window", "not before 22:00")

        with self.assertRaises(thingspace.DeniedError) as caught:
            client.list(ACCOUNT)
        error = caught.exception
        self.assertEqual((error.kind, error.code, error.phase), ("denied", "window", "check"))
        self.assertIn("not before 22:00", error.message)
        self.assertEqual(error.instance, "office-hours")
        self.assertIsInstance(error, thingspace.PluginError)

    def test_a_tenants_instance_names_the_tenant(self):
        deny = "hooks = { check = function() return thingspace.deny('no', 'never') end }"
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (
                ("no.lua", f"return {{ name = 'no', version = '1', api = 1, {deny} }}"),
                ("red.lua", "return { plugins = { { './no.lua' } } }"),
                (
                    "fleet.lua",
                    f"return {{ name = 'fleet', accounts = {{ '{ACCOUNT}' }}, tenants = {{ red = {{"
                    f" script = 'red.lua', accounts = {{ '{ACCOUNT}' }}, endpoints = {{"
                    " 'environment' }, credentials = { 'environment' }, plugins = {"
                    " ['./no.lua'] = {} } } } }",
                ),
            ):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text)
            client = self.client(policy=os.path.join(folder, "fleet.lua"))
            with self.assertRaises(thingspace.DeniedError) as caught:
                client.list(ACCOUNT)
        self.assertEqual((caught.exception.instance, caught.exception.tenant), ("no", "red"))

    def test_reply(self):
        client = self.client()

        @client.hook("request")
        def answer(call, request):
            return thingspace.reply(status=200, json={"a": [1, None]}, headers={"X-From": "here"})

        reply = client.call(ACCOUNT, "GET", "/anything")
        self.assertEqual(reply.json(), {"a": [1, None]})
        self.assertEqual((reply.status, reply.header("x-from"), reply.attempts), (200, "here", 0))

    def test_stop(self):
        client = self.client()
        ran = []
        client.add_hook("request", lambda call, request: thingspace.stop(), priority=1)
        client.add_hook("request", lambda call, request: ran.append(1), priority=2)
        client.list(ACCOUNT)
        self.assertEqual(ran, [])

    def test_wait(self):
        import time

        client = self.client()
        client.list(ACCOUNT)
        ran = []
        client.add_hook("request", lambda call, request: thingspace.wait(200), priority=1)
        client.add_hook("request", lambda call, request: ran.append(1), priority=2)
        began = time.monotonic()
        client.list(ACCOUNT)
        # Clocks differ, and what one of them rounds is lost: a wait may seem shorter by some.
        self.assertGreater(time.monotonic() - began, 0.1)
        self.assertEqual(ran, [1])

    def test_what_is_no_verdict_fails_and_tells_where(self):
        client = self.client()

        def made_and_lost(call, request):
            thingspace.deny("a", "b")

        def number(call, request):
            return 1

        cases = {
            number: "int",
            made_and_lost: "a verdict was made and not returned",
        }
        for function, said in cases.items():
            with self.subTest(said):
                name = client.add_hook("request", function)
                with self.assertRaises(thingspace.PluginError) as caught:
                    client.list(ACCOUNT)
                self.assertIn(said, caught.exception.message)
                line = function.__code__.co_firstlineno
                self.assertIn(f"test_hooks.py:{line}", caught.exception.message)
                client.remove_hook(name)

    def test_bad_verdicts(self):
        client = self.client()
        cases = [
            lambda call, request: thingspace.reply(status=9999),
            lambda call, request: thingspace.reply(json={1}),
            lambda call, request: thingspace.reply(json=thingspace.Secret("x")),
            lambda call, request: thingspace.reply(headers={"A": "b\r\nc"}),
            lambda call, request: thingspace.reply(headers={"A": 1}),
            lambda call, request: thingspace.reply(headers=[]),
            lambda call, request: thingspace.wait(-5),
            lambda call, request: thingspace.wait("soon"),
            lambda call, request: thingspace.wait(2**80),
            lambda call, request: thingspace.deny(1),
            lambda call, request: thingspace.deny("a", "b\0c"),
        ]
        for function in cases:
            with self.subTest(line=function.__code__.co_firstlineno):
                name = client.add_hook("request", function)
                with self.assertRaises(thingspace.PluginError):
                    client.list(ACCOUNT)
                client.remove_hook(name)


class Failing(Case):
    def test_the_exception_is_the_cause_with_file_and_line(self):
        client = self.client()

        @client.hook("request")
        def broken(call, request):
            raise KeyError("missing")

        with self.assertRaises(thingspace.PluginError) as caught:
            client.list(ACCOUNT)
        error = caught.exception
        self.assertIsInstance(error.__cause__, KeyError)
        self.assertEqual(error.file, __file__)
        self.assertEqual(error.line, broken.__code__.co_firstlineno + 2)
        self.assertIn("KeyError: 'missing' (test_hooks.py:", error.message)
        self.assertEqual((error.instance, error.phase), ("broken", "request"))

    def test_skip_and_quarantine_let_the_call_go_on(self):
        client = self.client()

        def broken(call, request):
            ran.append(1)
            raise ValueError("no")

        ran = []
        with self.assertLogs("thingspace", "WARNING") as logs:
            client.add_hook("request", broken, on_error="skip", name="skipped")
            client.add_hook("request", broken, on_error="quarantine", name="resting")
            client.list(ACCOUNT)
        self.assertEqual(ran, [1, 1])
        self.assertIn("ValueError: no", "".join(logs.output))
        client.list(ACCOUNT)
        self.assertEqual(ran, [1, 1, 1])

    def test_a_required_audit_fails_the_call(self):
        client = self.client()

        def broken(event):
            raise OSError("disk full")

        name = client.add_hook("audit", broken)
        with self.assertLogs("thingspace", "WARNING"):
            client.list(ACCOUNT)
        client.remove_hook(name)
        client.add_hook("audit", broken, required=True)
        with self.assertRaises(thingspace.PluginError):
            client.list(ACCOUNT)

    def test_the_wrong_number_of_arguments(self):
        client = self.client()
        client.add_hook("request", lambda *ignored: (lambda call: None)(*ignored))
        with self.assertRaises(thingspace.PluginError) as caught:
            client.list(ACCOUNT)
        self.assertIsInstance(caught.exception.__cause__, TypeError)

    def test_an_exception_that_cannot_be_described(self):
        class Odd(Exception):
            def __str__(self):
                raise RuntimeError("not even this")

        client = self.client()

        @client.hook("request")
        def odd(call, request):
            raise Odd

        with self.assertRaises(thingspace.PluginError) as caught:
            client.list(ACCOUNT)
        self.assertIn("Odd", caught.exception.message)

    def test_one_that_is_no_exception_comes_out(self):
        client = self.client()

        @client.hook("request")
        def leave(call, request):
            raise SystemExit(7)

        for call in (
            lambda: client.list(ACCOUNT),
            lambda: client.deregister(ACCOUNT, SERVICE),
            lambda: client.ensure(ACCOUNT, SERVICE, URL),
        ):
            with self.assertRaises(SystemExit):
                call()
        client.remove_hook("leave")
        self.assertEqual(client.list(ACCOUNT), [])

    def test_recursion_is_a_failure(self):
        client = self.client()

        @client.hook("request")
        def deep(call, request):
            return deep(call, request)

        with self.assertRaises(thingspace.PluginError) as caught:
            client.list(ACCOUNT)
        self.assertIsInstance(caught.exception.__cause__, RecursionError)


class Using(Case):
    def test_stale_handles_say_so(self):
        client = self.client()
        kept = []
        client.add_hook("request", lambda *handles: kept.extend(handles))
        client.add_hook("response", lambda call, response: kept.append(response))
        client.add_hook("audit", lambda event: kept.append(event))
        client.list(ACCOUNT)
        call, request, response, event = kept
        uses = [
            lambda: call.account,
            lambda: call.tags,
            lambda: call.vars,
            lambda: call.dry_run,
            lambda: call.log("x"),
            lambda: request.method,
            lambda: request.header("a"),
            lambda: request.set_header("a", "b"),
            lambda: request.set_json({}),
            lambda: request.query("a"),
            lambda: response.status,
            lambda: response.json(),
            lambda: event.account,
            lambda: event.attempts,
            lambda: event.text(),
        ]
        for use in uses:
            with self.subTest(line=use.__code__.co_firstlineno):
                with self.assertRaisesRegex(thingspace.UsageError, "stale handle"):
                    use()

    def test_a_handle_gone_stale_while_it_is_used(self):
        client = self.client()
        kept = []

        @client.hook("request")
        def keep(call, request):
            kept.append(call.vars)

        client.list(ACCOUNT)
        with self.assertRaisesRegex(thingspace.UsageError, "stale handle"):
            kept[0]["a"] = 1

    def test_handles_cannot_be_made(self):
        from thingspace import _core

        for kind in (_core.Call, _core.Request, _core.Response, _core.Failure, _core.Event):
            with self.assertRaises(TypeError):
                kind()
            with self.assertRaises(TypeError):
                kind.account = 1

    def test_a_hook_cannot_use_its_client(self):
        client = self.client()
        said = []

        @client.hook("request")
        def meddle(call, request):
            for use in (
                lambda: client.list(ACCOUNT),
                lambda: client.add_hook("request", print),
                lambda: client.remove_hook("meddle"),
                lambda: client.plan(),
                lambda: client.reload(),
                lambda: client.auth.status(),
            ):
                try:
                    use()
                except thingspace.UsageError as error:
                    said.append(error.message)

        client.list(ACCOUNT)
        self.assertEqual(len(said), 6, said)

    def test_a_hook_may_use_another_client(self):
        client, other = self.client(), self.client()
        seen = []
        client.add_hook("request", lambda call, request: seen.append(other.list(ACCOUNT)))
        client.list(ACCOUNT)
        self.assertEqual(seen, [[]])

    def test_close_inside_a_hook_waits_for_the_call(self):
        client = self.client()
        client.add_hook("request", lambda call, request: client.close())
        client.list(ACCOUNT)
        self.assertTrue(client.closed)
        with self.assertRaises(thingspace.UsageError):
            client.list(ACCOUNT)

    def test_names_and_options(self):
        client = self.client()

        def _Odd_Name_(call, request):
            pass

        self.assertEqual(client.add_hook("request", _Odd_Name_), "odd-name")
        self.assertEqual(client.add_hook("request", _Odd_Name_), "odd-name-2")
        self.assertEqual(client.add_hook("request", lambda call, request: None), "lambda")
        self.assertEqual(client.add_hook("request", Called()), "called")
        self.assertEqual(client.add_hook("request", print, name="mine"), "mine")
        for wrong in (
            lambda: client.hook("nothing")(print),
            lambda: client.hook("request", priority=-1)(print),
            lambda: client.hook("request", priority=10001)(print),
            lambda: client.hook("request", priority=1.5)(print),
            lambda: client.hook("request", priority=True)(print),
            lambda: client.hook("request", on_error="explode")(print),
            lambda: client.hook("request", name="mine")(print),
            lambda: client.hook("request", name="Not a name")(print),
            lambda: client.remove_hook("nobody"),
        ):
            with self.assertRaises(thingspace.Error):
                wrong()
        for wrong in (
            lambda: client.hook("request")(None),
            lambda: client.hook(None)(print),
            lambda: client.hook("request", on_error=1)(print),
            lambda: client.hook("request", name=1)(print),
        ):
            with self.assertRaises((TypeError, thingspace.UsageError)):
                wrong()
        self.assertIsNotNone(client.hook("request", name="shown")(Called()))

    def test_priority_orders_them(self):
        client = self.client()
        order = []
        for number in (300, 100, 200):
            client.add_hook(
                "request",
                lambda call, request, number=number: order.append(number),
                priority=number,
            )
        client.list(ACCOUNT)
        self.assertEqual(order, [100, 200, 300])

    def test_a_line_of_the_log(self):
        client = self.client(log_level="info")

        @client.hook("request")
        def tell(call, request):
            call.log("hello")

        with self.assertLogs("thingspace", "INFO") as logs:
            client.list(ACCOUNT)
        self.assertTrue(any("tell: hello" in line for line in logs.output), logs.output)


class Called:
    def __call__(self, call, request):
        return None


if __name__ == "__main__":
    support.main()
