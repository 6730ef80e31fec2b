"""`python -m tests.support.replay_test BUNDLE`: a failing test with a support bundle as its fixture."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.explaining import explain_code
from app.replay.testing import write_test
from services.errors import Rejected

FOLDER = Path(__file__).parent.parent / "journeys" / "replayed"


def main(arguments: list[str]) -> int:
    """Write the test and say where; 2 for a file that is no bundle."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.replay_test")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--code", help="the support code; else the file's name")
    given = parser.parse_args(arguments)
    try:
        path = write_test(given.bundle.read_bytes(), given.code or given.bundle.stem, FOLDER)
    except (OSError, Rejected) as error:
        why = explain_code(error.code) if isinstance(error, Rejected) else str(error)
        print(f"{given.bundle}: {why}", file=sys.stderr)
        return 2
    print(f"Written: {path}\nRun it: .venv/bin/python -m pytest {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
