#!/bin/sh
# SPDX-License-Identifier: MIT
# dist-tar.sh SOURCES FOLDER: writes FOLDER as a tar archive whose bytes depend on nothing but what is
# in it and on SOURCE_DATE_EPOCH. By default that is the time of the last commit, or, where SOURCES
# are a tarball's, the time that all files of a tarball have. Needs GNU tar.
set -eu
sources=$1 folder=$2
LC_ALL=C
export LC_ALL

# Not the commit of a repository around the sources.
last_change() {
    if [ -e "$sources/.git" ]; then
        git -c safe.directory='*' -C "$sources" log -1 --format=%ct
    else
        date -r "$sources/CHANGELOG.md" +%s
    fi
}

tar --version 2>/dev/null | grep -q 'GNU tar' || {
    echo "make dist needs GNU tar" >&2
    exit 1
}
epoch=${SOURCE_DATE_EPOCH:-$(last_change)}
unset TAR_OPTIONS
exec tar --format=ustar --sort=name --owner=0 --group=0 --numeric-owner --mode='u=rwX,go=rX' \
    --mtime="@$epoch" -chf - "$folder"
