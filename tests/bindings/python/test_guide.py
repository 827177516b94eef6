# SPDX-License-Identifier: MIT
"""docs/python.md does what it shows: each program is written to its file and run, each line of a
console block is typed and its answer compared, and what is typed to install is what pip.sh does."""

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
    "thingspace simulate -- bash",
}
# Programs whose answer the page tells in words.
ANSWERS = {
    "fails.py": r"service 400 \S+\n(too slow|quick enough)\nusage: False\n",
    "fleet.py": r"add 0000123456-00001 CarrierService\nadd 0000123456-00002 CarrierService\n"
    r"denied TestAccount-2 closed: the lab registers by hand\n"
    r"2 done, 1 of its listeners not decided: closed: the lab registers by hand\n2 as declared\n",
    "more.py": r"200 \d\nadded\nunchanged\n\['valid'\]\nTrue \['\w+', '\w+'\]\n",
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
            [sys.executable, *words[1:]], cwd=self.folder, capture_output=True, text=True, timeout=60
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
        self.assertEqual((ended.stdout, ended.stderr), (wanted, ""), line)
        return line.split()[2]

    def test_what_it_shows(self):
        written, run = set(), set()
        for language, text in blocks():
            with self.subTest(text.partition("\n")[0]):
                support.control("POST", "reset", "{}")
                if language == "python":
                    written.add(self.write(text))
                elif language == "console":
                    run.add(self.type(text))
                elif language == "sh":
                    self.assertLessEqual(set(text.splitlines()), INSTALL)
                else:
                    self.fail(f"a block of {language}")
        self.assertEqual(written - run, set(ANSWERS))

    def test_what_it_tells_in_words(self):
        for language, text in blocks():
            if language == "python" and self.write(text) in ANSWERS:
                name = self.write(text)
                with self.subTest(name):
                    support.control("POST", "reset", "{}")
                    ended = self.run_line(f"python3 {name}")
                    self.assertRegex(ended.stdout + ended.stderr, f"^{ANSWERS[name]}$")


if __name__ == "__main__":
    support.main()
