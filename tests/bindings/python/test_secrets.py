# SPDX-License-Identifier: MIT
"""Secrets are shown nowhere."""

import json
import os
import pickle
import tempfile
import unittest

import support
import thingspace
from support import run_script


class Secrets(unittest.TestCase):
    def test_it_shows_nothing(self):
        secret = thingspace.Secret("canary")
        for text in (repr(secret), str(secret), f"{secret}", "%s" % secret, ascii(secret)):
            self.assertNotIn("canary", text)
            self.assertIn("***", text)
        self.assertEqual([name for name in dir(secret) if not name.startswith("__")], ["from_file"])
        self.assertNotEqual(secret, thingspace.Secret("canary"))
        self.assertEqual(secret, secret)
        for wrong in (
            lambda: pickle.dumps(secret),
            lambda: bytes(secret),
            lambda: len(secret),
            lambda: secret + "x",
            lambda: json.dumps(secret),
            lambda: memoryview(secret),
            lambda: iter(secret),
            lambda: secret.__dict__,
        ):
            with self.assertRaises((TypeError, AttributeError)):
                wrong()
        import copy

        self.assertIs(copy.deepcopy([secret])[0], secret)

    def test_what_it_is_made_of(self):
        for value in ("text", b"bytes", bytearray(b"array"), memoryview(b"view"), ""):
            self.assertIsInstance(thingspace.Secret(value), thingspace.Secret)
        for wrong in (None, 5, ["a"], object()):
            with self.assertRaises(TypeError):
                thingspace.Secret(wrong)
        with self.assertRaises(TypeError):
            thingspace.Secret()
        with self.assertRaises(TypeError):
            thingspace.Secret(value="x")
        with self.assertRaises(thingspace.UsageError):
            thingspace.Secret("x" * 70000)
        with self.assertRaises(TypeError):

            class Mine(thingspace.Secret):
                pass

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "secret")
            with open(file, "w", encoding="utf-8") as out:
                out.write("hush\n")
            os.chmod(file, 0o600)
            self.assertIsInstance(thingspace.Secret.from_file(file), thingspace.Secret)
            import pathlib

            thingspace.Secret.from_file(pathlib.Path(file))
            os.chmod(file, 0o666)
            with self.assertRaises(thingspace.LocalError):
                thingspace.Secret.from_file(file)
            with self.assertRaises(thingspace.LocalError):
                thingspace.Secret.from_file(os.path.join(folder, "none"))
            with self.assertRaises(TypeError):
                thingspace.Secret.from_file(5)

    def test_errors_tracebacks_and_locals_do_not_show_it(self):
        _, _, err = run_script(
            "import thingspace, traceback, sys\n"
            "def f():\n    s = thingspace.Secret('can' + 'ary')\n    return s + 1\n"
            "try:\n    f()\nexcept TypeError as error:\n"
            "    print(''.join(traceback.TracebackException.from_exception(error, "
            "capture_locals=True).format()), file=sys.stderr)\n"
        )
        self.assertNotIn("canary", err)
        self.assertIn("Secret(***)", err)


if __name__ == "__main__":
    support.main()
