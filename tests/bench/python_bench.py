# SPDX-License-Identifier: MIT
"""Measures the Python binding beside the C library and pycurl: python_bench.py ENGINE ROUNDS REQUESTS DIR.

Prints "NAME FIGURE UNIT BASELINE" a line; the baseline of a figure is a dash when there is none. All
sides take turns, each a process of its own, and CPU time of the calls alone is what counts; of an
import it is wall time. See bench.sh.
"""
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
HOOKS = 10  # of python_calls.py
CREDENTIAL = {"KEY": "key", "SECRET": "secret", "USERNAME": "user", "PASSWORD": "password"}


def note(text):
    print(f"bench: {text}", file=sys.stderr)


def cpu_us(command, requests):
    """What one side used for each request."""
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    for line in answer.splitlines():
        if line.startswith("CPU "):
            return float(line[4:]) * 1e6 / requests
    raise SystemExit(f"bench: {command[0]} told no time")


def find_pycurl():
    """A Python that has pycurl; None without one."""
    for python in (sys.executable, "/usr/bin/python3"):
        probe = subprocess.run([python, "-c", "import pycurl"], stderr=subprocess.DEVNULL)
        if probe.returncode == 0:
            return python
    note("without pycurl beside Python: it is not installed")
    return None


def sides(engine, requests, folder):
    state = os.path.join(folder, "python-state")
    calls = [sys.executable, "-B", os.path.join(HERE, "python_calls.py")]
    table = {"engine-many": [engine, "many", str(requests), state]}
    table["engine-blocking"] = [engine, "blocking", str(requests), state]
    for side in ("many", "tasks", "hooked", "blocking"):
        table[f"python-{side}"] = [*calls, side, str(requests), state]
    pycurl = find_pycurl()
    if pycurl is not None:
        for side in ("multi", "asyncio"):
            table[f"pycurl-{side}"] = [pycurl, "-B", os.path.join(HERE, f"pycurl_{side}.py")]
    return table


def median_cpu(table, rounds, requests):
    taken = {name: [] for name in table}
    for _ in range(rounds):
        for name, command in table.items():
            taken[name].append(cpu_us(command, requests))
    return {name: statistics.median(values) for name, values in taken.items()}


def import_ms(rounds):
    """Of `import thingspace` above a bare interpreter's start and end."""
    taken = {"pass": [], "import thingspace": []}
    for _ in range(rounds):
        for script, values in taken.items():
            begin = time.perf_counter()
            subprocess.run([sys.executable, "-c", script], check=True)
            values.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken["import thingspace"]) - statistics.median(taken["pass"])


def tell(name, figure, unit, baseline="-"):
    shown = baseline if baseline == "-" else f"{baseline:.2f}"
    print(f"{name} {figure:.2f} {unit} {shown}")


def main(engine, rounds, requests, folder):
    rounds, requests = int(rounds), int(requests)
    for name, value in CREDENTIAL.items():
        os.environ[f"THINGSPACE_{name}"] = value
    os.environ.pop("THINGSPACE_POLICY", None)
    os.environ["RIVAL_REQUESTS"] = str(requests)
    tell("python-import", import_ms(rounds * 5), "ms")
    server = subprocess.Popen(
        [engine, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        os.environ["RIVAL_URL"] = server.stdout.readline().strip()
        us = median_cpu(sides(engine, requests, folder), rounds, requests)
    finally:
        server.stdin.close()
        server.wait()
    tell("python-many-against-engine", us["python-many"], "us", us["engine-many"])
    for side in ("multi", "asyncio"):
        if f"pycurl-{side}" in us:
            tell(f"python-many-against-pycurl-{side}", us["python-many"], "us", us[f"pycurl-{side}"])
    tell("python-tasks-against-engine", us["python-tasks"], "us", us["engine-many"])
    tell("python-hook", (us["python-hooked"] - us["python-many"]) / HOOKS, "us")
    tell("python-blocking-against-engine", us["python-blocking"], "us", us["engine-blocking"])


main(*sys.argv[1:])
