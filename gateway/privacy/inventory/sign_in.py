"""Sign-in at the sandbox's provider, what may be repeated, and work that waits."""

from __future__ import annotations

from datetime import timedelta

from gateway.privacy.lines import (
    GO,
    PSEUDONYM,
    By,
    Exported,
    For,
    Keep,
    Line,
    NotExported,
    Through,
    With,
)

_AT_ITS_END = timedelta(0)
_OF_GRANT = Through("grant_id", "identity_grants")
_SECRET = NotExported("they are hashes of secrets")

LINES = (
    Line(
        "identity_attempts",
        "Sign-ins under way.",
        For("ends_at", _AT_ITS_END),
        By("subject"),
        export=NotExported("it lasts fifteen minutes, and holds what the app asked"),
        erased=GO,
    ),
    Line(
        "identity_grants",
        "Sign-ins a resident agreed to.",
        For("ends_at", _AT_ITS_END),
        By("subject"),
        export=Exported(("subject",)),
        erased=GO,
    ),
    Line(
        "identity_codes",
        "Codes that become tokens once.",
        For("ends_at", timedelta(days=1)),
        _OF_GRANT,
        export=_SECRET,
        erased=GO,
    ),
    Line(
        "identity_refresh_tokens",
        "Refresh tokens, used and not.",
        For("ends_at", _AT_ITS_END),
        _OF_GRANT,
        export=_SECRET,
        erased=GO,
    ),
    Line(
        "identity_pushed_requests",
        "What the app asked for, until the browser comes with the reference.",
        For("ends_at", _AT_ITS_END),
        export=NotExported("it lasts a minute, and holds what the app asked"),
    ),
    Line(
        "identity_passcode_failures",
        "Wrong passcodes in a row.",
        For("wait_until", timedelta(days=1)),
        By("subject"),
        export=Exported(("subject",)),
        erased=GO,
    ),
    Line(
        "sessions",
        "Sign-ins the gateway has seen: on what kind of device, and when it was used.",
        For("last_seen", timedelta(days=90)),
        By("subject"),
        export=Exported(("subject",)),
        erased=(Keep("ended_sign_ins", {"subject": PSEUDONYM, "kind": "program", "platform": ""}),),
    ),
    Line(
        "idempotency_keys",
        "Answers that a repeated request gets again.",
        For("created", timedelta(days=30)),
        By("subject"),
        export=NotExported("they are the app's own, of what stands elsewhere here"),
        erased=GO,
    ),
    Line(
        "jobs",
        "Work that waits, by the id of what it is about; it goes with it.",
        With("what it is about"),
    ),
)
