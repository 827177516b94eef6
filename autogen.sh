#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes ./configure from a fresh checkout.
set -e
cd "$(dirname "$0")"
mkdir -p build-aux m4
exec autoreconf --install --force --warnings=all,no-obsolete "$@"
