#!/bin/sh
# SPDX-License-Identifier: MIT
# The list of what a release is made of: SPDX 2.3, right, complete, and the same each time. Of a small
# tarball with the names of ours; `make sbom` does it with the real one.
set -u
# shellcheck source=tests/integration/build/checks.sh
. "$(dirname "$0")/checks.sh"
need jq pkg-config sha1sum

package=libthingspace-9.8.7
mkdir -p "$work/$package/core" "$work/elsewhere"
printf '/* SPDX-License-Identifier: MIT */\nint one;\n' >"$work/$package/core/one.c"
printf 'SPDX-License-Identifier: CC0-1.0\n' >"$work/$package/data with blanks"
printf 'a,b\n' >"$work/$package/fleet.csv"
find "$work/$package" -exec touch -d '2026-11-23T12:00:00Z' {} +
(cd "$work" && tar -cJf "$package.tar.xz" "$package")

# pkg-config knows these, wherever this runs.
for module in libcurl libcjson lua5.4; do
    printf 'Name: %s\nDescription: that\nVersion: 1.2.3\n' "$module" >"$work/$module.pc"
done
PKG_CONFIG_PATH=$work
export PKG_CONFIG_PATH
unset SOURCE_DATE_EPOCH
made=$work/made.json
make_one() { "$top_srcdir/scripts/sbom.sh" "$work/$package.tar.xz" libcurl libcjson lua5.4 >"$made"; }

json_is() { # FILTER: true of the document
    jq -e "$1" "$made" >"$work/answer" || { cat "$work/answer"; return 1; }
}
is_same_elsewhere() {
    (cd "$work/elsewhere" && TZ=Asia/Tokyo LC_ALL=de_DE.UTF-8 \
        "$top_srcdir/scripts/sbom.sh" ../$package.tar.xz libcurl libcjson lua5.4) | cmp - "$made"
}
dated() { SOURCE_DATE_EPOCH=86400 make_one && json_is '.creationInfo.created == "1970-01-02T00:00:00Z"'; }
refuses() {
    if "$top_srcdir/scripts/sbom.sh" "$@" >"$work/refused.json" 2>"$work/err"; then return 1; fi
    cat "$work/err"
    [ ! -s "$work/refused.json" ] && [ "$(wc -l <"$work/err")" = 1 ]
}
refuses_unknown() { PKG_CONFIG="false" refuses "$work/$package.tar.xz" libcurl; }

# The members that the schema of SPDX 2.3 requires, and no others than it knows.
required='
def has_all($names): . as $o | all($names[]; . as $n | $o | has($n));
def only($names): (keys - $names) == [];
def spdx_id: test("^SPDXRef-[A-Za-z0-9.-]+$");
has_all(["SPDXID", "creationInfo", "dataLicense", "name", "spdxVersion", "documentNamespace"])
and .spdxVersion == "SPDX-2.3" and .dataLicense == "CC0-1.0" and .SPDXID == "SPDXRef-DOCUMENT"
and (.documentNamespace | test("^https?://[^#]+$"))
and (.creationInfo | has_all(["created", "creators"])
     and (.created | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"))
     and all(.creators[]; test("^(Person|Organization|Tool): ")))
and all(.packages[]; has_all(["SPDXID", "downloadLocation", "name", "licenseConcluded", "licenseDeclared"])
     and (.SPDXID | spdx_id)
     and only(["SPDXID", "name", "versionInfo", "packageFileName", "supplier", "downloadLocation",
               "filesAnalyzed", "packageVerificationCode", "checksums", "licenseConcluded",
               "licenseDeclared", "copyrightText", "externalRefs"])
     and all(.externalRefs[]?; has_all(["referenceCategory", "referenceLocator", "referenceType"])))
and all(.files[]; has_all(["SPDXID", "checksums", "fileName"]) and (.SPDXID | spdx_id)
     and (.fileName | startswith("./"))
     and any(.checksums[]; .algorithm == "SHA1")
     and all(.checksums[]; (.algorithm | test("^SHA(1|256)$")) and (.checksumValue | test("^[0-9a-f]+$")))
     and only(["SPDXID", "fileName", "checksums", "licenseConcluded", "licenseInfoInFiles", "copyrightText"]))
and all(.relationships[]; has_all(["spdxElementId", "relatedSpdxElement", "relationshipType"]))
and only(["spdxVersion", "dataLicense", "SPDXID", "name", "documentNamespace", "creationInfo",
          "documentDescribes", "packages", "files", "relationships"])'
refers='
([.packages[], .files[]] | map(.SPDXID) + ["SPDXRef-DOCUMENT"]) as $ids
| ($ids | length) == ($ids | unique | length)
and all(.relationships[]; (.spdxElementId | IN($ids[])) and (.relatedSpdxElement | IN($ids[])))
and ([.relationships[] | select(.relationshipType == "CONTAINS")] | length) == (.files | length)'
sum=$(sha256sum <"$work/$package.tar.xz" | cut -d' ' -f1)
one=$(sha1sum <"$work/$package/core/one.c" | cut -d' ' -f1)
# As SPDX says: of the hashes in their order, without anything between.
code=$(find "$work/$package" -type f -exec sha1sum {} + | cut -d' ' -f1 | LC_ALL=C sort | tr -d '\n' | sha1sum | cut -d' ' -f1)

plan 12
check "it is made" make_one
check "what SPDX 2.3 requires is there, and nothing that it does not know" json_is "$required"
check "what it refers to is there, once" json_is "$refers"
check "the package has its name, version and sum" json_is \
    ".packages[0] | .name == \"libthingspace\" and .versionInfo == \"9.8.7\" and .checksums[0].checksumValue == \"$sum\""
check "and its code" json_is ".packages[0].packageVerificationCode.packageVerificationCodeValue == \"$code\""
check "each file is there with its sum" json_is \
    "(.files | length) == 3 and any(.files[]; .fileName == \"./core/one.c\" and .checksums[0].checksumValue == \"$one\")"
check "and its own licence" json_is '[.files[].licenseConcluded] == ["MIT", "CC0-1.0", "NOASSERTION"]'
check "what it needs is there, with versions and licences" json_is \
    '[.packages[1:][] | .name + " " + .versionInfo + " " + .licenseDeclared] == ["curl 1.2.3 curl", "cJSON 1.2.3 MIT", "lua 1.2.3 MIT"]'
check "it is the same in another place, time zone and language" is_same_elsewhere
check "its time can be given" dated
check "a tarball that is not there is refused in one line" refuses "$work/none.tar.xz"
check "and so is a library that pkg-config does not know" refuses_unknown
