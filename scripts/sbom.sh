#!/bin/sh
# SPDX-License-Identifier: MIT
# sbom.sh TARBALL MODULE...: an SPDX 2.3 document, as JSON, of what is in a tarball of ours and what the
# library needs besides. Each MODULE is a name of pkg-config, whose version is told; `make sbom` calls
# this with those that configure found. The same tarball and the same modules give the same bytes: the time is
# SOURCE_DATE_EPOCH, or that of the newest file.
set -eu
[ $# -gt 0 ] || { echo "Usage: scripts/sbom.sh TARBALL [MODULE...] >FILE" >&2; exit 2; }
tarball=$1
shift
[ -f "$tarball" ] || { echo "sbom.sh: there is no file $tarball" >&2; exit 2; }
base=$(basename "$tarball")
package=${base%.tar.*}
name=${package%-*} version=${package##*-}
LC_ALL=C
export LC_ALL
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

tar -xf "$tarball" -C "$work"
cd "$work/$package" 2>/dev/null ||
    { echo "sbom.sh: $base has no folder $package" >&2; exit 1; }
find . -type f | sort >"$work/names"
if grep -q '["\\]' "$work/names"; then
    echo "sbom.sh: a file's name has a quote or a backslash" >&2
    exit 1
fi
tr '\n' '\0' <"$work/names" | xargs -0 sha1sum | cut -d' ' -f1 >"$work/sha1"
tr '\n' '\0' <"$work/names" | xargs -0 sha256sum | cut -d' ' -f1 >"$work/sha256"
# What each says of its licence in its first lines; what says nothing is left to LICENSE and REUSE.toml.
tr '\n' '\0' <"$work/names" | xargs -0 awk 'FNR <= 5 && FILENAME != last &&
    match($0, /SPDX-License-Identifier: *[A-Za-z0-9.+-]+/) {
        licence = substr($0, RSTART, RLENGTH)
        sub(/.*: */, "", licence)
        print FILENAME "\t" licence
        last = FILENAME
    }' >"$work/found"
awk -F '\t' -v found="$work/found" '
    BEGIN { while ((getline line <found) > 0) { split(line, part, "\t"); licence[part[1]] = part[2] } }
    { print ($1 in licence) ? licence[$1] : "NOASSERTION" }' "$work/names" >"$work/licences"
# The code that SPDX asks for: the hash of all hashes.
code=$(sort "$work/sha1" | tr -d '\n' | sha1sum | cut -d' ' -f1)
cd - >/dev/null
whole=$(sha256sum <"$tarball" | cut -d' ' -f1)
seconds=${SOURCE_DATE_EPOCH:-$(cd "$work/$package" && tr '\n' '\0' <"$work/names" | xargs -0 stat -c %Y | sort -n | tail -n 1)}
created=$(date -u -d "@$seconds" +%Y-%m-%dT%H:%M:%SZ)

# dependency MODULE: sets what it is called, and its licence.
dependency() {
    case $1 in
    libcurl) project=curl licence=curl ;;
    libcjson) project=cJSON licence=MIT ;;
    libsodium) project=libsodium licence=ISC ;;
    libmicrohttpd) project=libmicrohttpd licence=LGPL-2.1-or-later ;;
    lua*) project=lua licence=MIT ;;
    *) project=$1 licence=NOASSERTION ;;
    esac
    number=$(${PKG_CONFIG:-pkg-config} --modversion "$1") ||
        { echo "sbom.sh: pkg-config does not know $1" >&2; exit 1; }
}

packages() {
    cat <<END
    {
      "SPDXID": "SPDXRef-Package",
      "name": "$name",
      "versionInfo": "$version",
      "packageFileName": "$base",
      "supplier": "Organization: The libthingspace authors",
      "downloadLocation": "NOASSERTION",
      "filesAnalyzed": true,
      "packageVerificationCode": { "packageVerificationCodeValue": "$code" },
      "checksums": [ { "algorithm": "SHA256", "checksumValue": "$whole" } ],
      "licenseConcluded": "MIT",
      "licenseDeclared": "MIT",
      "copyrightText": "Copyright (c) 2026 The libthingspace authors"
    }
END
    for module in "$@"; do
        dependency "$module"
        cat <<END
    ,{
      "SPDXID": "SPDXRef-Dependency-$project",
      "name": "$project",
      "versionInfo": "$number",
      "downloadLocation": "NOASSERTION",
      "filesAnalyzed": false,
      "licenseConcluded": "NOASSERTION",
      "licenseDeclared": "$licence",
      "copyrightText": "NOASSERTION",
      "externalRefs": [ { "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                          "referenceLocator": "pkg:generic/$project@$number" } ]
    }
END
    done
}

files() {
    paste "$work/sha1" "$work/sha256" "$work/licences" "$work/names" | awk -F '\t' '{
        printf "    %s{ \"SPDXID\": \"SPDXRef-File-%d\", \"fileName\": \"%s\",\n", (NR > 1 ? "," : ""), NR, $4
        printf "      \"checksums\": [ { \"algorithm\": \"SHA1\", \"checksumValue\": \"%s\" },\n", $1
        printf "                     { \"algorithm\": \"SHA256\", \"checksumValue\": \"%s\" } ],\n", $2
        printf "      \"licenseConcluded\": \"%s\", \"licenseInfoInFiles\": [ \"%s\" ],\n", $3, $3
        print "      \"copyrightText\": \"NOASSERTION\" }"
    }'
}

relationships() {
    echo '    { "spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",'
    echo '      "relatedSpdxElement": "SPDXRef-Package" }'
    for module in "$@"; do
        dependency "$module"
        echo '    ,{ "spdxElementId": "SPDXRef-Package", "relationshipType": "DEPENDS_ON",'
        echo "      \"relatedSpdxElement\": \"SPDXRef-Dependency-$project\" }"
    done
    awk '{ print "    ,{ \"spdxElementId\": \"SPDXRef-Package\", \"relationshipType\": \"CONTAINS\","
           printf "      \"relatedSpdxElement\": \"SPDXRef-File-%d\" }\n", NR }' "$work/names"
}

{
    cat <<END
{
  "spdxVersion": "SPDX-2.3",
  "dataLicense": "CC0-1.0",
  "SPDXID": "SPDXRef-DOCUMENT",
  "name": "$package",
  "documentNamespace": "https://spdx.org/spdxdocs/$package-$whole",
  "creationInfo": {
    "created": "$created",
    "creators": [ "Organization: The libthingspace authors", "Tool: libthingspace-sbom.sh-$version" ]
  },
  "documentDescribes": [ "SPDXRef-Package" ],
  "packages": [
END
    packages "$@"
    printf '  ],\n  "files": [\n'
    files
    printf '  ],\n  "relationships": [\n'
    relationships "$@"
    printf '  ]\n}\n'
} >"$work/document"
cat "$work/document"
