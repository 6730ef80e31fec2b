"""Cards: enrolment on a device, grants for the coming hours, and what gates must know.

The wire format is docs/card-code.md; the routes are in `routes`.
"""

from gateway.cards import gate_tables as gate_tables
from gateway.cards.routes import router

__all__ = ["router"]
