# SPDX-License-Identifier: MIT
"""What an AsyncClient answers is awaited, awaited again, made a task of, or missed when it is not."""

import asyncio
import gc
import unittest

import support
import thingspace
from support import ACCOUNT, URL, wait_until

POLICY = """return { name = "lab", accounts = { "TestAccount-1", "TestAccount-2" },
listeners = function() return { CarrierService = { url = "https://hooks.example.com/a" } } end }"""
ROWS = [(f"TestAccount-{number}", "CarrierService", URL) for number in range(9)]


class Tasks(support.Case, unittest.IsolatedAsyncioTestCase):
    def asyncClient(self):
        made = thingspace.AsyncClient(policy_text=POLICY)
        self.addAsyncCleanup(made.aclose)
        return made

    async def test_what_is_never_awaited_is_warned_of(self):
        client = self.asyncClient()
        plan = await client.plan()
        for forget, name in (
            (lambda: client.apply(plan), "apply"),
            (lambda: client.plan(), "plan"),
            (lambda: client.register_many(ROWS), "register_many"),
        ):
            with self.assertWarnsRegex(RuntimeWarning, rf"AsyncClient.{name}\(\) was never awaited"):
                forget()
                gc.collect()
        client.apply(plan).close()
        self.assertEqual(len(await client.plan()), 2)

    async def test_a_second_await_gives_the_same(self):
        client = self.asyncClient()
        bulk = client.register_many(ROWS)
        first = await bulk
        self.assertEqual(len(first), 9)
        self.assertIs(await bulk, first)
        plan = client.plan()
        self.assertIs(await plan, await plan)

    async def test_tasks_are_made_of_them(self):
        client = self.asyncClient()
        plan = await asyncio.create_task(client.plan())
        self.assertEqual(len(plan), 2)
        async with asyncio.TaskGroup() as group:
            applying = group.create_task(client.apply(plan))
            many = group.create_task(client.list_many([ACCOUNT] * 3))
        self.assertEqual((applying.result().done, len(many.result())), (2, 3))
        self.assertIn("AsyncClient.apply()", repr(applying))
        both = await asyncio.gather(client.plan(), asyncio.wait_for(client.list_many([ACCOUNT]), 60))
        self.assertEqual((len(both[0]), len(both[1])), (0, 1))

    async def test_a_task_that_is_cancelled_ends_the_work(self):
        client = self.asyncClient()
        self.fault(f"GET * {support.LONG}")
        for make in (client.plan, lambda: client.list_many([ACCOUNT])):
            task = asyncio.create_task(make())
            await asyncio.to_thread(wait_until, support.is_held)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            self.fault(f"GET * {support.LONG}")
        early = asyncio.create_task(client.plan())
        early.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await early

    async def test_they_show_what_they_are(self):
        client = self.asyncClient()
        plan, bulk = client.plan(), client.list_many([ACCOUNT])
        self.assertEqual(repr(plan), "<Run of AsyncClient.plan(): not begun>")
        await plan
        self.assertEqual(repr(plan), "<Run of AsyncClient.plan(): over>")
        self.assertRegex(repr(bulk), r"^<Bulk of AsyncClient.list_many\(\): 0 in flight")
        await bulk


if __name__ == "__main__":
    support.main()
