# SPDX-License-Identifier: MIT
# Registrations by pycurl: one multi, 64 reused handles, the JSON of each request made anew and each
# answer read. Prints "CPU SECONDS", user and system, of sending alone. See rivals.h.
import io
import json
import os
import time

import pycurl

IN_FLIGHT = 64
URL = os.environ["RIVAL_URL"] + "/api/m2m/v1/callbacks/TestAccount-"
FIELDS = ["Content-Type: application/json", "Accept: application/json",
          "Authorization: Bearer 0123456789abcdef0123456789abcdef",
          "VZ-M2M-Token: 01234567-89ab-cdef-0123-456789abcdef"]


def begin(multi, easy, number):
    body = json.dumps({"name": "CarrierService", "url": "https://hooks.example.com/cb"})
    easy.answer = io.BytesIO()
    easy.setopt(pycurl.URL, URL + str(number))
    easy.setopt(pycurl.HTTPHEADER, FIELDS + ["X-Account: TestAccount-%d" % number])
    easy.setopt(pycurl.POSTFIELDS, body)
    easy.setopt(pycurl.WRITEDATA, easy.answer)
    multi.add_handle(easy)


def end(multi, easy):
    multi.remove_handle(easy)
    answer = json.loads(easy.answer.getvalue())
    if easy.getinfo(pycurl.RESPONSE_CODE) != 200 or "accountName" not in answer:
        raise SystemExit("pycurl got another answer")


def make_handles():
    handles = [pycurl.Curl() for _ in range(IN_FLIGHT)]
    for easy in handles:
        easy.setopt(pycurl.NOPROXY, "*")
        easy.setopt(pycurl.NOSIGNAL, 1)
    return handles


def send(requests):
    multi = pycurl.CurlMulti()
    multi.setopt(pycurl.M_MAXCONNECTS, IN_FLIGHT)
    idle, begun, done = make_handles(), 0, 0
    while done < requests:
        while idle and begun < requests:
            begin(multi, idle.pop(), begun)
            begun += 1
        multi.perform()
        _, ended, failed = multi.info_read()
        if failed:
            raise SystemExit("pycurl failed: %s" % failed[0][2])
        for easy in ended:
            end(multi, easy)
            idle.append(easy)
            done += 1
        if not ended:
            multi.select(1.0)


start = time.process_time()
send(int(os.environ["RIVAL_REQUESTS"]))
print("CPU %.6f" % (time.process_time() - start))
