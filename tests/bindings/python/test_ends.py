# SPDX-License-Identifier: MIT
"""Forks, and the end of the interpreter."""

import os
import sys
import threading

import support
import thingspace
from support import ACCOUNT, LONG, Case
from thingspace import _core, options

SLOW = f"GET /callbacks/* {LONG}"


def core(**more):
    return _core.Core({**options.make(), **more})


class Forks(Case):
    def test_a_child_is_told_and_the_parent_goes_on(self):
        client = self.client()
        client.list(ACCOUNT)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                client.list(ACCOUNT)
            except thingspace.UsageError as error:
                status = 0 if "fork" in error.message else 2
            try:
                client.close()
                with thingspace.Client() as own:
                    own.list(ACCOUNT)
            except BaseException:
                status = 3
            os._exit(status)
        _, status = os.waitpid(child, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0)
        self.assertEqual(client.list(ACCOUNT), [])

    def test_a_fork_with_calls_in_flight(self):
        client = core(flags=2)
        told = []
        client.start(told.append, "list", ACCOUNT)
        child = os.fork()
        if child == 0:
            client.close()
            os._exit(len(told))
        _, status = os.waitpid(child, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0)
        client.close()
        self.assertEqual(len(told), 1)


class Ends(Case):
    """The interpreter ends; nothing crashes."""

    def test_with_calls_in_flight(self):
        for flags in (0, 2):
            out, err = self.ends(
                f"""
                from thingspace import _core, options
                client = _core.Core({{**options.make(), "flags": {flags}}})
                def done(result):
                    print(result.error.kind)
                for _ in range(3):
                    client.start(done, "list", "{ACCOUNT}")
                """
            )
            self.assertEqual(out, "cancelled\n" * 3)
            self.assertEqual(err, "")

    def test_with_a_daemon_thread_that_waits(self):
        self.fault(SLOW)
        out, err = self.ends(
            f"""
            import sys, thingspace, threading
            client = thingspace.Client()
            client.add_hook("request", lambda call, request: None)
            client.add_hook("error", lambda call, failure: None)
            threading.Thread(target=lambda: client.list("{ACCOUNT}"), daemon=True).start()
            sys.path.insert(0, {os.path.dirname(support.__file__)!r})
            import support
            print(support.wait_until(support.is_held))
            print("end")
            """
        )
        self.assertEqual(out, "True\nend\n")

    def test_inside_a_hook(self):
        out, err = self.ends(
            f"""
            import thingspace, sys
            client = thingspace.Client()
            @client.hook("request")
            def leave(call, request):
                sys.exit(5)
            client.list("{ACCOUNT}")
            """,
            status=5,
        )

    def test_with_what_was_never_closed(self):
        out, err = self.ends(
            f"""
            import thingspace
            class Policy:
                accounts = ["{ACCOUNT}"]
                def resolve(self, account, row): return None
                def listeners(self, account, row): return {{}}
            kept = thingspace.Client(policy=Policy(), secrets={{"a": thingspace.Secret("b")}})
            kept.add_hook("request", lambda call, request: kept and None)
            kept.list("{ACCOUNT}")
            import builtins
            builtins.kept = kept
            """
        )
        self.assertEqual(err, "")


if __name__ == "__main__":
    support.main()
