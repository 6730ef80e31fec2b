"""Parking: a stay at a kerb from its start to its receipt, paid once from the resident's account.

The rules stand in docs/parking.md, the prices in registers/tariffs.json; routes are in `routes`.
"""

from gateway.parking import yards
from gateway.parking.routes import router

__all__ = ["router", "yards"]
