"""Who may call what: every operation of the gateway, tried as everybody who may not.

`python -m tests.gateway.test_authorization_matrix` writes docs/authorization.md anew.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant

from gateway.security import LEVELS, Policy, policy_of
from tests.gateway.conftest import make_headers, on_sqlite
from tests.gateway.test_gateway import PLACEHOLDERS, PUBLIC_OPERATIONS, as_a_sandbox, every_route

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "authorization.md"
SCOPES = ("reports", "desk", "support", "cards", "certificates", "health", "patient/*.rs", "openid")
ROLES = ("officer", "support", "supervisor")
OTHER_DOORS = {
    "POST /open311/v2/requests.json": "scope `reports`, or an `api_key`",
    "POST /open311/v2/requests.xml": "scope `reports`, or an `api_key`",
    "POST /gate/v1/taps": "a gate's own key",
    "POST /fhir/R4": "a facility's own token",
}
"""Operations that take another credential beside or instead of a token."""

BODIES = {"POST /health/v1/summary.pdf": {"sections": ["48765-2"]}}
"""Bodies of operations that look at a token's SMART scopes after they have read one."""

BY_SMART_SCOPE = Policy(None, None, None)
"""FHIR operations, which look at the token's SMART scopes type by type."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method at one path, and who may call it; without a policy it has another door."""

    method: str
    path: str
    policy: Policy | None

    @property
    def name(self) -> str:
        """As the OpenAPI document has it."""
        return f"{self.method} {self.path}"

    @property
    def address(self) -> str:
        """The path with something in its placeholders."""
        return re.sub(r"\{[\w:]+\}", lambda found: PLACEHOLDERS.get(found[0], "1"), self.path)


def demands(dependant: Dependant) -> Iterator[Policy]:
    """The policies among an operation's dependencies."""
    for each in dependant.dependencies:
        if (policy := policy_of(each.call)) is not None:
            yield policy
        yield from demands(each)


def operations() -> list[Operation]:
    """Every operation that is not public."""
    found = []
    for method, route in every_route():
        if f"{method} {route.path}" in PUBLIC_OPERATIONS or not route.include_in_schema:
            continue
        policies = list(demands(route.dependant))
        assert len(policies) <= 1, f"{method} {route.path} has two policies: {policies}"
        found.append(Operation(method, route.path, policies[0] if policies else None))
    return sorted(found, key=lambda each: (each.path, each.method))


def wrong_tokens(policy: Policy) -> Iterator[tuple[str, int, dict[str, str]]]:
    """Everybody who may not: what is wrong, the status it must have, and the headers."""
    scope, acr = policy.scope or "health", policy.acr or "loa2"
    roles = (policy.role,) if policy.role else ()

    def headers(**claims: object) -> dict[str, str]:
        right = {"scope": scope, "acr": acr, "roles": roles}
        return make_headers(**{**right, **claims})  # type: ignore[arg-type]

    yield "no token", 401, {}
    yield "expired", 401, headers(iat=1_700_000_000, exp=1_700_000_300)
    yield "another audience", 401, headers(aud="some-other-gateway")
    yield "another issuer", 401, headers(iss="https://elsewhere.example")
    yield "an ID token", 401, headers(header={"typ": "JWT"})
    others = " ".join(each for each in SCOPES if each not in (scope, "patient/*.rs", "health"))
    if scope != "health":
        others += " health patient/*.rs"
    yield "every other scope", 403, headers(scope=others)
    if policy.role:
        yield "no role", 403, headers(roles=())
        yield "every other role", 403, headers(roles=tuple({*ROLES} - {policy.role}))
    if policy.max_age is not None:
        yield "an old sign-in", 401, headers(auth_time=int(time.time()) - policy.max_age - 60)
        yield "a sign-in of unknown age", 401, headers(auth_time=None)
        yield "an age that is no number", 401, headers(auth_time="yesterday")
    if policy.in_person:
        yield "somebody who acts as them", 403, headers(act={"sub": "test-agent"})
    if policy.acr:
        for lower in LEVELS[: LEVELS.index(policy.acr)]:
            yield f"level {lower}", 401, headers(acr=lower)
        yield "an unknown level", 401, headers(acr="loa9")


@on_sqlite
async def test_everybody_who_may_not_is_refused(app: FastAPI, gateway: httpx.AsyncClient) -> None:
    """Route x credential: each wrong one is refused before anything is read or written."""
    as_a_sandbox(app)
    surprises, tried = [], 0
    for operation in operations():
        if operation.policy is None:
            continue
        for what, expected, headers in wrong_tokens(operation.policy):
            answer = await gateway.request(
                operation.method,
                operation.address,
                headers=headers,
                json=BODIES.get(operation.name),
            )
            tried += 1
            if answer.status_code != expected:
                surprises.append((operation.name, what, answer.status_code))
    assert surprises == []
    assert tried > 700


@on_sqlite
async def test_who_may_is_let_through(gateway: httpx.AsyncClient) -> None:
    """A policy that refuses everybody would pass the test above."""
    surprises = []
    for operation in operations():
        if (policy := operation.policy) is None:
            continue
        roles = (policy.role,) if policy.role else ()
        # A sign-in of its own: one of the operations ends it.
        headers = make_headers(scope=policy.scope or "health", roles=roles, sid=operation.name)
        answer = await gateway.request(operation.method, operation.address, headers=headers)
        if answer.status_code in (401, 500):
            surprises.append((operation.name, answer.status_code, answer.text[:200]))
        if answer.status_code == 403 and re.search("scope|missing-role", answer.text):
            surprises.append((operation.name, answer.status_code, answer.text[:200]))
    assert surprises == []


def test_every_operation_has_a_policy_or_a_named_door() -> None:
    """A new operation says who may call it, or this fails."""
    bare = {each.name for each in operations() if each.policy is None}
    assert bare == set(OTHER_DOORS)


def test_the_table_in_the_docs_is_the_codes() -> None:
    """What stands in docs/authorization.md is what the gateway does."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def document() -> str:
    """docs/authorization.md."""
    lines = [
        "# Who may call what",
        "",
        "Made from the code by `python -m tests.gateway.test_authorization_matrix`; a test fails",
        "where this page and the code differ. Each operation is tried with no token, an expired one,",
        "another audience, another issuer, an ID token, every other scope, every other role, each",
        "lower sign-in level and a sign-in older than it takes, and must refuse; what is done in person only",
        "refuses support staff who act as a resident of the sandbox (docs/personas.md). Whose rows a caller",
        "sees is decided in the queries, with tests by two residents",
        "(`tests/gateway/test_two_residents.py` names them).",
        "",
        "## With a token or another credential",
        "",
        "| operation | scope | role | sign-in level | sign-in at most | in person |",
        "|---|---|---|---|---|---|",
    ]
    for each in operations():
        if each.policy is None:
            lines.append(f"| `{each.name}` | {OTHER_DOORS[each.name]} | | | | |")
            continue
        scope = "`health` or SMART `patient/…`" if each.policy == BY_SMART_SCOPE else None
        scope = scope or f"`{each.policy.scope}`"
        policy = each.policy
        age = "" if policy.max_age is None else f"{policy.max_age // 60} min old"
        alone = "only" if policy.in_person else ""
        told = (policy.role or "", policy.acr or "", age, alone)
        lines.append(f"| `{each.name}` | {scope} | {' | '.join(told)} |")
    lines += ["", "## Public", "", "Anyone may ask these; a line added here is a decision.", ""]
    lines += [f"- `{name}`" for name in sorted(PUBLIC_OPERATIONS)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
