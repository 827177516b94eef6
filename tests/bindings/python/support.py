# SPDX-License-Identifier: MIT
"""What the tests of the Python binding share.

A test file ends with `support.main()`: it starts itself again inside `thingspace simulate --`, runs
its cases and prints TAP. `top_builddir` names the build, whose package is used when it is there;
without it, the command and the package are the installed ones.
"""

import faulthandler
import gc
import json
import os
import subprocess
import signal
import sys
import textwrap
import time
import unittest
import urllib.request

_build = os.environ.get("top_builddir")
if _build:
    _build = os.path.abspath(_build)
    _stage = os.path.join(_build, "bindings", "python", "stage")
    if os.path.isdir(_stage):
        sys.path.insert(0, _stage)
        os.environ["PYTHONPATH"] = _stage + os.pathsep + os.environ.get("PYTHONPATH", "")
    os.environ["PATH"] = os.path.join(_build, "cli") + os.pathsep + os.environ["PATH"]

import thingspace  # noqa: E402

ACCOUNT = "TestAccount-2"
URL = "https://hooks.example.com/a"
LONG = "delay=60000"
LONGEST = 600  # seconds for a whole file, on a machine that has much else to do


def control(method, what, text=None):
    """What the stand-in is told beside the API."""
    request = urllib.request.Request(
        f"{os.environ['THINGSPACE_URL']}/simulator/{what}",
        method=method,
        data=None if text is None else text.encode(),
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as answer:
        return answer.read()


def state():
    """What the stand-in was asked, and what is registered."""
    return json.loads(control("GET", "state"))


def is_held(times=1):
    """Whether that many requests have met the first fault."""
    uses = state()["faultUses"]
    return bool(uses) and uses[0] >= times


def memory_kib():
    """What this process holds now."""
    with open("/proc/self/smaps_rollup", encoding="ascii") as file:
        for line in file:
            if line.startswith("Rss:"):
                return int(line.split()[1])
    return 0


def is_sanitized(*names):
    """Whether freed memory is held back, to find uses of it; by one of those."""
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as file:
        maps = file.read()
    return any(name in maps for name in names or ("libasan", "libtsan", "vgpreload"))


def run_script(text, *, timeout=300, **more):
    """Another interpreter, in the same surroundings: (exit status, out, err).

    Leaks are not looked for, which fails where threads are on their way out.
    """
    ended = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", text],
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"},
        **more,
    )
    return ended.returncode, ended.stdout, ended.stderr


class Case(unittest.TestCase):
    """A test with a service of its own: what was registered and told before is gone."""

    def setUp(self):
        control("DELETE", "faults")
        control("POST", "reset", json.dumps({}))
        self._clients = []

    def tearDown(self):
        for client in self._clients:
            client.close()
        control("DELETE", "faults")

    def client(self, *args, **more):
        """A client that is closed after the test."""
        made = thingspace.Client(*args, **more)
        self._clients.append(made)
        return made

    def fault(self, text):
        """Rules for the stand-in. LONG holds a request for longer than a test lasts."""
        control("POST", "faults", text)

    def ends(self, text, status=0):
        """What another interpreter prints, and says, which must end so."""
        got, out, err = run_script(textwrap.dedent(text))
        self.assertEqual(got, status, err)
        return out, err

    def collect(self):
        for _ in range(3):
            gc.collect()


class _Tap(unittest.TestResult):
    def __init__(self, *ignored, **more):
        super().__init__()
        self.buffer = False
        self._number = 0

    def _line(self, word, test, why=""):
        self._number += 1
        name = test.id().partition(".")[2] if "." in test.id() else test.id()
        print(f"{word} {self._number} - {name}{why}", flush=True)

    def addSuccess(self, test):
        self._line("ok", test)

    def _bad(self, test, why):
        self._line("not ok", test)
        for line in self._exc_info_to_string(why, test).splitlines():
            print(f"#   {line}", flush=True)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._bad(test, err)

    def addError(self, test, err):
        super().addError(test, err)
        self._bad(test, err)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._bad(subtest, err)

    def addSkip(self, test, reason):
        self._line("ok", test, f" # SKIP {reason}")


class _Runner:
    def run(self, tests):
        result = _Tap()
        print(f"1..{tests.countTestCases()}", flush=True)
        tests(result)
        return result


def main():
    """Runs the cases of the file that is the program."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # who runs it may ignore Ctrl-C
    if "THINGSPACE_URL" not in os.environ or "THINGSPACE_STATE_DIR" not in os.environ:
        arguments = ["thingspace", "simulate", "--", sys.executable, *sys.argv]
        os.execvp(arguments[0], arguments)
    faulthandler.dump_traceback_later(LONGEST, exit=True)
    program = unittest.main(module="__main__", testRunner=_Runner(), exit=False)
    faulthandler.cancel_dump_traceback_later()
    if "LSAN_OPTIONS" in os.environ:  # who looks for leaks cannot do it beside a thread that ends
        wait_until(lambda: len(os.listdir("/proc/self/task")) == 1, 5)
    sys.exit(not program.result.wasSuccessful())


def wait_until(true, seconds=60):
    """Polls; False when it never came true. The time is for a machine that has much else to do."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.005)
    return False
