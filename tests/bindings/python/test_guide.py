# SPDX-License-Identifier: MIT
"""docs/python.md does what it shows: each program is written to its file, each line of a console block
is typed, in the order of the page and in one simulator, and its answer compared; what is typed to
install is what pip.sh does."""

import os
import re
import subprocess
import sys
import tempfile

import support

GUIDE = os.path.join(os.environ["top_srcdir"], "docs", "python.md")
INSTALL = {
    "./configure && make && sudo make install && sudo ldconfig",
    "python3 -m venv venv",
    "venv/bin/pip install ./bindings/python",
    './configure --prefix="$HOME/thingspace" && make && make install',
    'THINGSPACE_PREFIX="$HOME/thingspace" venv/bin/pip install ./bindings/python',
    'export PATH="$PWD/venv/bin:$HOME/thingspace/bin:$PATH"',
    "python3 -m thingspace simulate -- bash",
}


def blocks():
    """(language, text) of each block of the page."""
    with open(GUIDE, encoding="utf-8") as file:
        page = file.read()
    return re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


class Guide(support.Case):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def run_line(self, line):
        words = line.split()
        self.assertEqual(words[0], "python3", line)
        return subprocess.run(
            [sys.executable, "-u", *words[1:]],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )

    def write(self, text):
        name = re.match(r"# (\w+\.py)\n", text).group(1)
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)
        return name

    def type(self, text):
        """A command and its answer. The programs that were run."""
        line, _, wanted = text.partition("\n")
        self.assertTrue(line.startswith("$ "), line)
        ended = self.run_line(line[2:])
        self.assertEqual(ended.stdout, wanted, line)
        return line.split()[2]

    def test_what_it_shows_from_top_to_bottom(self):
        self.maxDiff = None
        written, run = set(), set()
        for language, text in blocks():
            with self.subTest(text.partition("\n")[0]):
                if language == "python":
                    written.add(self.write(text))
                elif language == "console":
                    run.add(self.type(text))
                elif language == "sh":
                    self.assertLessEqual(set(text.splitlines()), INSTALL)
                else:
                    self.fail(f"a block of {language}")
        self.assertEqual(written, run)


if __name__ == "__main__":
    support.main()
