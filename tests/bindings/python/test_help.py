# SPDX-License-Identifier: MIT
"""help() is enough: every public class, function and member tells what it is, every function shows its
arguments, and objects show themselves without a secret."""

import inspect
import re
import unittest

import support
import thingspace
from support import ACCOUNT, URL

VAGUE = re.compile(r"^(The same|See|Ditto)\b|thingspace_[a-z]+_[a-z]|_core\b")


def members(owner):
    """(name, what is documented) of the public members that a class has itself or of a private base."""
    for name in dir(owner):
        found = inspect.getattr_static(owner, name)
        if name.startswith("_") or not hasattr(found, "__get__"):
            continue
        if isinstance(found, (staticmethod, classmethod)):
            found = found.__func__
        yield name, found


def inherited(name):
    return hasattr(Exception, name) or hasattr(OSError, name) or hasattr(ValueError, name)


class Words(unittest.TestCase):
    def public(self):
        for name in thingspace.__all__:
            yield name, getattr(thingspace, name)

    def check(self, name, documented):
        text = inspect.getdoc(documented)
        self.assertTrue(text and text.strip(), f"{name} has no docstring")
        self.assertIsNone(VAGUE.search(text), f"{name}: {text}")

    def test_everything_public_has_a_docstring(self):
        for name, found in self.public():
            if name == "REGISTERED":
                found = type(found)
            self.check(name, found)
            if not inspect.isclass(found):
                continue
            for member, documented in members(found):
                data = inspect.ismemberdescriptor(documented)  # of a data class: told by the class
                if data or (issubclass(found, Exception) and inherited(member)):
                    self.assertTrue(inherited(member) or member in found.__doc__, f"{name}.{member}")
                else:
                    self.check(f"{name}.{member}", documented)

    def test_every_function_shows_its_arguments(self):
        for name, found in self.public():
            functions = [found] if inspect.isroutine(found) else []
            if inspect.isclass(found) and not issubclass(found, Exception):
                functions += [row for _, row in members(found) if inspect.isroutine(row)]
            for function in functions:
                with self.subTest(f"{name}.{function.__name__}"):
                    self.assertNotIn("more", inspect.signature(function).parameters)
        for kind in (thingspace.Client, thingspace.AsyncClient):
            names = inspect.signature(kind).parameters
            self.assertLessEqual({"policy", "timeout", "log_level"}, set(names))
            self.assertNotIn("given", names)

    def test_dir_shows_what_is_public(self):
        self.assertEqual(set(dir(thingspace)), {*thingspace.__all__, "policy", "__version__"})


class Shown(support.Case):
    def test_a_client(self):
        class Fleet:
            accounts = [ACCOUNT]
            credentials = {"north": {"key": thingspace.Secret("hunter2")}}

        client = self.client(Fleet())
        self.assertEqual(repr(client), "<Client policy=Fleet>")
        self.assertEqual(repr(self.client()), "<Client of the environment>")
        self.assertNotIn("return", repr(self.client(policy_text="return { name='a', accounts={} }")))
        client.close()
        self.assertEqual(repr(client), "<Client closed, policy=Fleet>")
        self.assertEqual(repr(self.client().auth), "<Auth of the environment>")

    def test_what_hooks_get(self):
        client = self.client()
        seen = []
        keep = lambda *handles: seen.extend(map(repr, handles))  # noqa: E731
        for phase in ("check", "response", "error"):
            client.add_hook(phase, lambda call, other: keep(call, other))
        client.add_hook("audit", lambda event: keep(event))
        client.list(ACCOUNT)
        self.assertEqual(
            seen,
            [
                f"<thingspace.Call list {ACCOUNT}>",
                f"<thingspace.Request GET /callbacks/{ACCOUNT}>",
                f"<thingspace.Call list {ACCOUNT}>",
                "<thingspace.Response 200>",
                f"<thingspace.Event list {ACCOUNT}>",
            ],
        )
        del seen[:]
        self.fault("GET /callbacks/* status=404")
        with self.assertRaises(thingspace.ServiceError):
            client.list(ACCOUNT)
        self.assertRegex(" ".join(seen), r"<thingspace\.Failure service .*404")

    def test_verdicts(self):
        self.assertEqual(repr(thingspace.deny("a", "b")), "thingspace.deny('a', 'b')")
        self.assertEqual(repr(thingspace.reply(204)), "thingspace.reply(204, ...)")
        self.assertEqual(repr(thingspace.wait(1.5)), "thingspace.wait(2)")
        self.assertEqual(repr(thingspace.stop()), "thingspace.stop()")


class Verdicts(support.Case):
    def test_wrong_arguments_say_what_is_wanted(self):
        for wrong, kind, said in (
            (lambda: thingspace.reply({"a": 1}), TypeError, r"status must be int \(the body is json"),
            (lambda: thingspace.reply(200, headers=[]), TypeError, "headers must be a dict"),
            (lambda: thingspace.wait("1"), TypeError, "ms must be a number of milliseconds"),
            (lambda: thingspace.wait(float("nan")), ValueError, "ms must be"),
        ):
            with self.assertRaisesRegex(kind, said):
                wrong()

    def test_a_check_that_changes_is_told_which_phase_may(self):
        client = self.client()
        client.add_hook("check", lambda call, request: request.set_header("A", "b"))
        with self.assertRaises(thingspace.PluginError) as caught:
            client.register(ACCOUNT, "CarrierService", URL)
        self.assertIn("belongs to the phase request, and this is check", str(caught.exception))
        self.assertNotIn("stale", str(caught.exception))


if __name__ == "__main__":
    support.main()
