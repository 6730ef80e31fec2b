"""The device's own store, table by table: what a replay needs of it.

Saved copies (`saved`) are answers and are classified as those; what waits in the outbox is what would be
sent, kind by kind. Every other table is left out: keys, links and tokens open something, and receipts
are only looked at.
"""

from services.diagnostics.classes.certificates import CERTIFICATES
from services.diagnostics.classes.parking import PARKING
from services.diagnostics.classes.people import PEOPLE
from services.diagnostics.classes.privacy import PRIVACY
from services.diagnostics.classification import Area, classes

_REPORT = Area(
    "drafts",
    (),
    classes(
        keep="service_code service_name ward_code urgency hide_name place_from accuracy width height",
        reference="draft_id",
        words="description attributes",
        address="address",
        degrees="lat long place",
        picture="jpeg",
        inside="photos",
    ),
)
_ACT = Area(
    "report acts",
    (),
    classes(
        keep="rating urgency hide_name width height",
        words="description comment",
        address="address",
        degrees="lat long place",
        picture="jpeg",
        inside="photos correction",
    ),
)
_SUPPORT = Area("support waiting", (), classes(reference="key code error_reference", words="text"))
_MEASUREMENT = Area(
    "measurements waiting", (), {**PEOPLE.fields, **classes(reference="id", inside="body")}
)

STORED: dict[str, Area] = {
    "drafts": _REPORT,
    "certificate_drafts": Area(
        "certificate drafts",
        (),
        {**CERTIFICATES.fields, **classes(keep="step", reference="draft_id", opaque="passcode")},
    ),
}
"""Tables whose rows have fields; their keys are identifiers."""

PAYLOADS: dict[str, Area] = {
    "service_request": _REPORT,
    **dict.fromkeys(
        ("answer", "withdraw", "reopen", "rate", "correct", "follow", "unfollow"), _ACT
    ),
    "certificate_application": STORED["certificate_drafts"],
    "consent": PRIVACY,
    "support_bundle": _SUPPORT,
    "support_message": _SUPPORT,
    "health_correction": PEOPLE,
    "measurement": _MEASUREMENT,
    "measurement_delete": _MEASUREMENT,
    "parking_start": Area(
        "parking waiting", (), {**PARKING.fields, **classes(reference="start_id")}
    ),
    "parking_stop": PARKING,
}
"""What waits in the outbox, by its kind."""

WAITING = Area(
    "outbox",
    (),
    classes(
        keep="""
            kind created attempts last_error state revision may_have_arrived next_try
            size generation
        """,
        reference="media_id",
        opaque="parts.key",
        words="caption",
        inside="parts",
        drop="id about payload",
    ),
)
"""An item of the outbox beside its payload; `id` and `about` are looked at by `waiting`."""

CARD = Area(
    "card",
    (),
    classes(
        keep="valid_from valid_until blocked through fetched_at",
        reference="card_id",
        words="moved_to",
    ),
)
