"""SMART App Launch scopes, version 2: `patient/TYPE.rs`, where `*` is every type.

`health` is what iHaNoi's own app asks for; it means `patient/*.rs`.
"""

from __future__ import annotations

import re
from typing import Literal

from gateway.health_records.parameters import GENERATED, PARAMETERS
from gateway.problems import Problem
from gateway.security import Caller

HEALTH = "health"
EVERYTHING = "patient/*.rs"
_SCOPE = re.compile(r"patient/(\*|[A-Za-z]+)\.c?(r?)u?d?(s?)")

Interaction = Literal["r", "s"]

SCOPES = (EVERYTHING, *(f"patient/{name}.rs" for name in (*PARAMETERS, *GENERATED)))
"""Every scope of this server a client may ask for, beside `health`."""


def allowed(caller: Caller, interaction: Interaction) -> frozenset[str] | None:
    """The types the token lets its holder read (`r`) or search (`s`); None is all of them."""
    if HEALTH in caller.scopes:
        return None
    found = set()
    for scope in caller.scopes:
        match = _SCOPE.fullmatch(scope)
        if match and interaction in match.groups():
            found.add(match[1])
    return None if "*" in found else frozenset(found)


def demand(caller: Caller, resource_type: str, interaction: Interaction) -> None:
    """Raises a 403 `Problem` that names the scope the token lacks."""
    types = allowed(caller, interaction)
    if types is not None and resource_type not in types:
        needed = f"patient/{resource_type}.{interaction}"
        challenge = f'Bearer error="insufficient_scope", scope="{needed}"'
        headers = {"WWW-Authenticate": challenge}
        title = "This sign-in does not permit that"
        raise Problem(403, "insufficient-scope", title, headers=headers)
