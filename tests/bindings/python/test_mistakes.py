# SPDX-License-Identifier: MIT
"""What people get wrong at first is told at once, by an error that says what was meant."""

import support
import thingspace
from support import ACCOUNT, URL, Case


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
            for use in (client.apply, client.check_plan):
                with self.assertRaisesRegex(TypeError, r"a plan is what plan\(\)"):
                    use(wrong)


class Policies(Case):
    def test_a_member_that_is_misspelt_is_refused(self):
        class Function:
            accounts = [ACCOUNT]

            def listener(self, account, row):
                return {}

        class Data:
            accounts = [ACCOUNT]
            endpoint = {}

        class Own(Function):
            def __init__(self):
                self.account = []

        for policy, meant in ((Function(), "listeners"), (Function, "listeners"), (Data, "endpoints")):
            with self.assertRaisesRegex(thingspace.UsageError, f"did you mean '{meant}'"):
                self.client(policy)
        with self.assertRaisesRegex(thingspace.UsageError, "did you mean"):
            self.client(Own())
        with self.assertRaisesRegex(thingspace.UsageError, "did you mean 'listeners'"):
            self.client({"accounts": [], "listener": None})

    def test_a_function_that_nobody_calls_is_warned_of(self):
        class Policy:
            accounts = [ACCOUNT]
            region = "north"
            account_names = ()
            listener_url = URL

            def _helper(self):
                pass

            def decide(self, account):
                pass

        with self.assertWarnsRegex(UserWarning, "nobody calls Policy.decide") as caught:
            self.client(Policy())
        self.assertEqual(caught.filename, support.__file__)  # which calls Client
        self.assertEqual(len(caught.warnings), 1)

    def test_what_a_function_raised_is_the_cause_of_the_problem(self):
        raised = KeyError("region")

        class Policy:
            accounts = [ACCOUNT, "TestAccount-1"]

            def listeners(self, account, row):
                if account == ACCOUNT:
                    raise raised
                return {}

        plan = self.client(Policy()).plan()
        (problem,) = plan.problems
        self.assertIs(problem.cause, raised)
        self.assertEqual((problem.kind, problem.account_name), ("policy", ACCOUNT))


DECLARED = """return { name = "lab", accounts = { "TestAccount-2" },
owns = { "https://hooks.example.com/*" }, listeners = function() return { %s } end }"""
ONE = 'CarrierService = { url = "https://hooks.example.com/a" }'
OTHER = 'DeviceService = { url = "https://hooks.example.com/a" }'


class Plans(Case):
    def test_it_is_a_collection_of_changes_and_shows_what_it_could_not_do(self):
        client = self.client(policy_text=DECLARED % ONE)
        plan = client.plan()
        self.assertEqual((len(plan), list(plan)), (1, plan.changes))
        self.assertTrue(plan)
        self.fault("GET /callbacks/* status=403")
        plan = client.plan()
        self.assertFalse(plan)
        self.assertEqual(len(plan.problems), 1)
        self.assertRegex(repr(plan), "0 add, .* 0 blocked, 0 failed; 1 of 1 accounts unread>$")

    def test_removals_that_are_skipped_raise_nothing(self):
        self.client(policy_text=DECLARED % f"{ONE}, {OTHER}").apply(
            self.client(policy_text=DECLARED % f"{ONE}, {OTHER}").plan()
        )
        client = self.client(policy_text=DECLARED % ONE)
        applied = client.apply(client.plan())
        self.assertEqual((applied.done, applied.skipped), (0, 1))
        (skipped,) = applied
        self.assertRegex(str(skipped.error), "prune=True removes it")
        self.assertRegex(skipped.error.message, "--prune removes it")

    def test_an_error_tells_of_removals_that_were_skipped(self):
        client = self.client(policy_text=DECLARED % f"{ONE}, {OTHER}")
        client.apply(client.plan())
        broken = f'{ONE}, SMSDeliveryConfirmation = {{ url = "https://hooks.example.com/" }}'
        broken += ', AlertService = { url = "https://hooks.example.com/" }'
        client = self.client(policy_text=DECLARED % broken)
        plan = client.plan()
        self.fault("POST /callbacks/* status=400 times=1")
        with self.assertRaisesRegex(thingspace.PartialError, r"1 to remove \(prune=True\)"):
            client.apply(plan)

    def test_the_error_of_an_apply_has_what_was_done(self):
        client = self.client(policy_text=DECLARED % f"{ONE}, {OTHER}")
        self.fault("POST /callbacks/* status=400 times=1")
        with self.assertRaises(thingspace.PartialError) as caught:
            client.apply(client.plan())
        error = caught.exception
        self.assertIs(error.applied, error.result)
        self.assertEqual((error.applied.done, error.applied.failed), (1, 1))
        with self.assertRaisesRegex(AttributeError, "not the error of an import"):
            error.imported

    def test_advice_is_in_the_words_of_python(self):
        self.client().register(ACCOUNT, "CarrierService", "https://stranger.example.net/")
        client = self.client(policy_text=DECLARED % ONE)
        with self.assertRaisesRegex(thingspace.RefusedError, "use take_over=True to move it"):
            client.apply(client.plan())
        client = self.client(policy_text=DECLARED % f"{ONE}, {OTHER}")
        with self.assertRaisesRegex(thingspace.PartialError, r"1 to take over \(take_over=True\)"):
            client.apply(client.plan())

    def test_a_code_is_told_once(self):
        with self.assertRaises(thingspace.ServiceError) as caught:
            self.client().deregister(ACCOUNT, "DeviceService")
        self.assertEqual(str(caught.exception).count(caught.exception.code), 1)


class Logging(Case):
    def test_a_line_has_the_place_where_the_program_waits(self):
        client = self.client(log_level="debug")
        with self.assertLogs("thingspace", "DEBUG") as logs:
            client.list(ACCOUNT)
        self.assertEqual({record.filename for record in logs.records}, {"test_mistakes.py"})


if __name__ == "__main__":
    support.main()
