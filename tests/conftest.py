"""What holds for the whole suite."""

import gc
from pathlib import Path

import pytest

# The app's screens are large graphs that live as long as a test: looking through them again and
# again for rubbish took a sixth of the suite's CPU time.
gc.freeze()
gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session")
def started_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `tests.support.once.started_city`: copy it."""
    from tests.support import once  # Most folders need no city, and no worker all of them.

    return once.started_city(tmp_path_factory)
