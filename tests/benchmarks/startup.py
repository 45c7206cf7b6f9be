"""What a command costs beyond loading the libraries it can't do without."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.measure import Row

ROOT = Path(__file__).parent.parent.parent
# Modules come compiled from the disk, as those of an installed package do; the round that warms up puts them there.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
ENVIRONMENT["OPENBLAS_NUM_THREADS"] = "1"


def python(code: str, *arguments: str) -> Callable[[], object]:
    """Return a call that runs Python code in a process of its own, with its output going to a pipe."""
    command = [sys.executable, "-c", code, *arguments]
    return lambda: subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, check=True)


def hwcheck(*arguments: str) -> Callable[[], object]:
    """Return a call that runs the command line, word for word as the installed script does."""
    return python("import sys; from hwcheck.cli import main; sys.exit(main())", *arguments)


ROWS = [
    Row("hwcheck --help", "import click", hwcheck("--help"), python("import click"), 1.2),
    Row("hwcheck --version", "import click", hwcheck("--version"), python("import click"), 1.2),
    Row(
        "hwcheck solve sheet5 --format json",
        "import click, yaml, numpy",
        hwcheck("solve", "sheet5", "--format", "json"),
        python("import click, yaml, numpy"),
        1.25,
    ),
]
