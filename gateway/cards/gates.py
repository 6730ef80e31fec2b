"""What every gate may read without a credential: the issuer's keys and the deny list of now."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from gateway.cards import models
from gateway.cards.enrolments import denied_card_ids
from gateway.cards.issuer import issuer_keys
from gateway.dependencies import CurrentDatabase, CurrentSettings
from gateway.security import PUBLIC

router = APIRouter(prefix="/gate", tags=["gates"])


@router.get("/keys", openapi_extra=PUBLIC)
def gate_keys(settings: CurrentSettings) -> models.GateKeys:
    """Every issuer key a gate must know."""
    found = issuer_keys(settings.data_folder / "keys")
    return models.GateKeys(
        keys=[models.GateKey(number=key.number, public_key=key.public_key.hex()) for key in found]
    )


@router.get(
    "/deny",
    openapi_extra=PUBLIC,
    response_model=models.DenyList,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def gate_deny(
    request: Request, settings: CurrentSettings, database: CurrentDatabase
) -> Response:
    """The card ids to refuse now: one a line, or as JSON to whoever accepts JSON by name."""
    at = int(settings.clock().timestamp())
    found = await database.run(lambda connection: denied_card_ids(connection, at), write=False)
    headers = {"Vary": "Accept"}
    if "application/json" in request.headers.get("accept", ""):
        body = models.DenyList(card_ids=found).model_dump_json()
        return Response(body, headers=headers, media_type="application/json")
    lines = "".join(f"{card_id}\n" for card_id in found)
    return Response(lines, headers=headers, media_type="text/plain")
