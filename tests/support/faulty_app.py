"""The app with a fault that nobody foresaw, as a release may have one: a report with a photo cannot be sent.

`python -m tests.support.faulty_app app web` runs a module with it, `pytest -p tests.support.faulty_app`
runs tests with it; without either the fault is mended.
"""

from __future__ import annotations

import runpy
import sys
from typing import Any

from services.service_requests import Receipt, ServiceRequestDraft, ServiceRequests

_whole = ServiceRequests.submit


async def _faulty(self: ServiceRequests, draft: ServiceRequestDraft) -> Receipt:
    if draft.photos:
        raise KeyError("media_id")
    return await _whole(self, draft)


def put_in() -> None:
    """Put the fault into this process."""
    ServiceRequests.submit = _faulty  # type: ignore[method-assign]


def pytest_configure(config: Any) -> None:
    """As a plugin of pytest."""
    put_in()


if __name__ == "__main__":
    put_in()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
