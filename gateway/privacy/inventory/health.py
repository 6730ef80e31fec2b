"""Health records: what facilities sent, who read it, what residents add, and shared links."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, Table

from gateway.privacy.lines import (
    GO,
    PSEUDONYM,
    AnyOf,
    By,
    ByItsFeature,
    Exported,
    For,
    Keep,
    Line,
    Mention,
    NotExported,
    Through,
    With,
)

_OF_PATIENT = Through("patient_id", "health_patients")
_OF_SHARE = Through("share_id", "health_shares")
_RECORD = With("the health record")
_SERVING = NotExported("it is the same record once more, for finding things in it")
_AUTHOR = Mention(
    "subject", "a parent wrote it into a child's record, which stays", {"subject": PSEUDONYM}
)


def _is_loose(photos: Table) -> ColumnElement[bool]:
    """Sent ahead, and no correction took it."""
    return photos.c.correction_id.is_(None)


LOG_KEPT = timedelta(days=730)
"""How long it can be read who looked: not published, so it is ours."""

LINES = (
    Line(
        "health_patients",
        "Whose health record is which.",
        _RECORD,
        By("subject"),
        export=Exported(),
        erased=GO,
    ),
    Line(
        "health_bundles",
        "What a facility sent at one time, without its entries.",
        _RECORD,
        _OF_PATIENT,
        export=Exported(("digest", "scope", "patient_names")),
        erased=GO,
    ),
    Line(
        "health_resources",
        "The health record itself: FHIR resources word for word.",
        _RECORD,
        _OF_PATIENT,
        export=Exported(("digest", "row_id"), parsed=("raw",)),
        erased=GO,
    ),
    Line(
        "health_entries",
        "Where in what was sent a resource stood.",
        _RECORD,
        Through("bundle_id", "health_bundles"),
        export=_SERVING,
        erased=GO,
    ),
    Line(
        "health_current",
        "Which resources stand today.",
        _RECORD,
        _OF_PATIENT,
        export=_SERVING,
        erased=GO,
    ),
    Line(
        "health_search_values",
        "What a resource is found by.",
        _RECORD,
        _OF_PATIENT,
        export=_SERVING,
        erased=GO,
    ),
    Line(
        "health_patient_names",
        "Which identifiers mean which record.",
        _RECORD,
        _OF_PATIENT,
        export=Exported(),
        erased=GO,
    ),
    Line(
        "health_search_pages",
        "The next pages of a search that was asked.",
        For("created", timedelta(days=1)),
        By("subject"),
        export=NotExported("it is a question of the app, and lasts a day"),
        erased=GO,
    ),
    Line("health_facilities", "The register of connected facilities.", With("the city")),
    Line(
        "health_accesses",
        "Who looked into a health record, when and by what right.",
        For("at", LOG_KEPT),
        _OF_PATIENT,
        (
            Mention(
                "subject",
                "whose record it is may know that somebody looked",
                {"subject": PSEUDONYM, "name": ""},
            ),
        ),
        Exported(("subject", "request_id")),
        GO,
    ),
    Line(
        "health_relations",
        "The register's word on who is whose parent.",
        ByItsFeature("gateway.health_people.seeding:seed", "as the register has it"),
        AnyOf((By("subject"), By("child"))),
        export=Exported(("subject", "child")),
        erased=(Keep("population_register"),),
    ),
    Line(
        "health_consents",
        "Whom a resident lets read the record.",
        For("ended", timedelta(days=1826)),
        AnyOf((By("subject"), _OF_PATIENT)),
        (
            Mention(
                "carer",
                "the patient sees that a consent ended",
                {"carer": None, "name": "", "state": "ended", "ended_by": "carer"},
            ),
        ),
        Exported(("subject", "carer", "code_hash"), parsed=("sections",)),
        GO,
    ),
    Line(
        "health_code_failures",
        "Codes that opened nothing, so that nobody can try many.",
        For("at", timedelta(days=1)),
        By("subject"),
        export=Exported(),
        erased=GO,
    ),
    Line(
        "health_own_observations",
        "What residents measured themselves.",
        _RECORD,
        _OF_PATIENT,
        (_AUTHOR,),
        Exported(("subject",), parsed=("content",)),
        GO,
    ),
    Line(
        "health_corrections",
        "What a resident says is wrong in the record.",
        _RECORD,
        _OF_PATIENT,
        (_AUTHOR,),
        Exported(("subject",), parsed=("photos",)),
        GO,
    ),
    Line(
        "health_proofs",
        "Photos that prove a correction.",
        For("created", timedelta(days=2), when=_is_loose),
        AnyOf((By("subject"), Through("correction_id", "health_corrections"))),
        export=Exported(),
        erased=GO,
        objects="proof_id",
    ),
    Line(
        "health_shares",
        "Links by which a resident shared the record.",
        For("ended_at", timedelta(days=365)),
        AnyOf((By("subject"), _OF_PATIENT)),
        export=Exported(("subject", "token_hash", "passcode_hash"), parsed=("sections",)),
        erased=GO,
    ),
    Line(
        "health_share_files",
        "The encrypted file of a running link.",
        ByItsFeature("gateway.health_sharing.ending:end_overdue", "until the link ends"),
        _OF_SHARE,
        export=NotExported("only the link's own key opens it, which the city never had"),
        erased=GO,
    ),
    Line(
        "health_share_openings",
        "Who opened a link, by the name they typed.",
        With("its link"),
        _OF_SHARE,
        export=Exported(),
        erased=GO,
    ),
    Line(
        "health_share_tickets",
        "Short-lived addresses of a link's file.",
        For("until", timedelta(days=1)),
        _OF_SHARE,
        export=NotExported("they are hashes of secrets, and last minutes"),
        erased=GO,
    ),
)
