#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A ThingSpace on the loopback that gives out tokens and then answers a list as no service should.

peer.py MODE: prints its URL and serves until it is killed. Modes: headers (10 MB of them), count
(100,000 of them), gzip (compressed although nobody asked), memory (measures a command instead:
peer.py memory COMMAND... prints the most memory it used, in KiB, as the last line of stderr).
"""

import gzip
import resource
import socketserver
import subprocess
import sys

TOKEN = b'{"access_token":"bearer-1","expires_in":3600}'
SESSION = b'{"sessionToken":"session-1"}'


def answer(body, more=b""):
    size = str(len(body)).encode()
    return b"HTTP/1.1 200 OK\r\n" + more + b"Content-Length: " + size + b"\r\n\r\n" + body


def many_headers(count, size):
    line = b"X-Many: " + b"h" * size + b"\r\n"
    yield b"HTTP/1.1 200 OK\r\n"
    for _ in range(count):
        yield line
    yield b"Content-Length: 2\r\n\r\n[]"


def odd_answer(mode):
    if mode == "headers":
        return many_headers(5000, 2000)
    if mode == "count":
        return many_headers(100000, 1)
    return [answer(gzip.compress(b"[]" + b" " * 100), b"Content-Encoding: gzip\r\n")]


class Handler(socketserver.StreamRequestHandler):
    def read_request(self):
        request = self.rfile.readline()
        size = 0
        for line in iter(self.rfile.readline, b"\r\n"):
            if not line:
                return b""
            if line.lower().startswith(b"content-length:"):
                size = int(line.split(b":")[1])
        self.rfile.read(size)
        return request

    def handle(self):
        while request := self.read_request():
            pieces = odd_answer(sys.argv[1])
            if b"/oauth2/token" in request:
                pieces = [answer(TOKEN)]
            elif b"/session/login" in request:
                pieces = [answer(SESSION)]
            try:
                for piece in pieces:
                    self.wfile.write(piece)
            except OSError:  # the other side has seen enough
                return


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


def measure(command):
    status = subprocess.run(command, check=False).returncode
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
    return status


if sys.argv[1] == "memory":
    sys.exit(measure(sys.argv[2:]))
with Server(("127.0.0.1", 0), Handler) as server:
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
