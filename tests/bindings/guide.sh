#!/bin/sh
# SPDX-License-Identifier: MIT
# docs/c.md is run, but for the installation.
. "$top_srcdir/tests/integration/lib.sh"
. "$top_srcdir/tests/bindings/walk.sh"
inside_simulator

export THINGSPACE_STATE_DIR="$work/state"
mkdir "$work/bin"
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
walk "$top_srcdir/docs/c.md" c
is "one block is not run" 1 "$(grep -c '^```sh$' "$guide")"
end
