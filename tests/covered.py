"""Which lines and branches no test takes, in the files that read, compare and print what students write.

`python -m tests.covered` takes some minutes: it runs the tests of these parts in one process, with branches counted.
`python -m tests.covered tests/reading` runs some of them. The files are named in `pyproject.toml`; the exit code is 0
if the tests pass and nothing is left out, 2 if something is, and else that of the tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

#: What tests these files; the other folders test what comes before and after.
TESTS = (
    "formula",
    "marking",
    "reading",
    "hostile",
    "render",
    "grading",
    "fuzz",
    "cli/test_verify.py",
    "sheet",
)


def main(arguments: list[str]) -> int:
    """Run tests and say what they leave out."""
    paths = arguments or [f"tests/{name}" for name in TESTS]
    coverage = [sys.executable, "-m", "coverage"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "COVERAGE_FILE": os.path.join(folder, "data")}
        tests = [*coverage, "run", "-m", "pytest", "-q", "-p", "no:cacheprovider", *paths]
        failed = subprocess.run(tests, env=environment).returncode
        left = subprocess.run([*coverage, "report"], env=environment).returncode
    return failed or left


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
