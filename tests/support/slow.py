"""A plugin of pytest (`make slow`): which files and tests take most CPU time, that of processes they started
included. Unlike `--durations` it does not count what another program on the machine took.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Generator
from heapq import nlargest
from operator import itemgetter

import pytest

SHOWN = 25
_before = 0.0


def _spent() -> float:
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Write down with each phase what was spent since the one before, collecting left out."""
    global _before  # noqa: PLW0603
    report = yield
    now = _spent()
    report.user_properties.append(("cpu", now - _before))
    _before = now
    return report


def pytest_collection_finish() -> None:
    """Begin to count."""
    global _before  # noqa: PLW0603
    _before = _spent()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it."""
    tests: dict[str, float] = defaultdict(float)
    files: dict[str, float] = defaultdict(float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, spent in getattr(report, "user_properties", ()):
                if name == "cpu":
                    tests[report.nodeid] += spent
                    files[report.nodeid.partition("::")[0]] += spent
    terminalreporter.section(f"{sum(tests.values()):.0f} seconds of CPU time in {len(tests)} tests")
    for found in (files, tests):
        for name, spent in nlargest(SHOWN, found.items(), key=itemgetter(1)):
            terminalreporter.write_line(f"{spent:8.2f} s  {name}")
        terminalreporter.write_line("")
