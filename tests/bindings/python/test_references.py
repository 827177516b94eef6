# SPDX-License-Identifier: MIT
"""What is taken and not given back: memory of Python, and in its debug build, for which references.sh
builds the binding, references. Each thing is done ROUNDS times; one of each that stays is seen."""

import asyncio
import os
import sys

ROUNDS = int(os.environ.get("ROUNDS", "200"))

import support  # noqa: E402
import thingspace  # noqa: E402
from support import ACCOUNT, URL, Case  # noqa: E402

SERVICE = "CarrierService"


class Policy:
    accounts = [ACCOUNT]
    credentials = {"a": {"key": "k", "secret": thingspace.Secret("s")}}

    def listeners(self, account, row):
        return {SERVICE: {"url": URL, "password": thingspace.Secret("x")}}


class References(Case):
    def held(self):
        self.collect()
        held = {"blocks of memory": sys.getallocatedblocks()}
        if hasattr(sys, "gettotalrefcount"):
            held["references"] = sys.gettotalrefcount()
        return held

    def flat(self, what):
        for _ in range(ROUNDS // 5):
            what()
        before = self.held()
        for _ in range(ROUNDS):
            what()
        for kind, count in self.held().items():
            self.assertLess(count - before[kind], ROUNDS * 9 // 10, kind)

    def failing(self, kind, what):
        def fail():
            try:
                what()
            except kind:
                return
            raise AssertionError(f"no {kind}")

        self.flat(fail)

    def test_calls(self):
        client = self.client()
        self.flat(lambda: client.ensure(ACCOUNT, SERVICE, URL))
        self.flat(lambda: client.list(ACCOUNT))
        self.flat(lambda: client.call(ACCOUNT, method="GET", path="/callbacks/" + ACCOUNT))

        def again():
            client.register(ACCOUNT, "DeviceService", URL, password=thingspace.Secret("x"))
            client.deregister(ACCOUNT, "DeviceService")

        self.flat(again)
        self.flat(lambda: client.preview("register", ACCOUNT, SERVICE, URL))
        self.flat(lambda: client.explain("list", ACCOUNT))
        self.flat(client.auth.status)

    def test_failures(self):
        client = self.client()
        self.failing(TypeError, lambda: client.list(5))
        self.failing(thingspace.UsageError, lambda: client.list(""))
        self.failing(thingspace.ServiceError, lambda: client.deregister(ACCOUNT, "NoService"))
        self.failing(thingspace.PolicyError, lambda: thingspace.Client(policy_text="x ="))

    def test_hooks(self):
        client = self.client()

        @client.hook("request")
        def tag(call, request):
            request.set_header("X-Team", "blue")
            call.vars["a"] = "b"


        @client.hook("response")
        def read(call, response):
            response.json()

        @client.hook("audit")
        def told(event):
            str(event.attempts)

        self.flat(lambda: client.list(ACCOUNT))

        @client.hook("request", name="broken")
        def broken(call, request):
            raise ValueError("no")

        self.failing(thingspace.PluginError, lambda: client.list(ACCOUNT))
        client.remove_hook("broken")
        client.add_hook("request", lambda call, request: thingspace.deny("no", "not now"), name="no")
        self.failing(thingspace.DeniedError, lambda: client.list(ACCOUNT))
        client.remove_hook("no")

        def come_and_go():
            client.add_hook("request", lambda call, request: None, name="one")
            client.remove_hook("one")

        self.flat(come_and_go)

    def test_plans(self):
        client = self.client(policy=Policy)
        self.flat(lambda: client.plan(progress=lambda progress: None).json())
        self.flat(lambda: client.apply(client.plan()))
        self.flat(lambda: client.policy_eval(ACCOUNT))

    def test_clients(self):
        def one():
            with thingspace.Client(policy=Policy) as client:
                client.add_hook("request", lambda call, request: client and None)

        self.flat(one)

    def test_async(self):
        async def work():
            async with thingspace.AsyncClient() as client:
                await client.list(ACCOUNT)
                async for outcome in client.list_many([ACCOUNT] * 3):
                    outcome.error
                try:
                    await asyncio.wait_for(client.list(ACCOUNT), 0)
                except TimeoutError:
                    pass

        self.flat(lambda: asyncio.run(work()))


if __name__ == "__main__":
    support.main()
