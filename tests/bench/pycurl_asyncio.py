# SPDX-License-Identifier: MIT
"""The same registrations as pycurl_multi.py, by a pycurl multi that an asyncio loop drives, as a program
does that has more to do than to wait for them: sockets and time-outs go through the loop, and each
answer wakes who waits for it. Prints "CPU SECONDS" of sending alone. See rivals.h.
"""
import asyncio
import io
import json
import os
import time

import pycurl

IN_FLIGHT = 64
URL = os.environ["RIVAL_URL"] + "/api/m2m/v1/callbacks/TestAccount-"
FIELDS = ["Content-Type: application/json", "Accept: application/json",
          "Authorization: Bearer 0123456789abcdef0123456789abcdef",
          "VZ-M2M-Token: 01234567-89ab-cdef-0123-456789abcdef"]  # fmt: skip


class Multi:
    def __init__(self, loop):
        self.loop = loop
        self.timer = None
        self.waiting = {}
        self.multi = pycurl.CurlMulti()
        self.multi.setopt(pycurl.M_MAXCONNECTS, IN_FLIGHT)
        self.multi.setopt(pycurl.M_SOCKETFUNCTION, self.watch)
        self.multi.setopt(pycurl.M_TIMERFUNCTION, self.set_timer)

    def watch(self, event, socket, multi, data):
        self.loop.remove_reader(socket)
        self.loop.remove_writer(socket)
        if event in (pycurl.POLL_IN, pycurl.POLL_INOUT):
            self.loop.add_reader(socket, self.act, socket, pycurl.CSELECT_IN)
        if event in (pycurl.POLL_OUT, pycurl.POLL_INOUT):
            self.loop.add_writer(socket, self.act, socket, pycurl.CSELECT_OUT)

    def set_timer(self, milliseconds):
        if self.timer is not None:
            self.timer.cancel()
        self.timer = None
        if milliseconds >= 0:
            self.timer = self.loop.call_later(
                milliseconds / 1000, self.act, pycurl.SOCKET_TIMEOUT, 0
            )

    def act(self, socket, events):
        self.multi.socket_action(socket, events)
        _, ended, failed = self.multi.info_read()
        for easy in ended:
            self.multi.remove_handle(easy)
            self.waiting.pop(easy).set_result(None)
        if failed:
            raise SystemExit(f"pycurl failed: {failed[0][2]}")

    def perform(self, easy):
        future = self.waiting[easy] = self.loop.create_future()
        self.multi.add_handle(easy)
        return future


async def register(multi, easy, number):
    body = json.dumps({"name": "CarrierService", "url": "https://hooks.example.com/cb"})
    answer = io.BytesIO()
    easy.setopt(pycurl.URL, URL + str(number))
    easy.setopt(pycurl.HTTPHEADER, FIELDS)
    easy.setopt(pycurl.POSTFIELDS, body)
    easy.setopt(pycurl.WRITEDATA, answer)
    await multi.perform(easy)
    reply = json.loads(answer.getvalue())
    if easy.getinfo(pycurl.RESPONSE_CODE) != 200 or "accountName" not in reply:
        raise SystemExit("pycurl got another answer")


async def work(multi, numbers):
    easy = pycurl.Curl()
    easy.setopt(pycurl.NOPROXY, "*")
    easy.setopt(pycurl.NOSIGNAL, 1)
    for number in numbers:
        await register(multi, easy, number)


async def send(requests):
    multi = Multi(asyncio.get_running_loop())
    numbers = iter(range(requests))
    await asyncio.gather(*(work(multi, numbers) for _ in range(IN_FLIGHT)))


os.sched_setaffinity(0, {0})
begin = time.process_time()
asyncio.run(send(int(os.environ["RIVAL_REQUESTS"])))
print(f"CPU {time.process_time() - begin:.6f}")
