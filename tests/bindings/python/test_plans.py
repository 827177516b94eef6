# SPDX-License-Identifier: MIT
"""Client: plan, apply and import."""

import dataclasses
import json
import os
import tempfile

import support
import thingspace
from support import ACCOUNT, URL, Case

SERVICE = "CarrierService"
THREE = """return { name = 'three', accounts = { 'TestAccount-2', 'Account-1', 'Account-2' },
owns = { 'https://hooks.example.com/*' },
listeners = function(account)
  return { CarrierService = { url = 'https://hooks.example.com/' .. account } }
end }"""
COUNTED = """return { name = 'counted', accounts = { 'TestAccount-2', 'Account-1', 'Account-2' },
owns = { 'https://hooks.example.com/*' },
listeners = function(account)
  if account == 'TestAccount-2' then
    return { CarrierService = { url = 'https://hooks.example.com/a' } }
  end
  return {
    CarrierService = { url = 'https://hooks.example.com/a' },
    DeviceService = { url = 'https://hooks.example.com/d' },
    NiddService = { url = 'https://hooks.example.com/n' },
  }
end }"""


class Desired(Case):
    def test_plan_and_apply(self):
        client = self.client(policy_text=THREE)
        seen, ended = [], []
        plan = client.plan(progress=seen.append)
        self.assertEqual(seen[-1], thingspace.Progress(done=3, total=3, failed=0))
        self.assertEqual((plan.counts.accounts, plan.counts.add), (3, 3))
        self.assertEqual(len(plan.id), 32)
        change = plan.changes[0]
        self.assertEqual((change.action, change.service_name), ("add", SERVICE))
        self.assertEqual(change.fields["url"][0], None)
        seen.clear()
        applied = client.apply(
            plan, expect=plan.id, on_result=ended.append, progress=seen.append
        )
        self.assertEqual((applied.done, applied.failed, applied.skipped), (3, 0, 0))
        self.assertEqual([row.result for row in applied], ["done"] * 3)
        self.assertEqual(applied.results, ended)
        self.assertEqual(seen[-1].done, 3)
        self.assertEqual(client.plan(cells=True).counts.unchanged, 3)

    def test_what_is_as_planned_already_is_told_apart(self):
        client = self.client(policy_text=THREE)
        plan = client.plan()
        client.register("Account-1", SERVICE, "https://hooks.example.com/Account-1")
        applied = client.apply(plan)
        self.assertEqual(
            (applied.done, applied.failed, applied.skipped, applied.unchanged), (2, 0, 0, 1)
        )
        told = {row.account_name: (row.result, row.unchanged, row.error) for row in applied}
        self.assertEqual(
            told,
            {
                "Account-1": ("done", True, None),
                "Account-2": ("done", False, None),
                ACCOUNT: ("done", False, None),
            },
        )
        self.assertIn("unchanged=1", repr(applied))

    def test_every_count_of_a_plan(self):
        client = self.client(policy_text=COUNTED)
        client.register("Account-1", "DeviceUsage", "https://hooks.example.com/old")
        client.register("Account-1", SERVICE, "https://stranger.example.net/x")
        client.register("Account-1", "DeviceService", "https://hooks.example.com/other")
        client.register("Account-1", "NiddService", "https://hooks.example.com/n")
        client.register("Account-1", "SMSDeliveryConfirmation", "https://stranger.example.net/y")
        self.fault("GET /callbacks/Account-2 status=400")
        counts = dataclasses.asdict(client.plan().counts)
        self.assertEqual(
            counts,
            {
                "accounts": 3, "unread": 1, "add": 1, "change": 1, "takeover": 1, "remove": 1,
                "blocked": 0, "unchanged": 1, "foreign": 1, "failed": 0,
            },
        )  # fmt: skip

    def test_some_that_fail(self):
        client = self.client(policy_text=THREE)
        plan = client.plan()
        self.fault("POST /callbacks/Account-1 status=400")
        with self.assertRaises(thingspace.PartialError) as caught:
            client.apply(plan)
        applied = caught.exception.result
        self.assertEqual((applied.done, applied.failed), (2, 1))
        failed = [row for row in applied if row.result == "failed"]
        self.assertEqual(failed[0].account_name, "Account-1")
        self.assertIsInstance(failed[0].error, thingspace.ServiceError)

    def test_a_plan_is_saved_loaded_and_refused(self):
        client = self.client(policy_text=THREE)
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "plan.json")
            plan = client.plan(["Account-*"])
            plan.save(file)
            loaded = client.load_plan(file)
            self.assertEqual(loaded.id, plan.id)
            with self.assertRaises(thingspace.RefusedError):
                client.check_plan(loaded, expect="0" * 32)
            with self.assertRaises(thingspace.RefusedError):
                client.apply(loaded, expect="0" * 32)
            client.apply(loaded)
            with self.assertRaises(thingspace.LocalError):
                client.load_plan(os.path.join(folder, "none"))
            with self.assertRaises(thingspace.LocalError):
                plan.save(os.path.join(folder, "none", "plan.json"))

    def test_unread_accounts_are_problems(self):
        client = self.client(policy_text=THREE)
        self.fault("GET /callbacks/Account-2 status=400")
        plan = client.plan()
        self.assertEqual(plan.counts.unread, 1)
        self.assertEqual(plan.problems[0].account_name, "Account-2")
        self.assertEqual(plan.problems[0].kind, "service")

    def test_prune_and_take_over(self):
        client = self.client(policy_text=THREE)
        client.register("Account-1", "DeviceUsage", "https://hooks.example.com/old")
        client.register("Account-2", SERVICE, "https://stranger.example.net/x")
        plan = client.plan()
        self.assertEqual((plan.counts.remove, plan.counts.takeover), (1, 1))
        with self.assertRaises(thingspace.PartialError) as caught:
            client.apply(plan)
        self.assertEqual(caught.exception.result.skipped, 2)
        client.apply(client.plan(), prune=True, take_over=True)
        self.assertEqual(client.plan().changes, [])

    def test_import(self):
        client = self.client(policy_text=THREE)
        client.register("Account-1", SERVICE, URL)
        imported = client.import_policy(["Account-1"], name="old")
        self.assertEqual((imported.accounts, imported.listeners), (1, 1))
        self.assertIn(URL, imported.script)
        self.fault("GET /callbacks/Account-2 status=400")
        with self.assertRaises(thingspace.PartialError) as caught:
            client.import_policy(["Account-1", "Account-2"])
        self.assertEqual(list(caught.exception.result.unread), ["Account-2"])


if __name__ == "__main__":
    support.main()
