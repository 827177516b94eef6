# SPDX-License-Identifier: MIT
"""Policies that are objects of the program."""

import os
import types
import unittest

import support
import thingspace
from support import ACCOUNT, URL, Case
from thingspace.policy import Writer

SERVICE = "CarrierService"


def environment(**more):
    """Members of a policy that reaches the stand-in."""
    return {
        "name": "python",
        "endpoints": {"lab": {"url": os.environ["THINGSPACE_URL"]}},
        "credentials": {
            "one": {
                "key": os.environ["THINGSPACE_KEY"],
                "secret": thingspace.Secret(os.environ["THINGSPACE_SECRET"]),
                "username": os.environ["THINGSPACE_USERNAME"],
                "password": thingspace.Secret(os.environ["THINGSPACE_PASSWORD"]),
            }
        },
        "accounts": [{"account": ACCOUNT, "endpoint": "lab", "credential": "one", "site": 7}],
        **more,
    }


class Shapes(Case):
    def works(self, policy):
        client = self.client(policy=policy)
        self.assertEqual(client.accounts, [ACCOUNT])
        self.assertEqual(client.list(ACCOUNT), [])

    def test_a_dict_an_object_a_class_and_a_module(self):
        members = environment()
        self.works(members)
        self.works(types.SimpleNamespace(**members))
        self.works(type("Fleet", (), members))
        self.works(type("Fleet", (), members)())
        module = types.ModuleType("fleet")
        vars(module).update(members)
        self.works(module)

    def test_the_same_as_a_script(self):
        listeners = {SERVICE: {"url": URL, "username": "u"}}
        python = self.client(policy=environment(listeners=lambda account, row: listeners))
        lua = self.client(
            policy_text=f"""return {{ name = 'python',
              endpoints = {{ lab = {{ url = '{os.environ["THINGSPACE_URL"]}' }} }},
              credentials = {{ one = {{ key = 'k', secret = thingspace.secret.named('s') }} }},
              accounts = {{ {{ account = '{ACCOUNT}', endpoint = 'lab', credential = 'one' }} }},
              listeners = function() return {{ CarrierService = {{
                url = '{URL}', username = 'u' }} }} end }}""",
            secrets={"s": thingspace.Secret("x")},
        )
        one, other = python.policy_eval(ACCOUNT), lua.policy_eval(ACCOUNT)
        for answer in (one, other):
            answer.pop("script")
        self.assertEqual(one, other)

    def test_many_accounts(self):
        names = [f"Account-{number:06}" for number in range(30000)]
        client = self.client(policy=environment(accounts=names))
        self.assertEqual(client.accounts, names)
        client.reload()
        self.assertEqual(len(client.accounts), 30000)
        folder = client._folder.name
        self.assertTrue(os.path.isdir(folder))
        client.close()
        self.assertFalse(os.path.exists(folder))
        rows = [{"account": name, "credential": "one", "note": 'a "b", c'} for name in names]
        client = self.client(policy=environment(accounts=iter(rows)))
        self.assertEqual(client.row(names[-1])["note"], 'a "b", c')
        with self.assertRaises(thingspace.UsageError):
            self.client(policy=environment(accounts=names), policy_folder="/tmp")

    def test_plugins_rows(self):
        headers = {"set": {"X-Team": "blue"}}
        grant = ["request.headers:write"]
        folder = os.path.join(os.environ.get("top_srcdir", "/nowhere"), "plugins", "headers")
        if not os.path.exists(os.path.join(folder, "headers.lua")):
            self.skipTest("the sources are elsewhere")
        for row in (
            ("headers", {"options": headers, "grant": grant, "name": "tag"}),
            {"plugin": "headers", "options": headers, "grant": grant, "name": "tag"},
        ):
            client = self.client(policy=environment(plugins=[row]), plugin_path=[folder])
            self.assertEqual(client.plugin_list()["instances"][0]["instance"], "tag")
            self.assertEqual(client.preview("list", ACCOUNT)["headers"]["X-Team"], "blue")


class Deciding(Case):
    def test_resolve(self):
        asked = []

        def resolve(account, row):
            asked.append((account, row))
            return {
                "endpoint": "lab",
                "credential": "one",
                "timeout_ms": 1234,
                "tags": {"site": row["site"], "name": "ä"},
            }

        client = self.client(policy=environment(resolve=resolve))
        said = client.policy_eval(ACCOUNT)
        self.assertEqual(said["timeout_ms"], 1234)
        self.assertEqual(said["tags"], {"site": 7, "name": "ä"})
        self.assertEqual(asked[0][0], ACCOUNT)
        self.assertEqual(asked[0][1]["site"], 7)

    def test_none_leaves_it_to_the_row_and_refuses_who_is_not_declared(self):
        client = self.client(policy=environment(resolve=lambda account, row: None))
        self.assertEqual(client.policy_eval(ACCOUNT)["endpoint"], "lab")
        with self.assertRaises(thingspace.PolicyError):
            client.list("Account-9")

    def test_what_is_wrong_fails_the_call(self):
        wrong = [
            lambda account, row: "lab",
            lambda account, row: {"endpoint": "nowhere"},
            lambda account, row: {"endpoint": 5},
            lambda account, row: {"colour": "red"},
            lambda account, row: {"timeout_ms": -1},
            lambda account, row: {"timeout_ms": "soon"},
            lambda account, row: {"tags": []},
            lambda account, row: {"tags": {"a": {1}}},
            lambda account, row: {"tags": {"a": float("nan")}},
            lambda account, row: {"tags": {"a": "x" * 100000}},
            lambda account: None,
            lambda account, row: 1 / 0,
        ]
        for function in wrong:
            with self.subTest(line=function.__code__.co_firstlineno):
                client = self.client(policy=environment(resolve=function))
                with self.assertRaises(thingspace.PolicyError):
                    client.list(ACCOUNT)

    def test_listeners(self):
        def listeners(account, row):
            return {
                SERVICE: {
                    "url": f"https://hooks.example.com/{account}/{row['site']}",
                    "username": "u",
                    "password": thingspace.Secret("p"),
                },
                "DeviceUsage": "https://hooks.example.com/u",
                "@pair": {"url": "https://hooks.example.com/{service}"},
            }

        client = self.client(
            policy=environment(
                listeners=listeners,
                groups={"pair": ["DeviceService", "NiddService"]},
                owns=["https://hooks.example.com/*"],
            )
        )
        said = {row["serviceName"]: row for row in client.policy_eval(ACCOUNT)["listeners"]}
        self.assertEqual(
            sorted(said), ["CarrierService", "DeviceService", "DeviceUsage", "NiddService"]
        )
        self.assertTrue(said[SERVICE]["hasPassword"])
        plan = client.plan()
        self.assertEqual(client.apply(plan).done, 4)
        self.assertEqual(client.plan().counts.unchanged, 4)

    def test_a_password_that_is_registered(self):
        client = self.client(
            policy=environment(
                listeners={SERVICE: {"url": URL, "username": "u", "password": thingspace.REGISTERED}}
            )
        )
        client.register(ACCOUNT, SERVICE, URL, username="u", password=thingspace.Secret("p"))
        self.assertEqual(client.plan().counts.unchanged, 1)

    def test_listeners_that_are_wrong(self):
        wrong = [
            lambda account, row: [SERVICE],
            lambda account, row: {SERVICE: 5},
            lambda account, row: {SERVICE: {"url": URL, "colour": "red"}},
            lambda account, row: {SERVICE: {"url": URL, "password": "plain"}},
            lambda account, row: {SERVICE: {"url": URL, "token": thingspace.REGISTERED}},
            lambda account, row: {SERVICE: {"url": 5}},
            lambda account, row: {SERVICE: {"url": "no url"}},
            lambda account, row: {SERVICE: {}},
            lambda account, row: {5: URL},
            lambda account, row: {"@nobody": URL},
            lambda account, row: {SERVICE: [URL, URL]},
            lambda account, row: 1 / 0,
        ]
        for function in wrong:
            with self.subTest(line=function.__code__.co_firstlineno):
                client = self.client(policy=environment(listeners=function))
                with self.assertRaises(thingspace.PolicyError):
                    client.policy_eval(ACCOUNT)
                self.assertTrue(client.policy_check()["errors"])

    def test_a_function_cannot_use_the_client_but_for_its_row(self):
        said = []

        def resolve(account, row):
            for use in (
                lambda: client.list(ACCOUNT),
                lambda: client.reload(),
                lambda: client.hook("request")(print),
            ):
                try:
                    use()
                except thingspace.UsageError as error:
                    said.append(error.message)
            said.append(client.row(account)["site"])

        client = self.client(policy=environment(resolve=resolve))
        client.list(ACCOUNT)
        self.assertEqual(len(said), 4, said)
        self.assertEqual(said[-1], 7)

    def test_close_inside_a_function(self):
        client = self.client(policy=environment(resolve=lambda account, row: client.close()))
        client.list(ACCOUNT)
        self.assertTrue(client.closed)


class Writing(unittest.TestCase):
    """Data becomes text of Lua that means the same, whatever is in it."""

    def read_back(self, value):
        client = thingspace.Client(
            policy_text="return { name = 'w', accounts = { { account = 'A-1', tags = { v = "
            + Writer().write(value, "value")
            + " } } } }"
        )
        with client:
            return client.policy_eval("A-1")["tags"]["v"]

    def test_values(self):
        for value in (
            'a"b\\c\nd\re\tf',
            "]] --[[ ${x} %s",
            "ä€😀",
            "\x01\x7f\x1b",
            "return os.exit()",
            "\\065",
            0,
            -1,
            2**53 + 1,
            -(2**63) + 1,
            1.5,
            -0.25,
            1e300,
            True,
            False,
            [1, "two", [3]],
            {"end": 1, "a b": 2, "]]": {"x": "y"}, "1": "one"},
        ):
            with self.subTest(value):
                self.assertEqual(self.read_back(value), value)

    def test_what_cannot_be_written(self):
        cycle = []
        cycle.append(cycle)
        for value in (
            object(), b"bytes", 2**63, float("nan"), float("inf"), "a\0b", "\udc80", {1: 2}, cycle,
            print, [None], {"a": {"b": {1j}}},
        ):  # fmt: skip
            with self.subTest(repr(value)[:40]), self.assertRaises(thingspace.UsageError):
                Writer().write(value, "value")

    def test_secrets_are_names(self):
        secret = thingspace.Secret("canary")
        writer = Writer()
        text = writer.write({"a": secret, "b": [secret, thingspace.Secret("other")]}, "x")
        self.assertNotIn("canary", text)
        self.assertEqual(list(writer.secrets), ["python-1", "python-2"])
        self.assertIs(writer.secrets["python-1"], secret)
        self.assertEqual(
            Writer().write(thingspace.secret_file('a"b'), "x"), 'thingspace.secret.file("a\\"b")'
        )

    def test_shapes_that_are_no_policy(self):
        for wrong in (5, object(), [1], ("a", "b")):
            with self.assertRaises(TypeError):
                thingspace.Client(policy=wrong)
        for wrong in (
            {"acounts": []},
            {"accounts": ["A-1"], "plugins": [5]},
            {"accounts": ["A-1"], "plugins": [("a", 5)]},
        ):
            with self.assertRaises(thingspace.UsageError):
                thingspace.Client(policy=wrong)
        with self.assertRaises(TypeError):
            thingspace.Client(policy={"accounts": ["A-1"], "resolve": 5})
        for wrong in ({"accounts": ["A-1", "A-1"]}, {"accounts": [5]}, {"owns": [5]}, {"name": 5}):
            with self.assertRaises((thingspace.PolicyError, thingspace.UsageError)):
                thingspace.Client(policy=wrong)


if __name__ == "__main__":
    support.main()
