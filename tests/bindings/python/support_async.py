# SPDX-License-Identifier: MIT
"""What the tests of AsyncClient share beside support.py, which need not wait for asyncio."""

import asyncio
import time
import unittest

import support
import thingspace

FLEET = """
return { name = "fleet", accounts = { "TestAccount-1", "TestAccount-2", "0000123456-00001" },
  resolve = function() return {} end,
  listeners = function(account)
    return { CarrierService = { url = "https://hooks.example.com/" .. account } }
  end }
"""


class Case(support.Case, unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self._open = []

    async def asyncTearDown(self):
        for client in self._open:
            await client.aclose()

    def client(self, *args, **more):
        made = thingspace.AsyncClient(*args, **more)
        self._open.append(made)
        return made

    async def until(self, true):
        """Goes round the loop meanwhile."""
        end = time.monotonic() + 60
        while not true():
            self.assertLess(time.monotonic(), end, "it never came true")
            await asyncio.sleep(0.01)
