"""The resident's criminal record certificates: applied for, followed, read; and checking for all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from services.certificates.applications import CertificateApplication
from services.certificates.checking import CertificateRead, PrintedDetails, Sought, Verification
from services.certificates.form import CertificateDraft, CertificateForm
from services.certificates.parsing import reading
from services.client import GatewayClient, segment
from services.clock import ServerClock
from services.errors import NotFound
from services.offline import read_or_saved
from services.saved import Saved
from services.vault import SubjectVault

PATH = "/certificates/v1"
DRAFTS, DRAFT = "certificate_drafts", "form_1"
T = TypeVar("T")


class Certificates:
    """The signed-in resident's applications and certificates; `verify` is for everybody.

    Reads of applications give `Saved`: out of the gateway's reach, the copy kept in the vault.
    A certificate's content is never kept. Every method raises a ServiceError when it fails.
    """

    def __init__(self, gateway: GatewayClient, vault: SubjectVault, clock: ServerClock) -> None:
        self._gateway = gateway
        self._vault = vault
        self._clock = clock

    async def form(self, *, show_identity_number: bool = False) -> CertificateForm:
        """Return the prefilled form and what stands in the way; the number masked unless asked.

        Raises SignInRequired with `acr` loa2 for a sign-in at the first identity level.
        """
        shown = "true" if show_identity_number else None
        answer = await self._gateway.get(f"{PATH}/form", show_identity_number=shown)
        return reading(CertificateForm.from_json, answer)

    async def apply(self, draft: CertificateDraft) -> CertificateApplication:
        """Send an application, once however often it is tried; the draft is then done.

        Raises Rejected (`application_in_process`, `too_young`, `identity_unknown`, or with field
        errors); the draft is then kept.
        """
        vault = self._vault.pinned()
        answer = await self._gateway.post(
            f"{PATH}/applications", json=draft.body(), idempotency_key=draft.draft_id
        )
        application = reading(CertificateApplication.from_json, answer)
        await vault.delete(DRAFTS, DRAFT)
        return application

    async def list_mine(self) -> Saved[list[CertificateApplication]]:
        """Return the resident's applications, newest first."""
        return await self._read("applications", _applications)

    async def get(self, application_id: str) -> Saved[CertificateApplication]:
        """Return one application; NotFound if it is not there or another resident's."""
        return await self._read(_path(application_id), CertificateApplication.from_json)

    async def reads(self, application_id: str) -> Saved[list[CertificateRead]]:
        """Return who opened or checked the certificate of an application, newest first."""
        return await self._read(f"{_path(application_id)}/reads", _reads)

    async def certificate(self, application_id: str) -> bytes:
        """Return the signed PDF; the resident's log notes that it was opened."""
        path = f"{PATH}/{_path(application_id)}/certificate"
        return await self._gateway.get_bytes(path, accept="application/pdf")

    async def page(self, application_id: str, number: int) -> bytes:
        """Return page `number` (from 1) of the certificate as a PNG 1080 pixels wide."""
        path = f"{PATH}/{_path(application_id)}/pages/{number}.png"
        return await self._gateway.get_bytes(path, accept="image/png")

    async def verify(self, sought: Sought) -> Verification:
        """Check a printed code or a PDF's bytes; no sign-in, and the file is not kept."""
        if isinstance(sought, bytes):
            sent = [("file", ("certificate.pdf", sought, "application/pdf"))]
            answer = await self._gateway.post(f"{PATH}/verify", files=sent, public=True)
        else:
            asked = sought.body() if isinstance(sought, PrintedDetails) else {"code": sought}
            answer = await self._gateway.post(f"{PATH}/verify", json=asked, public=True)
        return reading(Verification.from_json, answer)

    async def save_draft(self, draft: CertificateDraft) -> None:
        """Keep the draft between two steps, replacing its earlier state."""
        await self._vault.put(DRAFTS, DRAFT, draft.to_json())

    async def draft(self) -> CertificateDraft | None:
        """Return the kept draft, None if there is none or it cannot be read any more."""
        with suppress(NotFound):
            kept = await self._vault.get(DRAFTS, DRAFT)
            return None if kept is None else CertificateDraft.from_json(kept)
        return None

    async def delete_draft(self) -> None:
        """Throw the draft away."""
        await self._vault.delete(DRAFTS, DRAFT)

    async def _read(self, path: str, read: Callable[[Any], T]) -> Saved[T]:
        address = f"{PATH}/{path}"

        async def fetch() -> Any:
            body = await self._gateway.get(address)
            reading(read, body)
            return body

        saved = await read_or_saved(self._vault, self._clock, address, fetch)
        return Saved(reading(read, saved.value), saved.as_of)


def _path(application_id: str) -> str:
    return f"applications/{segment(application_id)}"


def _applications(answer: Any) -> list[CertificateApplication]:
    return [CertificateApplication.from_json(item) for item in answer]


def _reads(answer: Any) -> list[CertificateRead]:
    return [CertificateRead.from_json(item) for item in answer]
