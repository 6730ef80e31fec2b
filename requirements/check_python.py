"""Says in one sentence when this Python is too old. Runs on any Python 3."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (this file is what an older Python runs)
    sys.exit(
        "iHaNoi needs Python 3.11 or newer; this is %d.%d. Name another one: make PYTHON=python3.12 app"
        % sys.version_info[:2]
    )
