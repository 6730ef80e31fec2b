"""Sharing a health record by SMART Health Links, and opening what others share."""

from services.health_sharing.shares import (
    DURATIONS,
    HealthShare,
    Opening,
    PreparedShare,
    ShareChoice,
    SharedLink,
)
from services.health_sharing.sharing import HealthSharing

__all__ = [
    "DURATIONS",
    "HealthShare",
    "HealthSharing",
    "Opening",
    "PreparedShare",
    "ShareChoice",
    "SharedLink",
]
