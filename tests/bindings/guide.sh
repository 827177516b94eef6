#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/c.md: every block of C is a file that its first line names, every line with a prompt is run, and
# the answers are compared to the letter. The block of the installation is not run.
. "$top_srcdir/tests/integration/lib.sh"
inside_simulator

guide=$top_srcdir/docs/c.md
export THINGSPACE_STATE_DIR="$work/state"
mkdir "$work/files" "$work/bin"
# What an installed library would say; a program that is built with a sanitizer needs it, too.
cat >"$work/bin/pkg-config" <<END
#!/bin/sh
echo "-I$top_srcdir/core/include -L$top_builddir/core/.libs -Wl,-rpath,$top_builddir/core/.libs -lthingspace"
END
cat >"$work/bin/cc" <<END
#!/bin/sh
PATH=$PATH exec ${CC:-cc} -Wall -Wextra -Werror ${SANITIZE_PRELOAD:+-fsanitize=address} "\$@"
END
chmod +x "$work/bin/cc" "$work/bin/pkg-config"
PATH=$work/bin:$PATH
cd "$work/files" || exit 99

awk '/^```$/ { out = "" } out { print > out }
     wanted { out = $2; print > out; wanted = 0 }
     /^```c$/ { wanted = 1 }' "$guide"
awk '/^```$/ { wanted = 0 } wanted { print } /^```console$/ { wanted = 1 }' "$guide" >../expected
grep '^\$ ' ../expected >../commands
while IFS= read -r line; do
    printf '%s\n' "$line"
    eval "${line#??}" 2>&1
done <../commands >../actual

is "every block of C is a file" "$(grep -c '^```c$' "$guide")" "$(find . -name '*.c' | wc -l)"
for file in *.c; do
    like "$file is used" "*$file*" "$(cat ../commands)"
done
is "one block is not run" 1 "$(grep -c '^```sh$' "$guide")"
is "every answer is the one that the guide shows" "" "$(diff -u ../expected ../actual 2>&1)"
end
