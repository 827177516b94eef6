# SPDX-License-Identifier: MIT
"""Memory stays flat, however often a thing is done."""

import os

import support
import thingspace
from support import ACCOUNT, URL, Case

SERVICE = "CarrierService"
CALLS = int(os.environ.get("THINGSPACE_LOOPS", "20000"))  # `make check-memory`: 100000
POLICY = """return { name = 'three', accounts = { 'TestAccount-2', 'Account-1', 'Account-2' },
listeners = function(account)
  return { CarrierService = { url = 'https://hooks.example.com/' .. account } }
end }"""


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
