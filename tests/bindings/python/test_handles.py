# SPDX-License-Identifier: MIT
"""What hooks get: what they see in it, and what they change."""

import support
import thingspace
from support import ACCOUNT, URL, Case

SERVICE = "CarrierService"


class Seen(Case):
    def test_a_call_and_its_request(self):
        client = self.client(policy_text=TAGGED, reason="spring cleaning")
        seen = {}

        @client.hook("request")
        def look(call, request):
            seen.update(
                account=call.account,
                operation=call.operation,
                service=call.service,
                url=call.url,
                id=call.id,
                endpoint=call.endpoint,
                attempt=call.attempt,
                dry_run=call.dry_run,
                tags=call.tags,
                reason=call.reason,
                plan=call.plan,
                method=request.method,
                path=request.path,
                json=request.json(),
                text=request.text(),
                type=request.header("content-type"),
                absent=request.header("x-absent"),
            )

        client.register(ACCOUNT, SERVICE, URL, username="u", password=thingspace.Secret("hush"))
        self.assertEqual(seen["account"], ACCOUNT)
        self.assertEqual(seen["operation"], "register")
        self.assertEqual((seen["service"], seen["url"]), (SERVICE, URL))
        self.assertRegex(seen["id"], r"\A[0-9a-f]{16}\Z")
        self.assertEqual(seen["endpoint"], "environment")
        self.assertEqual((seen["attempt"], seen["dry_run"]), (0, False))
        self.assertEqual(seen["tags"], {"site": 7, "team": "blue"})
        self.assertEqual(seen["reason"], "spring cleaning")
        self.assertIsNone(seen["plan"])
        self.assertEqual(seen["method"], "POST")
        self.assertIn(ACCOUNT, seen["path"])
        self.assertEqual(seen["json"]["url"], URL)
        self.assertEqual(seen["json"]["password"], "***")
        self.assertNotIn("hush", seen["text"])
        self.assertEqual(seen["type"], "application/json")
        self.assertIsNone(seen["absent"])

    def test_a_response(self):
        client = self.client()
        seen = []

        @client.hook("response")
        def look(call, response):
            seen.append((response.status, response.json(), response.text()))
            response.set_header("X-Seen", "yes")
            seen.append(response.header("x-seen"))
            response.remove_header("X-Seen")
            seen.append(response.header("x-seen"))

        client.add_hook("request", lambda call, request: REPLY)
        client.call(ACCOUNT, "GET", "/x")
        self.assertEqual(seen[0][:2], (200, [{"name": "here"}]))
        self.assertIn('"here"', seen[0][2])
        self.assertEqual(seen[1:], ["yes", None])

    def test_a_failure(self):
        client = self.client()
        seen = []

        @client.hook("error")
        def look(call, failure):
            seen.append((failure.kind, failure.status, failure.code, bool(failure.message)))
            failure.set_message("it was the moon")
            failure.set_code("MOON")

        self.fault('GET /callbacks/* status=400 body="{\\"errorCode\\":\\"X.Y\\",\\"errorMessage\\":\\"no\\"}"')
        with self.assertRaises(thingspace.ServiceError) as caught:
            client.list(ACCOUNT)
        self.assertEqual(seen, [("service", 400, "X.Y", True)])
        self.assertEqual(caught.exception.code, "MOON")
        self.assertIn("it was the moon", caught.exception.message)

    def test_an_event(self):
        client = self.client()
        seen = []

        @client.hook("request")
        def tag(call, request):
            request.set_header("X-Team", "blue")

        @client.hook("audit")
        def note(event):
            seen.append(
                (
                    event.account,
                    event.operation,
                    event.kind,
                    event.status,
                    [row["what"] for row in event.attempts][-1],
                    event.changes[0]["field"],
                    event.json()["id"] == event.id,
                    event.time_ms > 1_600_000_000_000,
                    event.duration_ms >= 0,
                    event.message,
                )
            )

        client.list(ACCOUNT)
        self.assertEqual(
            seen[0][:4] + seen[0][5:],
            (ACCOUNT, "list", "ok", 200, "request.headers.X-Team", True, True, True, None),
        )

    def test_every_call_is_audited_once(self):
        client = self.client()
        seen = []
        client.add_hook("audit", lambda event: seen.append(event.kind))
        client.list(ACCOUNT)
        self.fault("GET /callbacks/* status=404")
        with self.assertRaises(thingspace.ServiceError):
            client.list(ACCOUNT)
        self.assertEqual(seen, ["ok", "service"])


REPLY = thingspace.reply(json=[{"name": "here"}])
TAGGED = """return { name = 'tagged', accounts = {
  { account = 'TestAccount-2', endpoint = 'environment', credential = 'environment',
    tags = { site = 7, team = 'blue' } } },
  resolve = function() return { tags = { site = 7, team = 'blue' } } end }"""


class Changed(Case):
    def test_header_query_and_body(self):
        client = self.client()

        @client.hook("request")
        def change(call, request):
            request.set_header("X-Team", "blue")
            request.set_header("X-Gone", "1")
            request.remove_header("x-gone")
            request.set_query("page", "a b")
            request.set_query("none", None)
            body = request.json()
            body["url"] = "https://other.example.com/b"
            request.set_json(body)

        shown = client.preview("register", ACCOUNT, SERVICE, URL)
        self.assertEqual(shown["headers"]["X-Team"], "blue")
        self.assertNotIn("X-Gone", shown["headers"])
        self.assertTrue(shown["url"].endswith("?page=a%20b"), shown["url"])
        self.assertEqual(shown["body"]["url"], "https://other.example.com/b")

    def test_a_password_stays_where_it_was_and_another_may_take_its_place(self):
        client = self.client()
        passwords = []
        client.add_hook(
            "request", lambda call, request: request.set_json(request.json()), name="same"
        )
        client.register(ACCOUNT, SERVICE, URL, username="u", password=thingspace.Secret("first"))
        passwords.append(registered_password())

        @client.hook("request")
        def other(call, request):
            body = request.json()
            body["password"] = thingspace.Secret("second")
            request.set_json(body)

        client.register(ACCOUNT, SERVICE, URL, username="u", password=thingspace.Secret("first"))
        passwords.append(registered_password())
        self.assertEqual(passwords, ["first", "second"])

    def test_numbers_keep_their_digits(self):
        client = self.client()
        sent = '{"a":12345678901234567890123,"b":0.10000000000000000001,"c":1.5,"d":1e400,"e":[1,true,null]}'

        @client.hook("request")
        def copy(call, request):
            tree = request.json()
            self.assertEqual(tree["a"], 12345678901234567890123)
            self.assertIsInstance(tree["c"], float)
            request.set_json(tree)
            seen.append(request.text())

        seen = []
        client.preview("call", ACCOUNT, method="POST", path="/x", data=sent)
        self.assertEqual(len(seen), 1)
        self.assertIn("12345678901234567890123", seen[0])
        self.assertIn("0.10000000000000000001", seen[0])
        self.assertIn('"e":[1,true,null]', seen[0].replace(" ", ""))

    def test_variables_are_shared_and_keep_their_types(self):
        client = self.client()
        seen = []

        @client.hook("request", priority=1)
        def first(call, request):
            call.vars.update(text="1", whole=1, real=1.5, yes=True, gone="x")
            del call.vars["gone"]
            call.vars["missing"] = None

        @client.hook("response")
        def last(call, response):
            seen.append(dict(call.vars))
            seen.append(("text" in call.vars, call.vars.get("gone"), len(call.vars)))

        client.list(ACCOUNT)
        self.assertEqual(seen[0], {"text": "1", "whole": 1, "real": 1.5, "yes": True})
        self.assertIs(seen[0]["yes"], True)
        self.assertEqual(seen[1], (True, None, 4))

    def test_what_a_failed_hook_changed_is_undone(self):
        client = self.client()

        @client.hook("request", on_error="skip")
        def half(call, request):
            request.set_header("X-Half", "1")
            call.vars["half"] = 1
            raise ValueError("no")

        self.assertNotIn("X-Half", client.preview("list", ACCOUNT)["headers"])

    def test_bad_values_are_refused(self):
        client = self.client()
        bad = {
            "line break": lambda call, request: request.set_header("X-A", "a\r\nb"),
            "no name": lambda call, request: request.set_header("", "a"),
            "host": lambda call, request: request.set_header("Host", "a"),
            "NUL": lambda call, request: request.set_header("X-A", "a\0b"),
            "number": lambda call, request: request.set_header("X-A", 1),
            "None": lambda call, request: request.set_header("X-A", None),
            "surrogate": lambda call, request: request.set_header("X-A", "\udc80"),
            "few": lambda call, request: request.set_header("X-A"),
            "set": lambda call, request: request.set_json({1, 2}),
            "NaN": lambda call, request: request.set_json(float("nan")),
            "name": lambda call, request: request.set_json({1: 2}),
            "cycle": lambda call, request: request.set_json(cycle()),
            "var": lambda call, request: call.vars.__setitem__("a", []),
            "field": lambda call, request: setattr(call, "account", "x"),
            "unknown": lambda call, request: call.nothing,
        }
        for what, function in bad.items():
            with self.subTest(what):
                name = client.add_hook("request", function)
                with self.assertRaises(thingspace.PluginError) as caught:
                    client.list(ACCOUNT)
                self.assertIsInstance(caught.exception.__cause__, Exception)
                client.remove_hook(name)
        self.assertEqual(client.list(ACCOUNT), [])

    def test_a_check_sees_and_changes_nothing(self):
        client = self.client()

        @client.hook("check")
        def change(call, request):
            request.set_header("X-A", "b")

        with self.assertRaises(thingspace.PluginError):
            client.list(ACCOUNT)


def cycle():
    tree = []
    tree.append(tree)
    return tree


def registered_password():
    import json

    listeners = json.loads(support.control("GET", "listeners?account=" + ACCOUNT))
    found = []

    def walk(node):
        if isinstance(node, dict):
            if "password" in node:
                found.append(node["password"])
            for item in node.values():
                walk(item)
        elif isinstance(node, list):
            for item in node:
                walk(item)

    walk(listeners)
    return found[-1] if found else None


if __name__ == "__main__":
    support.main()
