"""Criminal record certificates: the form, applications, the certificate, its checking and showing."""

from services.diagnostics.classification import Area, classes

_BASE = "/certificates/v1"
_ONE = _BASE + "/applications/{application_id}"
_OFFICE = _BASE + "/office/applications"

CERTIFICATES = Area(
    "certificates",
    (
        f"{_BASE}/form",
        f"{_BASE}/applications",
        _ONE,
        f"{_ONE}/payments",
        f"{_ONE}/payments/{{payment_id}}/sandbox",
        f"{_ONE}/messages",
        f"{_ONE}/withdraw",
        f"{_ONE}/letters/{{letter}}",
        f"{_ONE}/reads",
        f"{_ONE}/openings",
        f"{_ONE}/certificate",
        f"{_ONE}/pages/{{page}}.png",
        f"{_ONE}/credential",
        f"{_ONE}/presentations",
        f"{_BASE}/presentations/{{presentation_id}}",
        f"{_BASE}/presentations/check",
        f"{_BASE}/verify",
        f"{_BASE}/sandbox-root.pem",
        f"{_BASE}/issuer-keys",
        f"{_BASE}/status-lists/{{number}}",
        _OFFICE,
        f"{_OFFICE}/{{application_id}}",
        f"{_OFFICE}/{{application_id}}/messages",
        f"{_OFFICE}/{{application_id}}/decide",
        f"{_OFFICE}/{{application_id}}/refuse",
        f"{_BASE}/office/certificates/{{number}}/revoke",
    ),
    classes(
        keep="""
            certificate_type delivery deliveries payment_hours
            working_days minimum_age blocked_by.code blocked_by.minimum_age status .note
            agency_responsible expected_datetime original_expected_datetime submitted_datetime
            datetime actor kind letter amount currency provider sandbox
            expires_datetime paid_datetime created_datetime complain_to complain_until relation
            actions author issued_datetime ended_date ended_reason pages valid_from reason verdict
            signature content checks.status checked_datetime expires_in outcome aud
            children.too_young certificate.size certificate.level certificate.archived
            reads.reason reads.action reads.purpose decision result gender has_passcode
            ?show_identity_number ?letter ?page ?archive ?note ?number .[]
        """,
        whole="certificate_types purpose purposes fee limits letters late",
        inside="""
            person identity children blocked_by history payment messages certificate refusal
            former_addresses checks reads
        """,
        reference="""
            application_id payment_id message_id child_id presentation_id renews renewed_by number
            code person.subject supersedes superseded_by read_id
            ?application_id ?payment_id ?presentation_id ?child
        """,
        name="name former_names entries.court",
        birthdate="birthdate issued_date identity.birthdate",
        id_number="identity_number",
        phone="contact_phone",
        address="address former_addresses.address permanent_address",
        number="former_addresses.from_year former_addresses.to_year",
        words="text by place reads.by",
        opaque="""
            qr passcode opening nonce link secret credential presentation file_code sha256
        """,
        drop="""
            holder_key detail signer keys verify_url url claims claims.name entries shown_claims file
            pdf_url
        """,
    ),
)
