"""Says in one sentence when this Python is too old. Runs on any Python from 3.6 on."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (this file is what an older Python runs)
    found = ".".join(map(str, sys.version_info[:2]))
    sys.exit(
        f"iHaNoi needs Python 3.11 or newer; this is {found}. "
        "Name another one: make PYTHON=python3.12 app"
    )
