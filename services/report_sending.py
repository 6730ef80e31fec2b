"""How reports and acts leave the outbox: which route, which form, photos apart or within."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services import georeport_xml
from services.city import City
from services.client import GatewayClient, segment
from services.drafts import ServiceRequestDraft, jpeg_files
from services.errors import GatewayUnavailable
from services.georeport import Receipt
from services.outbox import Outbox
from services.reading import one_object, words
from services.report_acts import Act
from services.vault import SubjectVault

KIND = "service_request"
PHOTOS = "/reports/photos"
CAPTION_MOST = 300
"""Characters of a caption that the gateway keeps."""


class ReportSending:
    """Sends each kind once under its key; the outbox decides when, and whether again."""

    def __init__(self, gateway: GatewayClient, vault: SubjectVault, city: City) -> None:
        self._gateway = gateway
        self._vault = vault
        self._city = city

    def register(self, outbox: Outbox) -> None:
        """Tell the outbox how each kind is sent."""
        upload = self.upload if self._city.extended else None
        outbox.register(
            KIND,
            self.report,
            upload,
            keep_answer=True,
            done_with="drafts",
            knows_keys=self._city.extended,
        )
        if self._city.extended:
            for kind in ("answer", "withdraw", "reopen", "rate", "correct"):
                outbox.register(kind, self._post(kind), upload)
            outbox.register("follow", self.follow)
            outbox.register("unfollow", self.unfollow)

    async def upload(self, jpeg: bytes, caption: str, idempotency_key: str) -> str:
        """Send one photo ahead; returns its media id."""
        answer = await self._gateway.post(
            PHOTOS,
            data={"description": caption[:CAPTION_MOST]} if caption else None,
            files=jpeg_files("media", [jpeg]),
            idempotency_key=idempotency_key,
            retry=False,
        )
        media_id = words(one_object(answer), "media_id")
        if not media_id:
            raise GatewayUnavailable("broken_answer")
        return media_id

    async def report(self, payload: Any, idempotency_key: str) -> Any:
        """Send a report; returns the city's answer, which names it."""
        draft = report_of_payload(payload)
        # A row that an earlier version of the app left has its pictures inside.
        within = [photo.jpeg for photo in draft.photos if photo.jpeg]
        form: dict[str, str | list[str]] = {**draft.form(), **self._city.form}
        if media_ids := payload.get("media_ids"):
            form["media_ids"] = ",".join(media_ids)
        answer = await self._gateway.send(
            "POST",
            self._city.address("requests"),
            data=form,
            files=jpeg_files("media", payload.get("jpegs") or within),
            idempotency_key=idempotency_key,
            accept=self._city.accept,
        )
        xml = self._city.format == "xml"
        body = georeport_xml.parse(answer.content) if xml else answer.json()
        return [Receipt.from_json(body).to_json()]

    async def follow(self, payload: Any, _key: str) -> Any:
        """Follow a report; doing it twice is doing it once."""
        return await self._gateway.put(_place(payload, "follow"), retry=False) or {}

    async def unfollow(self, payload: Any, _key: str) -> Any:
        """Follow a report no longer."""
        await self._gateway.delete(_place(payload, "follow"), retry=False)
        return {}

    def _post(self, kind: str) -> Any:
        async def send(payload: Any, idempotency_key: str) -> Any:
            act = act_of_payload(kind, payload["service_request_id"], payload)
            return await self._gateway.post(
                _place(payload, kind),
                json=act.body(list(payload.get("media_ids", []))),
                idempotency_key=idempotency_key,
                retry=False,
            )

        return send


def report_of_payload(payload: Mapping[str, Any]) -> ServiceRequestDraft:
    """Return the draft of a report's payload."""
    return ServiceRequestDraft.from_json(payload)


def act_of_payload(kind: str, about: str, payload: Mapping[str, Any]) -> Act:
    """Return the act of an act's payload."""
    return Act.of(kind, about, payload)


def _place(payload: Mapping[str, Any], act: str) -> str:
    return f"/reports/{segment(payload['service_request_id'])}/{act}"
