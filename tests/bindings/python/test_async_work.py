# SPDX-License-Identifier: MIT
"""AsyncClient: many calls at once, and plan, apply and import in its thread."""

import asyncio
import os
import tempfile

import support
import thingspace
from support import ACCOUNT, LONG, URL
from support_async import FLEET, Case

SERVICE = "CarrierService"


class Many(Case):
    def rows(self, count):
        for number in range(count):
            yield f"TestAccount-{number % 3}", SERVICE, URL

    async def test_a_list_of_outcomes(self):
        outcomes = await self.client().register_many(self.rows(2500))
        self.assertEqual(len(outcomes), 2500)
        self.assertEqual([outcome for outcome in outcomes if outcome.error is not None], [])
        self.assertEqual(outcomes[0].status, 200)

    async def test_walking_gives_failures_among_the_others(self):
        client, good, bad = self.client(), [], []
        await client.register("TestAccount-1", SERVICE, URL)
        rows = [("TestAccount-1", SERVICE), ("TestAccount-2", SERVICE)]
        async for outcome in client.deregister_many(rows):
            (good if outcome.error is None else bad).append(outcome)
        self.assertEqual([outcome.account_name for outcome in good], ["TestAccount-1"])
        self.assertEqual([outcome.account_name for outcome in bad], ["TestAccount-2"])
        self.assertIsInstance(bad[0].error, thingspace.ServiceError)
        self.assertIn("ServiceError", repr(bad[0]))

    async def test_listeners_of_many(self):
        client = self.client()
        await client.register(ACCOUNT, SERVICE, URL)
        outcomes = await client.list_many([ACCOUNT, "TestAccount-1"], in_flight=1)
        self.assertEqual(
            {outcome.account_name: len(outcome.listeners) for outcome in outcomes},
            {ACCOUNT: 1, "TestAccount-1": 0},
        )

    async def test_no_more_begin_than_may(self):
        client, begun = self.client(), []

        def rows():
            for row in self.rows(50):
                begun.append(row)
                yield row

        bulk = client.register_many(rows(), in_flight=5)
        async for _ in bulk:
            self.assertLessEqual(len(begun), 10)
            break
        await self.until(lambda: client.pending == 0)
        self.assertLessEqual(len(begun), 10)

    async def test_rows_that_are_none(self):
        client = self.client()
        wrong = ["abc", 5, (), ("a", "b"), ("a", "b", "c", "d", None, "f"), (ACCOUNT, SERVICE, 7)]
        rows = [wrong[0], (ACCOUNT, SERVICE, URL), *wrong[1:]]
        outcomes = await client.register_many(rows, in_flight=3)
        self.assertEqual(len(outcomes), len(rows))
        good = [outcome for outcome in outcomes if outcome.error is None]
        self.assertEqual([outcome.account_name for outcome in good], [ACCOUNT])
        bad = [outcome for outcome in outcomes if outcome.error is not None]
        self.assertEqual({type(outcome.error) for outcome in bad}, {TypeError})
        self.assertEqual({outcome.account_name for outcome in bad}, {"abc", "5", "", "a", ACCOUNT})
        with self.assertRaises(thingspace.UsageError):
            client.register_many([], in_flight=0)
        self.assertEqual(client.pending, 0)

    async def test_options_of_the_calls(self):
        client = self.client()
        await client.list(ACCOUNT)
        self.fault(f"POST /callbacks/* {LONG}")
        (outcome,) = await client.register_many([(ACCOUNT, SERVICE, URL)], timeout=0.1)
        self.assertIsInstance(outcome.error, TimeoutError)
        (outcome,) = await client.list_many([ACCOUNT], api="location")
        self.assertIsNone(outcome.error)


class Desired(Case):
    async def test_a_plan_tells_its_progress(self):
        client = self.client(policy_text=FLEET)
        told, run = [], client.plan()
        async for progress in run:
            told.append(progress.done)
        plan = await run
        self.assertEqual((told[-1], plan.counts.accounts, plan.counts.add), (3, 3, 3))

    async def test_an_apply_tells_its_changes(self):
        client = self.client(policy_text=FLEET)
        run = client.apply(await client.plan())
        changes = [change async for change in run]
        applied = await run
        self.assertEqual((len(changes), applied.done, applied.failed), (3, 3, 0))
        self.assertEqual({change.action for change in changes}, {"add"})
        self.assertEqual({change.unchanged for change in changes}, {False})
        self.assertEqual((await client.plan()).counts.unchanged, 3)

    async def test_what_is_as_planned_already_is_told_apart(self):
        client = self.client(policy_text=FLEET)
        plan = await client.plan()
        await client.register("TestAccount-1", SERVICE, "https://hooks.example.com/TestAccount-1")
        run = client.apply(plan)
        told = {change.account_name: change.unchanged async for change in run}
        self.assertEqual(
            told, {"TestAccount-1": True, "TestAccount-2": False, "0000123456-00001": False}
        )
        self.assertEqual(((await run).done, (await run).unchanged), (2, 1))

    async def test_an_apply_tells_progress(self):
        client = self.client(policy_text=FLEET)
        run = client.apply(await client.plan(), progress=True)
        self.assertIn(3, [progress.done async for progress in run])

    async def test_what_fails_is_raised_after_walking(self):
        client = self.client(policy_text=FLEET)
        plan = await client.plan()
        self.fault("POST *00001* status=400")
        run = client.apply(plan)
        with self.assertRaises(thingspace.PartialError) as caught:
            async for _ in run:
                pass
        self.assertEqual(caught.exception.result.done, 2)
        with self.assertRaises(thingspace.PartialError):
            await run

    async def test_a_plan_is_saved_and_loaded(self):
        client = self.client(policy_text=FLEET)
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "plan.json")
            made = await client.plan("TestAccount-1")
            made.save(file)
            loaded = await client.load_plan(file)
            self.assertEqual(loaded.id, made.id)
        client.check_plan(loaded)
        self.assertEqual((await client.apply(loaded)).done, 1)

    async def test_an_import(self):
        client = self.client(policy_text=FLEET)
        await client.register("TestAccount-1", SERVICE, URL)
        imported = await client.import_policy(["TestAccount-1"])
        self.assertEqual(imported.listeners, 1)

    async def test_hooks_are_those_of_the_client(self):
        client = self.client(policy_text=FLEET)
        name = client.add_hook("check", lambda call, request: thingspace.deny("no", "no"))
        self.assertEqual((await client.plan()).counts.unread, 3)
        client.remove_hook(name)
        self.assertEqual((await client.plan()).counts.unread, 0)

    async def test_a_policy_that_is_an_object(self):
        class Fleet:
            accounts = [{"account": "TestAccount-1", "place": "north"}, "TestAccount-2"]

            def resolve(self, account, row):
                return {"timeout_ms": 5000}

            def listeners(self, account, row):
                place = (row or {}).get("place", "south")
                return {SERVICE: {"url": f"{URL}/{place}", "password": thingspace.Secret("p")}}

        client = self.client(policy=Fleet())
        self.assertEqual(client.accounts, ["TestAccount-1", "TestAccount-2"])
        self.assertEqual((await client.apply(await client.plan())).done, 2)
        (listed,) = await client.list("TestAccount-1")
        self.assertEqual((listed.url, listed.has_password), (f"{URL}/north", True))

    async def test_a_reload_reaches_the_thread(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "fleet.lua")
            for accounts in (1, 2):
                names = ", ".join(f"'TestAccount-{number}'" for number in range(1, accounts + 1))
                with open(file, "w", encoding="utf-8") as script:
                    script.write(f"return {{ name = 'f', accounts = {{ {names} }} }}")
                if accounts == 1:
                    client = self.client(file)
                else:
                    client.reload()
                self.assertEqual(len(client.accounts), accounts)
                self.assertEqual((await client.plan()).counts.accounts, accounts)

    async def test_the_loop_goes_on_meanwhile(self):
        client = self.client(policy_text=FLEET)
        self.fault(f"GET * {LONG}")
        run = asyncio.ensure_future(client.plan()._finish())
        await self.until(support.is_held)
        for _ in range(10):
            await asyncio.sleep(0.001)
        self.assertFalse(run.done())
        run.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await run


if __name__ == "__main__":
    support.main()
