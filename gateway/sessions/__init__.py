"""Which sign-ins of a resident the gateway has seen, on what kind of device, and ending them: the
tokens of an ended one are refused at once, whatever life they have left.
"""

from gateway.sessions.routes import router
from gateway.sessions.standing import Standing, watching

__all__ = ["Standing", "router", "watching"]
