# SPDX-License-Identifier: MIT
"""AsyncClient: calls to await, their failures, cancelling, closing; what both clients do alike."""

import asyncio
import gc
import os
import subprocess
import sys
import threading
import time

import support
import thingspace
from support import ACCOUNT, LONG, URL
from support_async import FLEET, Case

SERVICE = "CarrierService"


class Calls(Case):
    async def test_register_list_deregister(self):
        client = self.client()
        done = await client.register(
            ACCOUNT, SERVICE, URL, username="u", password=thingspace.Secret("p")
        )
        self.assertEqual(done, thingspace.Registered(ACCOUNT, SERVICE, URL))
        (listed,) = await client.list(ACCOUNT)
        self.assertEqual((listed.url, listed.username), (URL, "u"))
        gone = await client.deregister(ACCOUNT, SERVICE)
        self.assertEqual(gone, thingspace.Deregistered(ACCOUNT, SERVICE))
        self.assertEqual(await client.list(ACCOUNT), [])

    async def test_any_other_operation(self):
        client = self.client()
        await client.register(ACCOUNT, SERVICE, URL)
        reply = await client.call(ACCOUNT, "GET", "/callbacks/{account}")
        self.assertEqual((reply.status, reply.json()[0]["serviceName"]), (200, SERVICE))

    async def test_ensure_runs_in_the_clients_thread(self):
        client, threads = self.client(), []
        client.add_hook("request", lambda call, request: threads.append(threading.get_ident()))
        self.assertEqual((await client.ensure(ACCOUNT, SERVICE, URL)).how, "added")
        self.assertEqual((await client.ensure(ACCOUNT, SERVICE, URL)).how, "unchanged")
        self.assertNotIn(threading.get_ident(), threads)
        threads.clear()
        await client.list(ACCOUNT)
        self.assertEqual(threads, [threading.get_ident()])

    async def test_preview_and_explain_send_nothing(self):
        client = self.client()
        sent = await client.preview("register", ACCOUNT, SERVICE, URL)
        self.assertEqual(sent["body"], {"name": SERVICE, "url": URL})
        client.add_hook("check", lambda call, request: thingspace.deny("no", "not today"))
        told = await client.explain("register", ACCOUNT, SERVICE, URL)
        self.assertEqual(told["error"]["kind"], "denied")
        self.assertEqual(await client.list_many([]), [])

    async def test_tokens(self):
        client = self.client()
        await client.auth.login()
        (row,) = await client.auth.status()
        self.assertEqual((row["bearer"], row["latched"]), ("valid", False))
        self.assertEqual(await client.auth.unlatch(), 0)
        await client.auth.logout()

    async def test_thousands_in_flight(self):
        client = self.client()
        calls = [asyncio.ensure_future(client.list(ACCOUNT)) for _ in range(3000)]
        await asyncio.sleep(0)
        self.assertGreater(client.pending, 2000)
        self.assertEqual(await asyncio.gather(*calls), [[]] * 3000)
        self.assertEqual(client.pending, 0)


class Failures(Case):
    async def test_each_kind_is_raised(self):
        client = self.client()
        with self.assertRaises(thingspace.ServiceError) as caught:
            await client.deregister(ACCOUNT, SERVICE)
        self.assertEqual(caught.exception.status, 400)
        with self.assertRaises(thingspace.UsageError):
            await client.register("", SERVICE, URL)
        with self.assertRaises(TypeError):
            await client.register(ACCOUNT, SERVICE, 5)
        with self.assertRaises(ValueError):
            await client.list(ACCOUNT, timeout=-1)

    async def test_a_timeout_is_the_builtin_one_too(self):
        client = self.client()
        self.fault(f"GET * {LONG}")
        with self.assertRaises(TimeoutError):
            await client.list(ACCOUNT, timeout=0.1)

    async def test_a_hook_denies(self):
        client = self.client()

        @client.hook("request")
        def deny(call, request):
            return thingspace.deny("closed", "no registrations today")

        with self.assertRaises(thingspace.DeniedError) as caught:
            await client.register(ACCOUNT, SERVICE, URL)
        self.assertEqual(caught.exception.code, "closed")
        client.remove_hook("deny")
        await client.register(ACCOUNT, SERVICE, URL)

    async def test_a_hook_that_raises_is_the_cause(self):
        client = self.client()

        @client.hook("request")
        def broken(call, request):
            raise LookupError("nowhere")

        with self.assertRaises(thingspace.PluginError) as caught:
            await client.list(ACCOUNT)
        self.assertIn("nowhere", str(caught.exception))

    async def test_another_loop_is_refused(self):
        client = self.client()
        await client.list(ACCOUNT)

        def elsewhere():
            with self.assertRaisesRegex(thingspace.UsageError, "another event loop"):
                asyncio.run(client.list(ACCOUNT))

        await asyncio.to_thread(elsewhere)

    def test_a_loop_that_ended_may_be_followed_by_another(self):
        client = thingspace.AsyncClient()
        for _ in range(2):
            self.assertEqual(asyncio.run(client.list(ACCOUNT)), [])
        client.close()


class Cancelling(Case):
    async def test_a_task_that_is_cancelled_ends_its_call(self):
        client = self.client()
        self.fault(f"GET * {LONG}")
        task = asyncio.ensure_future(client.list(ACCOUNT))
        await self.until(support.is_held)
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        self.assertEqual(client.pending, 0)

    async def test_a_timeout_of_asyncio_ends_many(self):
        client = self.client()
        self.fault(f"GET * {LONG}")
        with self.assertRaises(TimeoutError):
            async with asyncio.timeout(0.1):
                await client.list_many([ACCOUNT] * 100)
        self.assertEqual(client.pending, 0)

    async def test_many_are_cancelled_from_outside(self):
        client = self.client()
        self.fault(f"GET * {LONG}")
        bulk = client.list_many([ACCOUNT] * 200, in_flight=100)
        asyncio.get_running_loop().call_later(0.1, bulk.cancel)
        outcomes = await bulk
        self.assertEqual(len(outcomes), 100)
        self.assertEqual({type(each.error) for each in outcomes}, {thingspace.CancelledError})

    async def test_a_plan_is_interrupted(self):
        client = self.client(policy_text=FLEET)
        self.fault(f"GET * {LONG}")
        begin = time.monotonic()
        task = asyncio.ensure_future(client.plan()._finish())
        await self.until(support.is_held)
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        support.control("DELETE", "faults")
        self.assertEqual((await client.plan()).counts.accounts, 3)
        self.assertLess(time.monotonic() - begin, 25)  # what was held is not waited for

    async def test_one_that_waits_its_turn_never_begins(self):
        client, go, told = self.client(policy_text=FLEET), threading.Event(), []

        @client.hook("request")
        def hold(call, request):
            told.append(call.account)
            go.wait(60)

        first = asyncio.ensure_future(client.ensure("TestAccount-1", SERVICE, URL))
        await self.until(lambda: told)
        waiting = asyncio.ensure_future(client.plan()._finish())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.sleep(0)
        go.set()
        with self.assertRaises(asyncio.CancelledError):
            await waiting
        self.assertEqual((await first).how, "added")
        self.assertEqual(set(told), {"TestAccount-1"})


class Alike(Case):
    """What the two clients do when an answer is lost, tokens have ended, or a process has died."""

    async def ways(self, operation, *row):
        """Each way to do it."""
        blocking, client = thingspace.Client(), self.client()
        many = getattr(client, f"{operation}_many")

        async def await_first():
            (outcome,) = await many(row if operation == "list" else [row])
            if outcome.error is not None:
                raise outcome.error
            return outcome

        with blocking:
            blocking.list(ACCOUNT)
            yield lambda: asyncio.to_thread(getattr(blocking, operation), *row)
        yield lambda: getattr(client, operation)(*row)
        yield await_first

    def requests(self, method):
        paths = support.state()["paths"]
        return sum(count for path, count in paths.items() if path.startswith(f"{method} /api/m2m"))

    async def test_a_lost_answer_is_read_back(self):
        row = (ACCOUNT, SERVICE, URL)
        for operation, given, left in (("register", row, 1), ("deregister", row[:2], 0)):
            async for way in self.ways(operation, *given):
                with thingspace.Client() as other:
                    if left == 0:
                        other.register(*row)
                    elif other.list(ACCOUNT):
                        other.deregister(ACCOUNT, SERVICE)
                    method = "DELETE" if left == 0 else "POST"
                    self.fault(f"{method} /callbacks/* close after times=1")
                    before = self.requests(method)
                    await way()
                    self.assertEqual(self.requests(method) - before, 1)
                    self.assertEqual(len(other.list(ACCOUNT)), left)
                support.control("DELETE", "faults")

    async def test_tokens_that_have_ended_are_got_anew(self):
        for operation, row in (("register", (ACCOUNT, SERVICE, URL)), ("list", (ACCOUNT,))):
            async for way in self.ways(operation, *row):
                await way()
                support.control("POST", "expire?what=all", "")
                await way()

    def leave_half_done(self):
        """A process that has removed a listener in order to register it anew, and died."""
        with thingspace.Client() as client:
            client.register(ACCOUNT, SERVICE, URL)
        self.fault(f"POST /callbacks/* status=400 times=1\nPOST /callbacks/* {LONG}")
        text = f"import thingspace; thingspace.Client().ensure({ACCOUNT!r}, {SERVICE!r}, {URL!r}, username='u')"
        with subprocess.Popen([sys.executable, "-c", text]) as dying:
            held = support.wait_until(lambda: support.state()["faultUses"][1:] == [1])
            dying.kill()
        self.assertTrue(held)
        support.control("DELETE", "faults")
        with thingspace.Client() as client:
            self.assertEqual(client.list(ACCOUNT), [])

    async def test_what_a_process_left_half_done_is_made_whole_by_what_reads_first(self):
        self.leave_half_done()
        client = self.client()
        # Nothing is looked at here, as the guide says.
        with self.assertRaises(thingspace.ServiceError):
            await client.deregister(ACCOUNT, SERVICE)
        (outcome,) = await client.deregister_many([(ACCOUNT, SERVICE)])
        self.assertIsInstance(outcome.error, thingspace.ServiceError)
        self.assertEqual(await client.list(ACCOUNT), [])
        # But here; and it is gone for good then.
        await client.ensure("TestAccount-1", SERVICE, URL)
        self.assertEqual([row.username for row in await client.list(ACCOUNT)], ["u"])
        await client.deregister(ACCOUNT, SERVICE)
        await client.ensure("TestAccount-1", SERVICE, URL)
        self.assertEqual(await client.list(ACCOUNT), [])

    async def test_a_blocking_client_looks_at_it_when_it_removes(self):
        self.leave_half_done()
        with thingspace.Client() as client:
            client.deregister(ACCOUNT, SERVICE)
            self.assertEqual(client.list(ACCOUNT), [])
            client.ensure("TestAccount-1", SERVICE, URL)
            self.assertEqual(client.list(ACCOUNT), [])


class Closing(Case):
    async def test_calls_in_flight_are_cancelled(self):
        client = self.client()
        self.fault(f"GET * {LONG}")
        calls = [asyncio.ensure_future(client.list(ACCOUNT)) for _ in range(3)]
        bulk = asyncio.ensure_future(client.list_many([ACCOUNT] * 3))
        await self.until(support.is_held)
        await client.aclose()
        for call in calls:
            with self.assertRaises(thingspace.CancelledError):
                await call
        kinds = {type(outcome.error) for outcome in await bulk}
        self.assertEqual(kinds, {thingspace.CancelledError})

    async def test_work_in_the_thread_is_interrupted(self):
        client = self.client(policy_text=FLEET)
        self.fault(f"GET * {LONG}")
        run = asyncio.ensure_future(client.plan()._finish())
        await self.until(support.is_held)
        begin = time.monotonic()
        await client.aclose()
        self.assertLess(time.monotonic() - begin, 25)  # what was held is not waited for
        with self.assertRaises(thingspace.CancelledError):
            await run

    async def test_a_closed_client_is_of_no_use(self):
        client = self.client()
        await client.list(ACCOUNT)
        await client.aclose()
        await client.aclose()
        client.close()
        self.assertTrue(client.closed)
        for use in (client.list(ACCOUNT), client.ensure(ACCOUNT, SERVICE, URL), client.plan()):
            with self.assertRaisesRegex(thingspace.UsageError, "closed"):
                await use
        with self.assertRaises(thingspace.UsageError):
            await client.list_many([ACCOUNT])

    async def test_close_in_a_hook(self):
        client = self.client()
        client.add_hook("response", lambda call, response: client.close())
        calls = [client.list(ACCOUNT) for _ in range(500)]
        answers = await asyncio.gather(*calls, return_exceptions=True)
        self.assertTrue(client.closed)
        for answer in answers:
            if answer != []:
                self.assertIsInstance(answer, thingspace.CancelledError)
        self.assertTrue([answer for answer in answers if answer != []])

    async def test_interrupt_and_resume(self):
        client = self.client()
        self.fault(f"GET * {LONG}")
        task = asyncio.ensure_future(client.list(ACCOUNT))
        await self.until(support.is_held)
        await asyncio.to_thread(client.interrupt)
        with self.assertRaises(thingspace.CancelledError):
            await task
        with self.assertRaises(thingspace.CancelledError):
            await client.ensure(ACCOUNT, SERVICE, URL)
        support.control("DELETE", "faults")
        client.resume()
        self.assertEqual(await client.list(ACCOUNT), [])
        self.assertEqual((await client.ensure(ACCOUNT, SERVICE, URL)).how, "added")

    def test_a_forked_process_is_refused(self):
        client = thingspace.AsyncClient()
        asyncio.run(client.ensure(ACCOUNT, SERVICE, URL))
        child = os.fork()
        if child == 0:
            try:
                asyncio.run(client.list(ACCOUNT))
            except thingspace.UsageError:
                asyncio.run(client.aclose())
                os._exit(0)
            finally:
                os._exit(1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertEqual(len(asyncio.run(client.list(ACCOUNT))), 1)
        client.close()

    def test_the_end_of_the_interpreter_with_calls_in_flight(self):
        status, out, err = support.run_script(
            "import asyncio, thingspace\n"
            "client = thingspace.AsyncClient()\n"
            "async def main():\n"
            "    asyncio.ensure_future(client.list('TestAccount-2'))\n"
            "    await asyncio.sleep(0)\n"
            "asyncio.run(main())\n"
        )
        self.assertEqual((status, out, err), (0, "", ""))

    async def test_ten_thousand_calls_leave_nothing(self):
        client = self.client()
        await client.list_many([ACCOUNT] * 5000)
        self.collect()
        before, objects = support.memory_kib(), len(gc.get_objects())
        for _ in range(4):
            async for _ in client.list_many([ACCOUNT] * 5000):
                pass
        self.collect()
        self.assertLess(len(gc.get_objects()) - objects, 500)
        if not support.is_sanitized():
            self.assertLess(support.memory_kib() - before, 4096)


if __name__ == "__main__":
    support.main()
