#!/bin/sh
# SPDX-License-Identifier: MIT
# library.sh FOLDER OUT: the binary form of the library of FOLDER (core, simulator, or a copy of one), as
# XML of abidw: what its headers declare, with the symbols and versions of its version script and the
# number of its local.mk. It is compiled from the headers alone, so that nothing private is in it and
# neither the compiler nor its flags matter; tests/integration/build/abi.sh compares the library that
# was built with it. Beside the functions each complete type has one of its own (surface_TYPE): what
# is compared by functions alone shows one difference for each of them.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
folder=$1 out=$2
map=$(echo "$folder"/*.map)
name=${map##*/}
info=$(sed -n 's/.*-version-info \([0-9:]*\).*/\1/p' "$folder/local.mk")
soname=${name%.map}.so.$((${info%%:*} - ${info##*:}))

# Definitions of all that is declared. One that is not complete gives no type of its own.
definitions() {
    for header in "$folder"/include/thingspace/*.h; do
        echo "#include <thingspace/${header##*/}>"
    done
    # Comments and lines of the preprocessor have semicolons, too.
    cat "$folder"/include/thingspace/*.h | sed 's|/\*.*\*/||' | grep -v '^ *#' | tr '\n' ' ' |
        grep -o 'THINGSPACE_API [^;]*;' | sed 's/  */ /g; s/;$/ { __builtin_trap(); }/'
    sed -n 's/^} \(thingspace_[a-z_]*\);$/\1/p' "$folder"/include/thingspace/*.h | sort -u |
        sed 's/.*/THINGSPACE_API void surface_&(&*x); void surface_&(&*x) { (void)x; }/'
}

definitions >"$out.c"
sed '0,/^global:/s//&\n    surface_*;/' "$map" >"$out.map"
${CC:-cc} -g -O0 -shared -fPIC -fvisibility=hidden -I"$folder/include" -I"$top/core/include" \
    -Wl,-soname,"$soname" -Wl,--version-script="$out.map" -o "$out.so" "$out.c"
abidw --no-corpus-path --no-comp-dir-path --no-show-locs --no-architecture --no-elf-needed \
    --no-parameter-names --no-write-default-sizes --type-id-style hash --out-file "$out.part" "$out.so"
sed "s| path='[^']*'| path='${soname}'|" "$out.part" >"$out"
rm -f "$out.c" "$out.map" "$out.so" "$out.part"
