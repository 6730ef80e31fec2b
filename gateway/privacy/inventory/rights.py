"""What the rights themselves leave behind: exports, receipts of erasures, requests."""

from __future__ import annotations

from datetime import timedelta

from gateway.privacy.lines import GO, By, Exported, For, Keep, Line, Mention, NotExported

LINES = (
    Line(
        "privacy_exports",
        "Exports a resident asked for; the file lies in the media store.",
        For("expires", timedelta(0)),
        By("subject"),
        export=NotExported("it is this file"),
        erased=GO,
        objects="export_id",
    ),
    Line(
        "privacy_erasures",
        "Receipts of erasures: numbers, and nobody's name.",
        For("finished", timedelta(days=730)),
        By("subject"),
        export=NotExported("an account that was erased has none to export"),
        erased=(Keep("erasure_receipt"),),
    ),
    Line(
        "privacy_erased",
        "Keyed hashes of whose account was erased, so that it begins empty.",
        For("at", timedelta(days=730)),
    ),
    Line(
        "privacy_requests",
        "What residents asked about their data, and the answers.",
        For("answered", timedelta(days=730)),
        By("subject"),
        (Mention("answered_by", "an officer's answer stays with the request"),),
        Exported(("subject", "answered_by")),
        GO,
    ),
)
