"""Run the command line as `python -m hwcheck`."""

import sys

from hwcheck.cli import main

if __name__ == "__main__":
    sys.exit(main())
