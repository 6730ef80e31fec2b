"""Sharing the health record with a doctor: choose, show the code, see who opened it, stop."""

from views.health_sharing.listing import HealthSharesView
from views.health_sharing.new import NewHealthShareView
from views.health_sharing.sharing import HealthShareView

__all__ = ["HealthShareView", "HealthSharesView", "NewHealthShareView"]
