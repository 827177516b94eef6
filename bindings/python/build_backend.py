# SPDX-License-Identifier: MIT
"""Builds the wheel and the source archive of the package, by the rules of PEP 517.

It needs a C compiler, the headers of Python and an installed libthingspace, and no other package: so
that `pip install ./bindings/python` works without a package index. libthingspace is looked for below
THINGSPACE_PREFIX, when that is set, and else with pkg-config.

    python3 build_backend.py metadata    prints METADATA; the autotools build installs it
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LIMITED_API = "0x030B0000"
LEAST_VERSION = "0.1.0"  # of libthingspace
# A time for all files, so that the same sources give the same archive.
EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "1790000000"))


def project() -> dict[str, Any]:
    with open(HERE / "pyproject.toml", "rb") as file:
        table: dict[str, Any] = tomllib.load(file)["project"]
    return table


def archive_name() -> str:
    table = project()
    return f"{table['name']}-{table['version']}"


def metadata() -> str:
    table = project()
    lines: list[str] = [
        "Metadata-Version: 2.1",
        f"Name: {table['name']}",
        f"Version: {table['version']}",
        f"Summary: {table['description']}",
        f"License: {table['license']['text']}",
        f"Keywords: {','.join(table['keywords'])}",
        *(f"Classifier: {name}" for name in table["classifiers"]),
        f"Requires-Python: {table['requires-python']}",
        "Description-Content-Type: text/markdown",
    ]
    readme: str = (HERE / table["readme"]).read_text(encoding="utf-8")
    return "\n".join(lines) + "\n\n" + readme


# --- the library ---


class Missing(SystemExit):
    """What is not installed, told without a stack of calls above it."""

    def __init__(self, text: str) -> None:
        super().__init__(f"thingspace: {text}")


def ask_pkg_config(*words: str) -> list[str] | None:
    """The answer's words; None when there is none."""
    program = os.environ.get("PKG_CONFIG", "pkg-config")
    try:
        answer = subprocess.run([program, *words], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return shlex.split(answer.stdout)


def below_prefix(prefix: str) -> tuple[list[str], list[str]]:
    """Flags of a library below a prefix, wherever its pkg-config file may be."""
    root = Path(prefix).resolve()
    for folder in ("lib", "lib64", f"lib/{sysconfig.get_config_var('MULTIARCH') or ''}"):
        if (root / folder / "libthingspace.so").exists():
            place = str(root / folder)
            return [f"-I{root}/include"], [f"-L{place}", f"-Wl,-rpath,{place}", "-lthingspace"]
    raise Missing(f"THINGSPACE_PREFIX is {prefix}, and no lib/libthingspace.so is below it: "
                  "give the --prefix that libthingspace was installed with")


def library_flags() -> tuple[list[str], list[str]]:
    """What the compiler and the linker are told to find libthingspace."""
    prefix = os.environ.get("THINGSPACE_PREFIX")
    if prefix:
        return below_prefix(prefix)
    compile_flags = ask_pkg_config("--cflags", f"thingspace >= {LEAST_VERSION}")
    link_flags = ask_pkg_config("--libs", "thingspace")
    if compile_flags is None or link_flags is None:
        raise Missing(
            f"libthingspace {LEAST_VERSION} or later is not found. Install it first (./configure && make "
            "&& make install), then set THINGSPACE_PREFIX to its prefix, or PKG_CONFIG_PATH to the "
            "folder of thingspace.pc"
        )
    # A library outside of the loader's own folders is found by its place.
    places = [word[2:] for word in link_flags if word.startswith("-L")]
    return compile_flags, link_flags + [f"-Wl,-rpath,{place}" for place in places]


# --- the module ---


def run_compiler(words: list[str]) -> None:
    print(" ".join(shlex.quote(word) for word in words), flush=True)
    try:
        subprocess.run(words, check=True)
    except FileNotFoundError:
        raise Missing(f"no C compiler: {words[0]} is not installed; CC names another") from None
    except subprocess.CalledProcessError as error:
        raise Missing(f"the C compiler ended with status {error.returncode}; see above") from None


def build_module(target: Path) -> None:
    compile_flags, link_flags = library_flags()
    include = sysconfig.get_path("include")
    if not (Path(include) / "Python.h").exists():
        raise Missing(f"{include}/Python.h is missing: install python3-dev")
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    flags = shlex.split(os.environ.get("CPPFLAGS", "") + " " + os.environ.get("CFLAGS", "-O2"))
    last = shlex.split(os.environ.get("LDFLAGS", ""))
    sources = [str(path) for path in sorted((HERE / "core").glob("*.c"))]
    run_compiler([
        *compiler, "-std=gnu11", "-fPIC", "-fvisibility=hidden", f"-DPy_LIMITED_API={LIMITED_API}",
        *flags, *compile_flags, f"-I{include}", "-shared", "-o", str(target), *sources, *last,
        *link_flags,
    ])  # fmt: skip


# --- the wheel ---


def platform_tag() -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", sysconfig.get_platform())


def wheel_tag() -> str:
    return f"cp311-abi3-{platform_tag()}"


def wheel_file() -> str:
    return "Wheel-Version: 1.0\nGenerator: thingspace\nRoot-Is-Purelib: false\n" f"Tag: {wheel_tag()}\n"


def package_files() -> Iterator[Path]:
    for path in sorted((HERE / "thingspace").iterdir()):
        if path.suffix in (".py", ".pyi") or path.name == "py.typed":
            yield path


class Wheel:
    """A zip archive that keeps a record of what is put into it."""

    def __init__(self, path: Path) -> None:
        self.archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self.record: list[str] = []

    def add(self, name: str, content: bytes, mode: int = 0o644) -> None:
        # The format knows no time before 1980.
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.external_attr = (0o100000 | mode) << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        self.archive.writestr(info, content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        self.record.append(f"{name},sha256={digest},{len(content)}")

    def close(self, record: str) -> None:
        self.record.append(f"{record},,")
        self.add(record, ("\n".join(self.record) + "\n").encode())
        self.archive.close()


def build_wheel(
    wheel_directory: str,
    config_settings: dict[str, Any] | None = None,
    metadata_directory: str | None = None,
) -> str:
    name = f"{archive_name()}-{wheel_tag()}.whl"
    info = f"{archive_name()}.dist-info"
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder) / "_core.abi3.so"
        build_module(module)
        wheel = Wheel(Path(wheel_directory) / name)
        for path in package_files():
            wheel.add(f"thingspace/{path.name}", path.read_bytes())
        wheel.add("thingspace/_core.abi3.so", module.read_bytes(), 0o755)
        wheel.add(f"{info}/METADATA", metadata().encode())
        wheel.add(f"{info}/WHEEL", wheel_file().encode())
        wheel.close(f"{info}/RECORD")
    return name


def prepare_metadata_for_build_wheel(
    metadata_directory: str, config_settings: dict[str, Any] | None = None
) -> str:
    name = f"{archive_name()}.dist-info"
    folder = Path(metadata_directory) / name
    folder.mkdir()
    (folder / "METADATA").write_text(metadata(), encoding="utf-8")
    (folder / "WHEEL").write_text(wheel_file(), encoding="utf-8")
    return name


# --- the source archive ---


def source_files() -> Iterator[Path]:
    for name in ("pyproject.toml", "README.md", "build_backend.py"):
        yield HERE / name
    for path in sorted((HERE / "core").iterdir()):
        if path.suffix in (".c", ".h"):
            yield path
    yield from package_files()


def build_sdist(sdist_directory: str, config_settings: dict[str, Any] | None = None) -> str:
    root = archive_name()
    name = f"{root}.tar.gz"
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.PAX_FORMAT) as archive:

        def add(path: str, data: bytes) -> None:
            info = tarfile.TarInfo(f"{root}/{path}")
            info.size = len(data)
            info.mtime = EPOCH
            archive.addfile(info, io.BytesIO(data))

        add("PKG-INFO", metadata().encode())
        for file in source_files():
            add(str(file.relative_to(HERE)), file.read_bytes())
    content.seek(0)
    with open(Path(sdist_directory) / name, "wb") as out:
        with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=EPOCH) as packed:
            shutil.copyfileobj(content, packed)
    return name


if __name__ == "__main__":
    if sys.argv[1:] != ["metadata"]:
        raise SystemExit("usage: build_backend.py metadata")
    sys.stdout.write(metadata())
