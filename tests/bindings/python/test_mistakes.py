# SPDX-License-Identifier: MIT
"""What people get wrong at first is told at once, by an error that says what was meant."""

import support
import thingspace
from support import ACCOUNT, Case


class Hooks(Case):
    def test_a_decorator_without_its_phase_installs_nothing_and_says_so(self):
        client = self.client()
        with self.assertRaisesRegex(TypeError, r'write @client\.hook\("check"\)'):

            @client.hook
            def guard(call, request):
                return thingspace.deny()

        with self.assertRaises(TypeError):
            client.hook()

    def test_a_misspelt_phase_is_refused_before_the_function_is_seen(self):
        with self.assertRaisesRegex(thingspace.UsageError, "did you mean 'request'"):
            self.client().hook("requets")

    def test_what_cannot_be_called_is_refused_when_it_is_added(self):
        client = self.client()

        async def later(call, request):
            pass

        async def many(call, request):
            yield 1

        def some(call, request):
            yield 1

        class Later:
            async def __call__(self, call, request):
                pass

        cases = (
            (later, "async"),
            (many, "async"),
            (Later(), "async"),
            (some, "yields"),
            (lambda call: None, r"a request hook is called with \(call, request\)"),
            (lambda call, request, more: None, "called with"),
            (lambda *, call, request: None, "called with"),
        )
        for function, said in cases:
            with self.subTest(said), self.assertRaisesRegex(TypeError, said):
                client.add_hook("request", function)
        with self.assertRaisesRegex(TypeError, r"called with \(event\)"):
            client.add_hook("audit", lambda call, request: None)
        client.add_hook("audit", lambda *any: None)
        client.add_hook("request", lambda call, request, more=1: None)

    def test_the_same_function_again_is_logged(self):
        client = self.client()

        def guard(call, request):
            pass

        client.add_hook("request", guard)
        with self.assertLogs("thingspace", "WARNING") as logs:
            self.assertEqual(client.add_hook("request", guard), "guard-2")
        self.assertIn("remove_hook('guard')", logs.output[0])
        with self.assertNoLogs("thingspace", "WARNING"):
            client.add_hook("request", guard, name="meant")
            client.add_hook("request", lambda call, request: None)
            client.add_hook("request", lambda call, request: None)


class Options(Case):
    def test_an_unknown_one_is_told_with_the_nearest(self):
        for kind in (thingspace.Client, thingspace.AsyncClient):
            said = f"{kind.__name__} has no option 'time_out'; did you mean 'timeout'"
            with self.assertRaisesRegex(TypeError, said):
                kind(time_out=3)
            with self.assertRaisesRegex(TypeError, "no option 'xyz'$"):
                kind(xyz=3)

    def test_wrong_values_are_usage_errors_and_value_errors(self):
        client = self.client()
        for wrong in (
            lambda: client.list(ACCOUNT, timeout=0),
            lambda: thingspace.Client(timeout=-1),
            lambda: thingspace.Client(log_level="loud"),
            lambda: thingspace.AsyncClient().list_many([], in_flight=0),
        ):
            with self.assertRaises(thingspace.UsageError) as caught:
                wrong()
            self.assertIsInstance(caught.exception, ValueError)

    def test_what_is_no_client_or_plan(self):
        client = self.client()
        for wrong in (None, "plan.json", {}):
            with self.assertRaisesRegex(TypeError, "takes a client, not"):
                client.policy_diff(wrong)


class Logging(Case):
    def test_a_line_has_the_place_where_the_program_waits(self):
        client = self.client(log_level="debug")
        with self.assertLogs("thingspace", "DEBUG") as logs:
            client.list(ACCOUNT)
        self.assertEqual({record.filename for record in logs.records}, {"test_mistakes.py"})


if __name__ == "__main__":
    support.main()
