# SPDX-License-Identifier: MIT
"""`python -m thingspace ...` becomes the command `thingspace ...`.

It is looked for where the library that this package loaded was installed (PREFIX/bin beside
PREFIX/lib), then in PATH. The process is replaced: signals, the terminal and the exit status are the
command's own.
"""

from __future__ import annotations

import os
import shutil
import sys

NAME = "thingspace"


def _library_folder():
    """Of libthingspace as it is loaded; None when nobody tells."""
    from . import _core  # noqa: F401  loads it

    try:
        with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
            for line in maps:
                path = line.rstrip("\n").rpartition(" ")[2]
                if os.path.basename(path).startswith("libthingspace.so"):
                    return os.path.dirname(path)
    except OSError:
        pass
    return None


def _candidates():
    folder = _library_folder()
    # PREFIX/lib, or Debian's PREFIX/lib/x86_64-linux-gnu
    for _ in range(2):
        if folder is None:
            break
        folder = os.path.dirname(folder)
        yield os.path.join(folder, "bin", NAME)
    found = shutil.which(NAME)
    if found is not None:
        yield found


def find_command():
    """The path of the command; None when it is not installed."""
    for path in _candidates():
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


def main():
    command = find_command()
    if command is None:
        sys.exit(
            f"{NAME}: the command is not installed beside the library, and not in PATH: "
            "install libthingspace whole, or add the folder of its command to PATH"
        )
    sys.stdout.flush()
    os.execv(command, [NAME, *sys.argv[1:]])


if __name__ == "__main__":
    main()
