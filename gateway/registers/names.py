"""Names of people by subject, for whoever is allowed to read them."""

from __future__ import annotations

from functools import cache

from gateway.registers.population import sandbox_residents
from gateway.settings import Settings


def name_of(settings: Settings, subject: str) -> str:
    """The name the population register has; empty for nobody, and where no register is connected."""
    return _sandbox_names().get(subject, "") if settings.sandbox else ""


@cache
def _sandbox_names() -> dict[str, str]:
    return {resident.subject: resident.name for resident in sandbox_residents()}
