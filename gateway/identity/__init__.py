"""The sandbox identity provider: OpenID Connect for synthetic residents.

It stands in for VNeID and says so.
"""

from gateway.identity.application import create_app
from gateway.identity.ending import ending
from gateway.identity.personas import minting

__all__ = ["create_app", "ending", "minting"]
