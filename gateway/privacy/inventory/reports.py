"""Reports, their photos, and the inbox."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Table, and_, select

from gateway.database import metadata
from gateway.privacy.lines import (
    GO,
    PSEUDONYM,
    By,
    ByItsFeature,
    Delete,
    Exported,
    For,
    Keep,
    Line,
    Mention,
    NotExported,
    Through,
    With,
)

_OF_REPORT = Through("service_request_id", "service_requests")
_STAFF = "an officer's act in office stays with the report"


def _is_public(reports: Table) -> ColumnElement[bool]:
    return (reports.c.status_code != "withdrawn") & ~reports.c.hoax


def _by_resident(updates: Table) -> ColumnElement[bool]:
    return updates.c.actor_role == "resident"


def _of_another(photos: Table) -> ColumnElement[bool]:
    """An officer's photo on a resident's report is the office's proof, not the officer's own."""
    reports = metadata.tables["service_requests"].c
    others = select(reports.service_request_id).where(reports.subject != photos.c.subject)
    return photos.c.service_request_id.in_(others)


def _is_cleared(photos: Table) -> ColumnElement[bool]:
    return and_(photos.c.cleared, photos.c.service_request_id.is_not(None))


LINES = (
    Line(
        "service_requests",
        "Reports: what is wrong, where, and how it is handled.",
        With("the city's record of its public works"),
        By("subject"),
        (Mention("assigned_subject", _STAFF),),
        Exported(("token", "cell", "submitter", "assigned_subject", "assigned_name", "revision")),
        (
            Keep(
                "public_record",
                {
                    "subject": PSEUDONYM,
                    "hide_name": True,
                    "rating_comment": "",
                    "attributes": {},
                    "question": "",
                },
                _is_public,
            ),
            Delete(),
        ),
    ),
    Line(
        "service_request_updates",
        "What happened to a report, and who did it.",
        With("its report"),
        _OF_REPORT,
        (Mention("actor_subject", _STAFF),),
        Exported(("actor_subject",)),
        (
            Keep("public_record", {"description": "", "actor_subject": None}, _by_resident),
            Keep("public_record"),
        ),
    ),
    Line(
        "media",
        "Photos and documents of reports.",
        ByItsFeature(
            "gateway.service_requests.clock:stale_uploads", "48 hours without a report, else as it"
        ),
        By("subject"),
        export=Exported(("boxes",)),
        erased=(
            Keep("office_record", when=_of_another),
            Keep("public_record", {"subject": PSEUDONYM, "description": ""}, _is_cleared),
            Delete(),
        ),
        objects="media_id",
    ),
    Line(
        "follows",
        "Which reports of others a resident follows.",
        With("the account"),
        By("subject"),
        export=Exported(),
        erased=GO,
    ),
    Line(
        "notices",
        "The inbox.",
        For("created", timedelta(days=365)),
        By("subject"),
        export=Exported(),
        erased=GO,
    ),
    Line(
        "desk_log",
        "Who of an agency's desk did what with a report.",
        With("its report"),
        _OF_REPORT,
        (Mention("actor_subject", _STAFF),),
        Exported(("actor_subject", "detail")),
        (Keep("office_record"),),
    ),
    Line(
        "presence",
        "Which officers have a report open now.",
        For("seen", timedelta(days=1)),
        By("subject"),
        export=NotExported("it lasts a minute, and is about an officer at work"),
        erased=GO,
    ),
    Line(
        "changes",
        "The numbered changes that open screens ask for: a report's number and a moment.",
        ByItsFeature("gateway.service_requests.clock:tick", "7 days"),
    ),
    Line("service_request_numbers", "The last number given to a report.", With("the city")),
    Line("api_keys", "Keys of other submitters: a name of an office and a hash.", With("the city")),
)
