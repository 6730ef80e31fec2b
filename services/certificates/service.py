"""The resident's criminal record certificates: applied for, followed, read; and checking for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from services.certificates.applications import CertificateApplication
from services.certificates.checking import CertificateRead, PrintedDetails, Sought, Verification
from services.certificates.drafts import CertificateDraft
from services.certificates.form import CertificateForm
from services.certificates.holding import holder_key
from services.certificates.parsing import reading
from services.certificates.presentations import Presentations, opened_by
from services.client import GatewayClient, segment
from services.clock import ServerClock
from services.errors import NotFound, Rejected, SignInRequired
from services.offline import read_or_saved
from services.outbox import Outbox, OutboxItem
from services.saved import Saved
from services.vault import SubjectVault

PATH = "/certificates/v1"
KIND = "certificate_application"
"""The outbox's kind of an application."""
DRAFTS, DRAFT = "certificate_drafts", "form_1"
LAST_STEP = 4
T = TypeVar("T")


class Certificates:
    """The signed-in resident's applications and certificates; `verify` is for everybody.

    Reads of applications give `Saved`: out of the gateway's reach, the copy kept in the vault.
    A certificate's content is never kept. Every method raises a ServiceError when it fails.
    """

    def __init__(
        self, gateway: GatewayClient, vault: SubjectVault, outbox: Outbox, clock: ServerClock
    ) -> None:
        self.presentations = Presentations(gateway, vault, clock)
        self._gateway = gateway
        self._vault = vault
        self._outbox = outbox
        self._clock = clock
        outbox.register(KIND, self._send)

    async def form(self, child_id: str = "") -> Saved[CertificateForm]:
        """Return the prefilled form, its identity number masked, and what stands in the way.

        Raises SignInRequired with `acr` loa2 for a sign-in at the first identity level, and
        NotFound for a child that is not the resident's.
        """
        path = f"form?child={segment(child_id)}" if child_id else "form"
        return await self._read(path, CertificateForm.from_json)

    async def identity_number(self, child_id: str = "") -> str:
        """Return the whole identity number of the form; it is never kept."""
        query = {"show_identity_number": "true", "child": child_id or None}
        form = reading(
            CertificateForm.from_json, await self._gateway.get(f"{PATH}/form", query=query)
        )
        return form.identity.identity_number if form.identity else ""

    async def apply(self, draft: CertificateDraft) -> CertificateApplication | None:
        """Send an application, once however often it is tried, or None when it waits for a network.

        The draft is then done. Raises Rejected (`application_in_process`, `too_young`,
        `identity_unknown`, or with field errors) and SignInRequired for a step-up; the draft is then
        kept, and nothing waits.
        """
        vault = self._vault.pinned()
        key = await holder_key(vault)
        payload = replace(draft, step=LAST_STEP).to_json() | {"holder_key": key}
        try:
            answer = await self._outbox.submit(KIND, payload, item_id=draft.draft_id)
        except Rejected as refused:
            if refused.code != "may_have_arrived":
                await self._outbox.delete(draft.draft_id)
            raise
        except SignInRequired as asked:
            if asked.step_up:
                await self._outbox.delete(draft.draft_id)
            raise
        await vault.delete(DRAFTS, DRAFT)
        return None if answer is None else reading(CertificateApplication.from_json, answer)

    async def waiting(self) -> list[OutboxItem]:
        """Return the applications that wait in the outbox, or were refused there."""
        return [item for item in await self._outbox.list() if item.kind == KIND]

    @staticmethod
    def draft_of(item: OutboxItem) -> CertificateDraft:
        """Return a waiting or refused application as the draft it was."""
        return CertificateDraft.from_json(item.payload)

    async def list_mine(self) -> Saved[list[CertificateApplication]]:
        """Return the resident's applications, newest first."""
        return await self._read("applications", _applications)

    async def get(self, application_id: str) -> Saved[CertificateApplication]:
        """Return one application; NotFound if it is not there or another resident's."""
        return await self._read(_path(application_id), CertificateApplication.from_json)

    async def reads(self, application_id: str) -> Saved[list[CertificateRead]]:
        """Return who opened or checked the certificate of an application, newest first."""
        return await self._read(f"{_path(application_id)}/reads", _reads)

    async def pay_again(self, application_id: str, key: str) -> CertificateApplication:
        """Ask for a new payment after one that failed or ran out of time."""
        return await self._act(f"{_path(application_id)}/payments", {}, key)

    async def pay_in_sandbox(
        self, application_id: str, payment_id: str, outcome: str
    ) -> CertificateApplication:
        """Have the sandbox's bank say that the payment was paid, or failed. No money moves."""
        path = f"{_path(application_id)}/payments/{segment(payment_id)}/sandbox"
        return await self._act(path, {"outcome": outcome}, f"{payment_id}-{outcome}")

    async def write(self, application_id: str, text: str, key: str) -> CertificateApplication:
        """Ask the agency, or answer what it asked. Raises Rejected(`application_closed`)."""
        return await self._act(f"{_path(application_id)}/messages", {"text": text}, key)

    async def withdraw(self, application_id: str) -> CertificateApplication:
        """Take an application back. Raises Rejected(`too_late_to_withdraw`) from signing on."""
        return await self._act(
            f"{_path(application_id)}/withdraw", {}, f"withdraw-{application_id}"
        )

    async def letter(self, application_id: str, letter: int) -> bytes:
        """Return a letter of the agency (an apology for being late) as a signed PDF."""
        path = f"{PATH}/{_path(application_id)}/letters/{letter}"
        return await self._gateway.get_bytes(path, accept="application/pdf")

    async def open(self, application_id: str, passcode: str, key: str) -> str:
        """Open form No. 2 by its passcode; what it returns opens its content for ten minutes.

        Raises NotPermitted(`passcode_wrong`), GatewayUnavailable(`passcode_locked`).
        """
        path = f"{PATH}/{_path(application_id)}/openings"
        answer = await self._gateway.post(path, json={"passcode": passcode}, idempotency_key=key)
        return reading(lambda body: str(body["opening"]), answer)

    async def certificate(self, application_id: str, *, opening: str = "") -> bytes:
        """Return the signed PDF; the resident's log notes that it was opened."""
        path = f"{PATH}/{_path(application_id)}/certificate"
        return await self._gateway.get_bytes(
            path, accept="application/pdf", headers=opened_by(opening)
        )

    async def page(self, application_id: str, number: int, *, opening: str = "") -> bytes:
        """Return page `number` (from 1) of the certificate as a PNG 1080 pixels wide."""
        path = f"{PATH}/{_path(application_id)}/pages/{number}.png"
        return await self._gateway.get_bytes(path, accept="image/png", headers=opened_by(opening))

    async def twin(self, application_id: str, *, opening: str = "") -> bytes:
        """Return the machine-readable twin (SD-JWT VC) as it stands in the PDF."""
        path = f"{PATH}/{_path(application_id)}/credential"
        return await self._gateway.get_bytes(
            path, accept="application/dc+sd-jwt", headers=opened_by(opening)
        )

    async def verify(self, sought: Sought) -> Verification:
        """Check a code, a PDF's bytes or printed details; no sign-in, and nothing is kept."""
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
        try:
            kept = await self._vault.get(DRAFTS, DRAFT)
            return None if kept is None else CertificateDraft.from_json(kept)
        except (NotFound, TypeError):
            return None

    async def delete_draft(self) -> None:
        """Throw the draft away."""
        await self._vault.delete(DRAFTS, DRAFT)

    async def _send(self, payload: Any, idempotency_key: str) -> Any:
        body = CertificateDraft.from_json(payload).body() | {"holder_key": payload["holder_key"]}
        answer = await self._gateway.post(
            f"{PATH}/applications", json=body, idempotency_key=idempotency_key, retry=False
        )
        reading(CertificateApplication.from_json, answer)
        return answer

    async def _act(self, path: str, body: Any, key: str) -> CertificateApplication:
        answer = await self._gateway.post(f"{PATH}/{path}", json=body, idempotency_key=key)
        return reading(CertificateApplication.from_json, answer)

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
