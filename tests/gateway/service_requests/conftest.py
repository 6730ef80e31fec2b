"""A resident, and a city whose clock stands still."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.settings import Settings
from tests.gateway.conftest import HeadersFor
from tests.gateway.service_requests.reports import SENT


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings whose clock stands at one Monday morning."""
    return replace(settings, clock=lambda: SENT)


@pytest.fixture
def headers(headers_for: HeadersFor) -> dict[str, str]:
    """The headers of a resident."""
    return headers_for()
