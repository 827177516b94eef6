# SPDX-License-Identifier: MIT
"""Client: the operations, how they fail, what it tells of its policy and into the log."""

import dataclasses
import json
import logging
import os
import pickle
import tempfile
import unittest

import support
import thingspace
from support import ACCOUNT, URL, Case, run_script

SERVICE = "CarrierService"


class Operations(Case):
    def test_the_example_of_the_design(self):
        with tempfile.TemporaryDirectory() as folder:
            policy = os.path.join(folder, "fleet.lua")
            with open(policy, "w", encoding="utf-8") as file:
                file.write(f"return {{ name = 'fleet', accounts = {{ '{ACCOUNT}' }} }}")
            with thingspace.Client(policy=policy) as client:
                client.register(
                    ACCOUNT,
                    SERVICE,
                    URL,
                    username="acme",
                    password=thingspace.Secret("hush"),
                )
                for listener in client.list(ACCOUNT):
                    self.assertEqual(
                        (
                            listener.account_name,
                            listener.service_name,
                            listener.url,
                            listener.username,
                            listener.has_password,
                        ),
                        (ACCOUNT, SERVICE, URL, "acme", True),
                    )

                @client.hook("request", priority=100)
                def tag(call, request):
                    request.set_header("X-Team", "blue")

                self.assertEqual(client.preview("list", ACCOUNT)["headers"]["X-Team"], "blue")

    def test_register_list_deregister(self):
        client = self.client()
        made = client.register(ACCOUNT, SERVICE, URL)
        self.assertEqual(
            made, thingspace.Registered(account_name=ACCOUNT, service_name=SERVICE, url=URL)
        )
        self.assertTrue(dataclasses.is_dataclass(made))
        with self.assertRaises(dataclasses.FrozenInstanceError):
            made.url = "x"
        self.assertEqual([row.service_name for row in client.list(ACCOUNT)], [SERVICE])
        gone = client.deregister(ACCOUNT, SERVICE)
        self.assertEqual((gone.account_name, gone.service_name), (ACCOUNT, SERVICE))
        self.assertEqual(client.list(ACCOUNT), [])
        with self.assertRaises(thingspace.ServiceError):
            client.deregister(ACCOUNT, SERVICE)

    def test_ensure(self):
        client = self.client()
        other = "https://other.example.com/b"
        self.assertEqual(client.ensure(ACCOUNT, SERVICE, URL).how, "added")
        self.assertEqual(client.ensure(ACCOUNT, SERVICE, URL).how, "unchanged")
        self.assertEqual(client.ensure(ACCOUNT, SERVICE, URL, username="u").how, "updated")
        with self.assertRaises(thingspace.RefusedError) as caught:
            client.ensure(ACCOUNT, SERVICE, other)
        self.assertIn(URL, caught.exception.message)
        made = client.ensure(ACCOUNT, SERVICE, other, replace=True)
        self.assertEqual((made.how, made.url), ("replaced", other))

    def test_call(self):
        client = self.client()
        client.register(ACCOUNT, SERVICE, URL)
        reply = client.call(ACCOUNT, "GET", "/callbacks/{account}")
        self.assertEqual(reply.status, 200)
        self.assertEqual(reply.json()[0]["url"], URL)
        self.assertEqual(reply.json(), json.loads(reply.text()))
        self.assertIsInstance(reply.body, bytes)
        self.assertEqual(reply.attempts, 1)
        self.assertIsNone(reply.header("x-absent"))
        for data in (
            {"name": SERVICE, "url": URL},
            json.dumps({"name": SERVICE, "url": URL}),
            json.dumps({"name": SERVICE, "url": URL}).encode(),
        ):
            shown = client.preview(
                "call", ACCOUNT, method="POST", path="/callbacks/{account}", data=data
            )
            self.assertEqual(shown["body"], {"name": SERVICE, "url": URL})

    def test_preview_and_explain(self):
        client = self.client()
        client.add_hook("check", lambda call, request: thingspace.deny("no", "not now"))
        shown = client.explain("register", ACCOUNT, SERVICE, URL, username="u")
        self.assertEqual(shown["hooks"][0]["verdict"], "deny")
        self.assertEqual(shown["error"]["kind"], "denied")
        with self.assertRaises(thingspace.DeniedError):
            client.preview("register", ACCOUNT, SERVICE, URL)
        with self.assertRaises(TypeError):
            client.preview("register", ACCOUNT, SERVICE, URL, colour="red")

    def test_bad_arguments(self):
        client = self.client()
        wrong = {
            TypeError: [
                lambda: client.list(5),
                lambda: client.list(b"bytes"),
                lambda: client.list(),
                lambda: client.register(ACCOUNT, SERVICE, URL, password="plain"),
                lambda: client.register(ACCOUNT, SERVICE, URL, username=5),
                lambda: client.register(ACCOUNT, SERVICE, URL, "u"),
                lambda: client.list(ACCOUNT, timeout="soon"),
                lambda: client.list(ACCOUNT, timeout=True),
                lambda: client.plan(accounts=[None]),
                lambda: client.plan(accounts=5),
                lambda: client.plan(progress=5),
                lambda: client.apply("plan"),
                lambda: client.call(ACCOUNT, "POST", "/x", thingspace.Secret("x")),
            ],
            ValueError: [
                lambda: client.list("a\0b"),
                lambda: client.list("\udc80"),
                lambda: client.list(ACCOUNT, timeout=0),
                lambda: client.list(ACCOUNT, timeout=-1),
                lambda: client.list(ACCOUNT, timeout=float("nan")),
                lambda: client.list(ACCOUNT, timeout=1e300),
            ],
            thingspace.UsageError: [
                lambda: client.list(None),
                lambda: client.list(""),
                lambda: client.list("no account"),
                lambda: client.register(ACCOUNT, "", URL),
                lambda: client.register(ACCOUNT, SERVICE, "no url"),
                lambda: client.register(ACCOUNT, SERVICE, URL, api="nothing"),
                lambda: client.call(ACCOUNT, "FETCH", "/x"),
                lambda: client.call(ACCOUNT, "GET", "x"),
                lambda: client.call(ACCOUNT, "POST", "/x", {1}),
                lambda: client.preview("nothing", ACCOUNT),
                lambda: client.auth.status("nobody"),
                lambda: client.plan(tags={"none": "such"}),
            ],
        }
        for kind, uses in wrong.items():
            for use in uses:
                with self.subTest(kind, line=use.__code__.co_firstlineno):
                    with self.assertRaises((kind, AttributeError) if kind is TypeError else kind):
                        use()
        self.assertEqual(client.list(ACCOUNT), [])


class Failures(Case):
    def raised(self, fault, timeout=None):
        client = self.client()
        client.list(ACCOUNT)
        self.fault(fault)
        with self.assertRaises(thingspace.Error) as caught:
            client.list(ACCOUNT, timeout=timeout)
        support.control("DELETE", "faults")
        return caught.exception

    def test_service(self):
        error = self.raised(
            'GET /callbacks/* status=400 body="{\\"errorCode\\":\\"A.B\\",\\"errorMessage\\":\\"no\\"}"'
        )
        self.assertIs(type(error), thingspace.ServiceError)
        self.assertEqual((error.kind, error.status, error.code), ("service", 400, "A.B"))
        self.assertFalse(error.retriable)
        self.assertEqual(error.exit_status, 1)
        self.assertEqual(error.account, ACCOUNT)
        self.assertEqual(str(error).count("A.B"), 1)

    def test_busy(self):
        error = self.raised(
            'GET /callbacks/* status=429 header="Retry-After: 120"', timeout=5
        )
        self.assertTrue(error.retriable, error)
        self.assertEqual(error.status, 429)
        self.assertEqual(error.retry_after, 120)

    def test_timeout_is_also_the_builtin_one(self):
        error = self.raised(f"GET /callbacks/* {support.LONG}", timeout=0.2)
        self.assertIs(type(error), thingspace.TimeoutError)
        self.assertIsInstance(error, TimeoutError)
        self.assertIsInstance(error, thingspace.NetworkError)

    def test_protocol(self):
        error = self.raised('GET /callbacks/* status=200 body="<html>"')
        self.assertIs(type(error), thingspace.ProtocolError)

    def test_network(self):
        client = self.client(
            policy_text="""return { name = 'nowhere', accounts = { 'TestAccount-2' },
              endpoints = { lab = { url = 'http://127.0.0.1:1' } },
              resolve = function() return { endpoint = 'lab' } end }""",
        )
        with self.assertRaises(thingspace.NetworkError):
            client.list(ACCOUNT, timeout=5)

    def test_auth_and_the_latch(self):
        with tempfile.TemporaryDirectory() as folder:
            policy = {
                "endpoints": {"lab": {"url": os.environ["THINGSPACE_URL"]}},
                "credentials": {
                    "one": {
                        "key": os.environ["THINGSPACE_KEY"],
                        "secret": thingspace.Secret(os.environ["THINGSPACE_SECRET"]),
                        "username": "nobody",
                        "password": thingspace.Secret("wrong"),
                    }
                },
                "accounts": [{"account": ACCOUNT, "endpoint": "lab", "credential": "one"}],
            }
            client = self.client(policy=policy, state_dir=folder)
            with self.assertRaises(thingspace.AuthError) as caught:
                client.list(ACCOUNT)
            self.assertIs(type(caught.exception), thingspace.AuthError)
            with self.assertRaises(thingspace.AuthError):
                client.auth.login("one")
            self.assertEqual(client.auth.status("one")[0]["failed"], 1)
            self.assertEqual(client.auth.unlatch("one"), 1)
            self.assertEqual(client.auth.status("one")[0]["failed"], 0)
            client.close()

    def test_an_account_that_nobody_declared(self):
        client = self.client(policy_text="return { name = 'p', accounts = { 'Account-1' } }")
        with self.assertRaises(thingspace.PolicyError):
            client.list(ACCOUNT)

    def test_errors_survive_pickling_and_tell_all(self):
        error = thingspace.ServiceError("no", status=400, code="A.B", retry_after=1.5)
        again = pickle.loads(pickle.dumps(error))
        self.assertIs(type(again), thingspace.ServiceError)
        self.assertEqual(
            (again.message, again.status, again.code, again.retry_after), ("no", 400, "A.B", 1.5)
        )

    def test_every_kind_has_a_class(self):
        from thingspace import _core, errors

        self.assertEqual(
            set(errors.KINDS) | {"ok", "memory"},
            {
                "ok", "service", "usage", "policy", "plugin", "denied", "auth", "latched",
                "network", "timeout", "tls", "protocol", "drift", "partial", "refused", "local",
                "memory", "internal", "cancelled",
            },
        )  # fmt: skip
        for kind, made in errors.KINDS.items():
            self.assertTrue(issubclass(made, thingspace.Error))
            self.assertIs(getattr(thingspace, made.__name__), made)
            self.assertGreater(_core.status_exit(kind), 0)


THREE = """return { name = 'three', accounts = { 'TestAccount-2', 'Account-1', 'Account-2' },
owns = { 'https://hooks.example.com/*' },
listeners = function(account)
  return { CarrierService = { url = 'https://hooks.example.com/' .. account } }
end }"""


class Policies(Case):
    def test_what_it_says(self):
        client = self.client(policy_text=THREE)
        self.assertEqual(client.accounts, ["TestAccount-2", "Account-1", "Account-2"])
        self.assertEqual(client.policy_check()["accounts"], 3)
        self.assertEqual(client.policy_eval("Account-1")["endpoint"], "environment")
        old = self.client(policy_text="return { name = 'old', accounts = { 'Account-1' } }")
        self.assertIn("Account-2", client.policy_diff(old)["added"])
        self.assertEqual(client.plugin_list()["instances"], [])

    def test_a_closed_client_cannot_be_entered_again(self):
        with thingspace.Client() as client:
            pass
        with self.assertRaisesRegex(thingspace.UsageError, "closed"), client:
            self.fail("it was")

    def test_reload(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "policy.lua")

            def write(text):
                with open(file, "w", encoding="utf-8") as out:
                    out.write(text)

            write("return { name = 'p', accounts = { 'Account-1' } }")
            client = self.client(policy=file)
            write("return { name = 'p', accounts = { 'Account-2' } }")
            client.reload()
            self.assertEqual(client.accounts, ["Account-2"])
            write("return 5")
            with self.assertRaises(thingspace.PolicyError):
                client.reload()
            self.assertEqual(client.accounts, ["Account-2"])

    def test_settings_secrets_and_plugins(self):
        client = self.client(
            policy_text="return { name = thingspace.settings.name, accounts = { 'A-1' }, credentials "
            "= { one = { key = 'k', secret = thingspace.secret.named('mine') } } }",
            settings={"name": "from-settings"},
            secrets={"mine": thingspace.Secret("x")},
        )
        self.assertEqual(client.policy_check()["name"], "from-settings")
        with self.assertRaises(thingspace.PluginError):
            self.client(plugins=["/nothing/here.lua"])
        with self.assertRaises((TypeError, ValueError)):
            self.client(plugins=[("a.lua", {"x": thingspace.Secret("y")})])
        for wrong in (
            {"settings": {1: 2}},
            {"plugins": [5]},
            {"secrets": {"a": "plain"}},
            {"secrets": {5: thingspace.Secret("x")}},
            {"ask": 5},
            {"state_dir": 5},
            {"policy": 5},
            {"proxy": 5},
            {"reason": 5},
            {"policy": "x", "policy_text": "y"},
            {"colour": "red"},
        ):
            with self.subTest(wrong), self.assertRaises(TypeError):
                self.client(**wrong)
        with self.assertRaises(ValueError):
            self.client(log_level="loud")

    def test_a_credential_that_is_asked_for(self):
        saved = os.environ.pop("THINGSPACE_PASSWORD")
        asked = []

        def ask(part):
            asked.append(part)
            return thingspace.Secret(saved)

        try:
            with tempfile.TemporaryDirectory() as folder:
                client = self.client(ask=ask, state_dir=folder)
                self.assertEqual(client.list(ACCOUNT), [])
                self.assertEqual(asked, ["password"])
                client.close()
            with tempfile.TemporaryDirectory() as folder:
                for answer in (lambda part: None, lambda part: "plain", lambda part: 1 / 0):
                    client = self.client(ask=answer, state_dir=folder)
                    with self.assertRaises(thingspace.Error):
                        client.list(ACCOUNT)
        finally:
            os.environ["THINGSPACE_PASSWORD"] = saved


class Logging(Case):
    def test_lines_go_to_the_logger(self):
        with self.assertLogs("thingspace", "DEBUG") as logs:
            client = self.client()
            client.list(ACCOUNT)
        self.assertTrue(logs.output)
        self.assertNotIn(os.environ["THINGSPACE_SECRET"], "".join(logs.output))

    def test_a_handler_that_raises_harms_nobody(self):
        class Broken(logging.Handler):
            def emit(self, record):
                raise ValueError("no")

        import sys

        handler, logger = Broken(), logging.getLogger("thingspace")
        logger.addHandler(handler)
        shown = []
        hook, sys.unraisablehook = sys.unraisablehook, shown.append
        try:
            client = self.client(log_level="debug")
            logger.setLevel("DEBUG")
            self.assertEqual(client.list(ACCOUNT), [])
        finally:
            sys.unraisablehook = hook
            logger.removeHandler(handler)
            logger.setLevel("NOTSET")
        self.assertTrue(shown)


class Package(unittest.TestCase):
    def test_everything_that_it_names_is_there(self):
        for name in thingspace.__all__:
            self.assertIsNotNone(getattr(thingspace, name), name)
            self.assertIn(name, dir(thingspace))
        with self.assertRaises(AttributeError):
            thingspace.nothing  # noqa: B018
        self.assertRegex(thingspace.__version__, r"\A\d+\.\d+\.\d+\Z")

    def test_the_catalogue(self):
        names = [service.name for service in thingspace.services()]
        self.assertIn(SERVICE, names)
        self.assertEqual(names, sorted(names))
        self.assertEqual(thingspace.apis()[0].name, "connectivity")
        self.assertTrue(thingspace.sources()[0].address)
        from thingspace.catalogue import find_service

        self.assertEqual(find_service(SERVICE).name, SERVICE)
        self.assertIsNone(find_service("Nothing"))

    def test_importing_takes_little_with_it(self):
        status, out, err = run_script(
            "import sys; before = set(sys.modules); import thingspace; "
            "print(*sorted(set(sys.modules) - before))"
        )
        self.assertEqual(status, 0, err)
        for heavy in ("asyncio", "dataclasses", "typing", "json", "logging", "re", "inspect"):
            self.assertNotIn(heavy, out.split())

    def test_plugin_tools(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "team.lua")
            with open(file, "w", encoding="utf-8") as out:
                out.write("return { name = 'team', version = '1', api = 1, hooks = { request = 5 } }")
            self.assertTrue(thingspace.plugin_check(file)["findings"])
            with self.assertRaises(thingspace.Error):
                thingspace.plugin_test(file)


if __name__ == "__main__":
    support.main()
