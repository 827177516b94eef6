#!/bin/sh
# SPDX-License-Identifier: MIT
# dump.sh FOLDER OUT: what the compiler makes of FOLDER/thingspace/plugin.h, as XML of abidw.
# Nothing of the machine is in it, so that two of them can be compared and one can be kept.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1 out=$2
${CC:-cc} -g -O0 -shared -fPIC -I"$folder" -o "$out.so" "$here/surface.c"
abidw --no-corpus-path --no-comp-dir-path --no-show-locs --no-architecture --no-elf-needed \
    --out-file "$out.part" "$out.so"
sed "s| path='[^']*/surface.c'| path='surface.c'|" "$out.part" >"$out"
rm -f "$out.so" "$out.part"
