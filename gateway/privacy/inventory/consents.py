"""What residents agreed to, and which staff looked at what is theirs."""

from __future__ import annotations

from datetime import timedelta

from gateway.privacy.lines import GO, PSEUDONYM, By, Exported, For, Line, Mention, With

LINES = (
    Line(
        "consent_decisions",
        "What a resident agreed to, refused or withdrew, and by which text.",
        With("the account"),
        By("subject"),
        (
            Mention(
                "decided_by",
                "a child may know that a parent decided for them",
                {"decided_by": PSEUDONYM},
            ),
        ),
        Exported(("subject", "decided_by", "request_id")),
        GO,
    ),
    Line(
        "staff_looks",
        "Which staff opened a report or an application, when and for which office.",
        For("at", timedelta(days=730)),
        By("subject"),
        (Mention("actor_subject", "an officer's look in office stays with whom it was about"),),
        Exported(("subject", "actor_subject", "request_id")),
        GO,
    ),
)
