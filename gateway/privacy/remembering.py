"""That somebody's account was erased: a keyed hash, from which nobody without the city's secret can
find out who it was.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from gateway.privacy.tables import erased
from gateway.secret_file import keyed, read_or_make
from gateway.settings import Settings


def digests(settings: Settings) -> Callable[[str], str]:
    """Makes what stands for a subject. Raises OSError when the secret cannot be read or made."""
    secret = read_or_make(settings.data_folder / "keys" / "privacy.secret")
    return lambda subject: keyed(secret, "erased", subject)


def digest_of(settings: Settings, subject: str) -> str:
    """What stands for that subject. Raises OSError when the secret cannot be read or made."""
    return digests(settings)(subject)


def remember(connection: Connection, settings: Settings, subject: str, at: datetime) -> None:
    """Note that this account was erased at that moment, in place of an earlier one."""
    digest = digest_of(settings, subject)
    connection.execute(delete(erased).where(erased.c.digest == digest))
    connection.execute(insert(erased).values(digest=digest, at=at))


def erased_at(connection: Connection, settings: Settings, subject: str) -> datetime | None:
    """When this account was last erased, or None."""
    found = select(erased.c.at).where(erased.c.digest == digest_of(settings, subject))
    return connection.scalar(found)


def erased_since(connection: Connection, since: datetime) -> dict[str, int]:
    """Which accounts were erased from that moment on: their hash, and the Unix second."""
    late = select(erased.c.digest, erased.c.at).where(erased.c.at >= since)
    return {row.digest: int(row.at.timestamp()) for row in connection.execute(late)}
