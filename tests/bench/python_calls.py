# SPDX-License-Identifier: MIT
"""Registrations by the Python binding, as engine.c makes them: python_calls.py SIDE REQUESTS DIR.

many        AsyncClient.register_many
tasks       a task for each AsyncClient.register
hooked      many, with ten hooks of Python
blocking    Client.register, one after the other

Prints "CPU SECONDS", user and system, of the calls alone. DIR is the state directory.
"""
import asyncio
import os
import sys
import time

import thingspace

HOOKS = 10
SERVICE, LISTENER = "CarrierService", "https://hooks.example.com/cb"


def rows(requests):
    for number in range(requests):
        yield f"TestAccount-{number}", SERVICE, LISTENER


async def many(client, requests):
    async for outcome in client.register_many(rows(requests)):
        if outcome.error is not None:
            raise outcome.error


async def tasks(client, requests):
    for begin in range(0, requests, 1000):
        await asyncio.gather(
            *(
                client.register(f"TestAccount-{number}", SERVICE, LISTENER)
                for number in range(begin, min(begin + 1000, requests))
            )
        )


def blocking(client, requests):
    for row in rows(requests):
        client.register(*row)


def hook(call, request):
    pass


async def measure_async(side, requests, state):
    async with thingspace.AsyncClient(state_dir=state) as client:
        if side == "hooked":
            for number in range(HOOKS):
                client.add_hook("request", hook, name=f"hook-{number}")
        send = tasks if side == "tasks" else many
        await send(client, 1)
        begin = time.process_time()
        await send(client, requests)
        return time.process_time() - begin


def measure_blocking(requests, state):
    with thingspace.Client(state_dir=state) as client:
        blocking(client, 1)
        begin = time.process_time()
        blocking(client, requests)
        return time.process_time() - begin


def main(side, requests, state):
    os.environ["THINGSPACE_URL"] = os.environ["RIVAL_URL"]
    os.sched_setaffinity(0, {0})
    if side == "blocking":
        used = measure_blocking(int(requests), state)
    else:
        used = asyncio.run(measure_async(side, int(requests), state))
    print(f"CPU {used:.6f}")


main(*sys.argv[1:])
