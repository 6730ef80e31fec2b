"""Trips: what gates saw of a resident's card, as rides with a fare and its reason (docs/cards.md)."""

from gateway.trips.retention import forgetting
from gateway.trips.routes import router
from gateway.trips.sandbox import seed

__all__ = ["forgetting", "router", "seed"]
