# SPDX-License-Identifier: MIT
"""Runs a scenario: one line of JSON for each step. See scenario.json; scenario.c and scenario.lua do
the same."""

import asyncio
import dataclasses
import json
import os
import subprocess
import sys

import thingspace

LISTENER = ("account_name", "service_name", "url", "username", "has_password")
NAMES = ("accountName", "serviceName", "url", "username", "hasPassword")


def members(**given):
    return {name: value for name, value in given.items() if value is not None}


def error_of(error, vague):
    if isinstance(error, asyncio.CancelledError) or vague:
        return {"kind": getattr(error, "kind", "cancelled")}
    return members(
        kind=error.kind,
        message=error.message,
        status=error.status,
        code=error.code,
        account=error.account,
        retriable=error.retriable,
        retryAfterMs=None if error.retry_after is None else round(error.retry_after * 1000),
        plugin=error.plugin,
        instance=error.instance,
        tenant=error.tenant,
        phase=error.phase,
        file=error.file,
        line=error.line,
    )


def plain(value):
    """What is null is absent in Lua."""
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items() if member is not None}
    return [plain(item) for item in value] if isinstance(value, list) else value


def rows_of(rows, names):
    """Some members of each row."""
    return [plain({name: row.get(name) for name in names.split()}) for row in rows]


def expand(text):
    return os.environ[text[1:]] if text.startswith("$") else text


def secret(text):
    return None if text is None else thingspace.Secret(text)


class Hook:
    """A hook that does what its step says, and tells that it ran."""

    def __init__(self, step, trace):
        self.step = step
        self.trace = trace

    def event(self, event):
        self.trace.append(f"{self.step['name']} {event.operation} {event.kind} {event.status or 0}")

    def __call__(self, call, message):
        step = self.step
        if step.get("on", call.operation) != call.operation:
            return None
        if step.get("account", call.account) != call.account:
            return None
        self.trace.append(step["name"])
        if "fail" in step:
            raise ValueError(step["fail"])
        if "url" in step:
            message.set_json({**message.json(), "url": step["url"]})
        if "header" in step:
            message.set_header(*step["header"])
        if "body" in step:
            message.set_json(step["body"])
        if "message" in step:
            message.set_message(step["message"])
            message.set_code(step["code"])
        return self.verdict()

    def verdict(self):
        step = self.step
        if "deny" in step:
            return thingspace.deny(*step["deny"])
        if "reply" in step:
            return thingspace.reply(**step["reply"])
        if "wait" in step:
            return thingspace.wait(step["wait"])
        return thingspace.stop() if "stop" in step else None

    def add_to(self, client):
        step = self.step
        client.add_hook(
            step["phase"],
            self.event if step["phase"] == "audit" else self,
            priority=step.get("priority", 5000),
            on_error=step.get("on_error", "fail"),
            name=step["name"],
        )


class Scenario:
    def __init__(self):
        self.client = self.given = self.made = None
        self.hooks = {}
        self.trace = []

    def options(self, step):
        given = {name: value for name, value in step.items() if name != "do"}
        if "policy_file" in given:
            given["policy"] = given.pop("policy_file")
        if "settings" in given:
            given["settings"] = {name: expand(text) for name, text in given["settings"].items()}
        if "secrets" in given:
            given["secrets"] = {name: secret(expand(text)) for name, text in given["secrets"].items()}
        return {**given, "log_level": "error"}

    def do_client(self, step):
        given = self.options(step)
        client = thingspace.Client(**given)
        if self.client is not None:
            self.client.close()
        self.client, self.given, self.hooks = client, given, {}
        return {}

    def more(self, step, *names):
        given = {name: step[name] for name in ("username", "api", *names) if name in step}
        if "password" in step:
            given["password"] = secret(step["password"])
        if "timeout_ms" in step:
            given["timeout"] = step["timeout_ms"] / 1000
        return given

    def do_register(self, step):
        done = self.client.register(step["account"], step["service"], step["url"], **self.more(step))
        return members(accountName=done.account_name, serviceName=done.service_name, url=done.url)

    def do_ensure(self, step):
        done = self.client.ensure(
            step["account"], step["service"], step["url"], **self.more(step, "replace")
        )
        return members(
            accountName=done.account_name, serviceName=done.service_name, url=done.url, how=done.how
        )

    def do_list(self, step):
        listeners = self.client.list(step["account"], **self.more(step))
        listeners.sort(key=lambda listener: listener.service_name)
        rows = [[getattr(listener, name) for name in LISTENER] for listener in listeners]
        return {"listeners": [members(**dict(zip(NAMES, row))) for row in rows]}

    def do_deregister(self, step):
        done = self.client.deregister(step["account"], step["service"], **self.more(step))
        return members(accountName=done.account_name, serviceName=done.service_name)

    def do_call(self, step):
        reply = self.client.call(step["account"], step["method"], step["path"], step.get("data"))
        return {"status": reply.status, "body": reply.text(), "attempts": reply.attempts}

    def do_preview(self, step):
        seen = self.client.preview("register", step["account"], step["service"], step["url"])
        return {"method": seen["method"], "url": seen["url"], "body": seen["body"]}

    def do_explain(self, step):
        operation = step.get("operation", "register")
        seen = self.client.explain(operation, step["account"], step.get("service"), step.get("url"))
        runs = rows_of(seen["hooks"], "instance phase verdict changes note")
        return members(runs=runs, method=seen.get("method"), failed=seen.get("error", {}).get("kind"))

    def do_run(self, step):
        subprocess.run([os.environ["SCENARIO_SHELL"], step["command"]], check=True)
        return {}

    def do_cancel(self, step):
        async def cancelled():
            async with thingspace.AsyncClient(**self.given) as client:
                task = asyncio.ensure_future(client.list(step["account"]))
                await asyncio.sleep(0.05)
                before = client.pending
                task.cancel()
                [error] = await asyncio.gather(task, return_exceptions=True)
                return {"error": error_of(error, True), "pending": [before, client.pending]}

        return asyncio.run(cancelled())

    def do_bulk(self, step):
        async def registered():
            async with thingspace.AsyncClient(**self.given) as client:
                for hook in self.hooks.values():
                    hook.add_to(client)
                calls = [client.register(*row) for row in step["rows"]]
                return await asyncio.gather(*calls, return_exceptions=True)

        results = [
            {"error": error_of(done, False)}
            if isinstance(done, Exception)
            else {"accountName": done.account_name, "url": done.url}
            for done in asyncio.run(registered())
        ]
        self.trace.sort()
        return {"results": results}

    def do_interrupt(self, step):
        self.client.interrupt()
        return {}

    def do_resume(self, step):
        self.client.resume()
        return {}

    def do_hook(self, step):
        hook = Hook(step, self.trace)
        hook.add_to(self.client)
        self.hooks[step["name"]] = hook
        return {}

    def do_unhook(self, step):
        self.client.remove_hook(step["name"])
        self.hooks.pop(step["name"], None)
        return {}

    def do_plugins(self, step):
        seen = self.client.plugin_list()
        order = [[row["phase"], *(hook["instance"] for hook in row["instances"])] for row in seen["order"]]
        names = "plugin instance priority onError required hooks runs failures skipped"
        return {"order": order, "instances": rows_of(seen["instances"], names)}

    def do_plugin_check(self, step):
        seen = thingspace.plugin_check(step["file"])
        return rows_of([seen], "name version capabilities hooks findings")[0]

    def do_plugin_test(self, step):
        seen = thingspace.plugin_test(step["file"])
        return {"plugin": seen["plugin"], "tests": rows_of(seen["tests"], "name ok message line")}

    def do_auth_status(self, step):
        names = "credential endpoint bearer session failed latched persists"
        return {"credentials": rows_of(self.client.auth.status(step.get("credential")), names)}

    def do_auth_login(self, step):
        self.client.auth.login(step.get("credential"))
        return {}

    def do_auth_logout(self, step):
        self.client.auth.logout(step.get("credential"), revoke=step.get("revoke", False))
        return {}

    def do_auth_unlatch(self, step):
        return {"cleared": self.client.auth.unlatch(step.get("credential"))}

    def do_policy_check(self, step):
        seen = self.client.policy_check()
        names = "accountName serviceName message line"
        return {
            "accounts": seen["accounts"],
            "listeners": seen["listeners"],
            "decisions": rows_of(seen["decisions"], "accountName endpoint credential listeners"),
            "errors": rows_of(seen["errors"], names),
            "warnings": rows_of(seen["warnings"], names),
        }

    def do_policy_diff(self, step):
        with thingspace.Client(policy_text=step["policy_text"]) as old:
            seen = self.client.policy_diff(old)
        return rows_of([seen], "added removed changed")[0]

    def do_reload(self, step):
        self.client.reload()
        return {}

    def do_accounts(self, step):
        return {"accounts": self.client.accounts}

    def do_row(self, step):
        return members(row=self.client.row(step["account"]))

    def do_eval(self, step):
        decision = self.client.policy_eval(step["account"])
        return rows_of([decision], "endpoint credential listeners")[0]

    def told(self):
        return {
            "counts": dataclasses.asdict(self.made.counts),
            "changes": self.made.json()["changes"],
        }

    def do_plan(self, step):
        self.made = self.client.plan(step.get("accounts"), services=step.get("services"))
        return self.told()

    def do_check(self, step):
        self.client.check_plan(self.made, expect=step["expect_id"])
        return {}

    def do_save(self, step):
        self.made.save(step["file"])
        return {}

    def do_load(self, step):
        before = self.made.id
        self.made = self.client.load_plan(step["file"])
        return {"same": self.made.id == before, **self.told()}

    def do_apply(self, step):
        answer = {}
        try:
            applied = self.client.apply(
                self.made, prune=step.get("prune", False), take_over=step.get("take_over", False)
            )
        except thingspace.Error as error:
            applied = error.result
            answer["error"] = error_of(error, False)
        answer["changes"] = sorted(
            " ".join(
                [row.account_name, (f"{row.api}/" if row.api else "") + row.service_name]
                + [row.action, row.result]
                + (["unchanged"] if row.unchanged else [])
                + ([row.error.kind] if row.error else [])
            )
            for row in applied
        )
        names = ("done", "failed", "skipped", "unchanged")
        return {**answer, **{name: getattr(applied, name) for name in names}}

    def do_import(self, step):
        made = self.client.import_policy()
        return {"script": made.script.split("\n"), "accounts": made.accounts, "listeners": made.listeners}

    def run(self, step):
        self.trace.clear()
        try:
            answer = getattr(self, f"do_{step['do']}")(step)
        except thingspace.Error as error:
            answer = {"error": error_of(error, step.get("vague", False))}
        if self.trace:
            answer["hooks"] = self.trace
        return answer


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        steps = json.load(file)["steps"]
    scenario = Scenario()
    for number, step in enumerate(steps, 1):
        line = {"step": number, "do": step["do"], **scenario.run(step)}
        print(json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":")), flush=True)


main()
