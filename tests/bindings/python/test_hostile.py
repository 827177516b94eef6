# SPDX-License-Identifier: MIT
"""Anything in any order: methods of the private layer with arguments that fit and that do not, hooks
that misbehave, clients that close in the middle. Nothing crashes, and every failure is an exception
that was meant. SECONDS and SEED in the environment run it longer and otherwise."""

import gc
import os
import random
import sys
import time

import support
import thingspace
from support import ACCOUNT, URL, Case
from thingspace import _core, options

SECONDS = float(os.environ.get("SECONDS", "3"))
SEED = int(os.environ.get("SEED", "5"))
POLICY = """return { name = 'p', accounts = { 'TestAccount-2', 'Account-1' },
listeners = function() return { CarrierService = { url = 'https://hooks.example.com/a' } } end }"""
MEANT = (thingspace.Error, TypeError, ValueError, OverflowError, SystemExit, KeyError)


class Odd:
    """Raises wherever it is looked at."""

    def __index__(self):
        raise ValueError("index")

    __bool__ = __len__ = __str__ = __index__

    def __call__(self, *ignored):
        raise KeyError("called")


class Chaos:
    def __init__(self, seed):
        self.choose = random.Random(seed)
        self.plan = None
        self.core = self.make()
        self.kept = []

    # --- functions of the program ---

    def nothing(self, *ignored):
        return None

    def boom(self, *ignored):
        raise ValueError("boom")

    def leave(self, *ignored):
        raise SystemExit(3)

    def close(self, *ignored):
        self.core.close()

    def use(self, *ignored):
        return self.core.perform("list", ACCOUNT)

    def function(self):
        return self.choose.choice(
            (self.nothing, self.boom, self.leave, self.close, self.use, None, 5, Odd())
        )

    def hook(self):
        return self.choose.choice(
            (
                self.function(),
                lambda *handles: _core.deny("x"),
                lambda *handles: _core.wait(1),
                lambda *handles: _core.reply(json=self.value(), headers=self.value()),
                lambda *handles: handles[-1].set_json(self.value()),
                lambda *handles: handles[-1].set_header(self.value(), self.value()),
                lambda *handles: self.kept.extend(handles),
                lambda *handles: [repr(old) or old.json() for old in self.kept[-3:]] and None,
            )
        )

    # --- arguments ---

    def value(self):
        return self.choose.choice(
            (
                None, True, 0, -1, 2**31, 2**63, 2**70, 1.5, float("nan"), "", "a", ACCOUNT, "list",
                "register", "GET", "/x", URL, "\0", "\udc80", "x" * 70000, b"x", [], ["a"], [None],
                [5], {}, {5: 5}, {"request": self.nothing}, (), object(), Odd(), print, self.core,
                self.plan, thingspace.Secret("x"), _core.deny("a"),
            )
        )  # fmt: skip

    def fitting(self, name):
        choose = self.choose
        return {
            "perform": lambda: ("list", ACCOUNT),
            "ensure": lambda: ("register", ACCOUNT, "CarrierService", URL),
            "start": lambda: (self.function(), "list", ACCOUNT),
            "plan": lambda: (None, None, None, self.function(), 1),
            "apply": lambda: (self.plan, choose.choice((0, 7)), None, self.function(), None),
            "import_": lambda: ([ACCOUNT], None, None, None, None, None, self.function()),
            "remove_plugin": lambda: (f"n{choose.randrange(9)}",),
            "run": lambda: (choose.choice((0, 1, 50)),),
            "add_plugin": lambda: (
                f"n{choose.randrange(9)}",
                {choose.choice(("request", "check", "response", "error", "audit")): self.hook()},
                choose.randrange(10000),
                choose.choice(("fail", "skip", "quarantine")),
                False,
            ),
        }.get(name, tuple)()

    def make(self):
        made = options.make(
            policy_text=self.choose.choice((None, POLICY)),
            foreign_loop=self.choose.random() < 0.2,
            timeout=5,
        )
        for name in ("resolve", "listeners"):
            if self.choose.random() < 0.2:
                made[name] = self.choose.choice(
                    (self.nothing, self.boom, self.leave, self.close, lambda *ignored: [5])
                )
        return _core.Core(made)

    # --- one step ---

    def step(self, methods):
        name = self.choose.choice(methods)
        fits = self.choose.random() < 0.7
        count = self.choose.randrange(9)
        arguments = self.fitting(name) if fits else [self.value() for _ in range(count)]
        made = getattr(self.core, name)
        made = made(*arguments) if callable(made) else made
        if isinstance(made, _core.Plan):
            self.plan = made
        if isinstance(made, _core.Pending) and self.choose.random() < 0.3:
            made.cancel()
        self.kept.append(made)
        del self.kept[:-30]

    def renew(self):
        if self.core.closed or self.choose.random() < 0.01:
            self.core = self.make()
        if self.choose.random() < 0.001:
            gc.collect()


class Anything(Case):
    def test_in_any_order(self):
        methods = [name for name in dir(_core.Core) if not name.startswith("__")]
        methods.remove("interrupt")
        chaos = Chaos(SEED)
        steps, end = 0, time.monotonic() + SECONDS
        hook, sys.unraisablehook = sys.unraisablehook, lambda shown: None
        try:
            while time.monotonic() < end:
                steps += 1
                try:
                    chaos.step(methods)
                    chaos.renew()
                except MEANT as error:
                    self.assertNotIsInstance(error, thingspace.InternalError)
        finally:
            sys.unraisablehook = hook
            chaos.core.close()
        self.assertGreater(steps, 100)


if __name__ == "__main__":
    import logging

    logging.getLogger("thingspace").setLevel("CRITICAL")
    support.main()
