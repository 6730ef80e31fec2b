"""From an application to its signed file: the twin, the page, the signature, and one last look."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from gateway.certificates import applications, credential, pdf
from gateway.certificates.inspection import Finding, inspect
from gateway.certificates.office import Office
from gateway.certificates.signing import Signer
from gateway.certificates.words import PURPOSES
from gateway.registers.criminal_records import Conviction

# No I, O, 0 or 1: the code is read aloud and typed from paper.
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def draw_and_sign(
    office: Office, signer: Signer, application: Row[Any], issued: datetime
) -> dict[str, Any]:
    """The row of the signed certificate. Raises ValueError when it does not pass its own check."""
    twin = credential.issue(
        office.authority,
        facts_of(application, issued),
        office.settings.api_url,
        application.holder_key,
    )
    content = _content(application, issued, twin)
    signed = signer.sign(pdf.draw(content, office.settings.public_url), issued)
    inspection = inspect(signed, office.authority.root.certificate, issued, office.stamp_root)
    if inspection.finding is not Finding.WHOLE:
        raise ValueError(f"the signed certificate is {inspection.finding}")
    return {
        "number": content.number,
        "application_id": application.application_id,
        "code": content.code,
        "name": content.name,
        "status": "valid",
        "issued_at": issued.timestamp(),
        "sha256": pdf.sha256(signed),
        "covered_digest": inspection.covered_digest,
        "pages": pdf.page_count(signed),
        "document": signed,
        "credential": twin,
        "status_index": status_index(application.number),
    }


def facts_of(application: Row[Any], issued: datetime) -> credential.Facts:
    """What the credential says of an application in signing, or with a certificate."""
    return credential.Facts(
        number=application.number,
        certificate_type=application.certificate_type,
        identity=application.identity,
        purpose=application.purpose,
        entries=tuple(application.convictions),
        issued_datetime=issued,
        status_index=status_index(application.number),
    )


def status_index(number: str) -> int:
    """The certificate's place in the status lists: its number's own, from 0."""
    return int(number.rpartition("-")[2]) - 1


def new_code() -> str:
    """A short code nobody can guess, as it is printed: four and four characters."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _content(application: Row[Any], issued: datetime, twin: str) -> pdf.Content:
    identity = application.identity
    return pdf.Content(
        number=application.number,
        code=application.code,
        name=identity["name"],
        gender=identity["gender"],
        birthdate=applications.birthdate_of(identity),
        identity_number=identity["identity_number"],
        address=identity["address"],
        purpose=PURPOSES[application.purpose][0],
        convictions=tuple(_conviction(entry) for entry in application.convictions),
        issued_datetime=issued,
        certificate_type=application.certificate_type,
        file_code=application.application_id,
        former_names=tuple(application.former_names or ()),
        former_addresses=tuple(_lived(one) for one in application.former_addresses or ()),
        credential=twin,
    )


def _lived(entry: dict[str, Any]) -> str:
    until = entry["to_year"] or "nay"
    return f"{entry['address']} ({entry['from_year']}–{until})"


def _conviction(entry: dict[str, Any]) -> Conviction:
    judgment_date = date.fromisoformat(entry["judgment_date"])
    return Conviction(**{**entry, "judgment_date": judgment_date})
