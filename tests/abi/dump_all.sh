#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes down today's binary form of both libraries and of thingspace/plugin.h, into this folder, and
# prints which files those are. The names have the number of the library (so.0) and the version of
# the header for plugins, so that a break is a new file; see docs/abi.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$here/../..
for folder in core simulator; do
    sh "$here/library.sh" "$top/$folder" "$here/part"
    name=$(sed -n "1s/.* soname='\([^']*\)'.*/\1/p" "$here/part").abi
    mv "$here/part" "$here/$name"
    echo "tests/abi/$name"
done
header=$top/core/include/thingspace/plugin.h
version=$(sed -n 's/^#define THINGSPACE_PLUGIN_M[A-Z]*OR \([0-9]*\).*/\1/p' "$header" | paste -sd . -)
sh "$here/dump.sh" "$top/core/include" "$here/plugin-$version.abi"
echo "tests/abi/plugin-$version.abi"
