"""What residents agreed to."""

from __future__ import annotations

from gateway.privacy.lines import GO, PSEUDONYM, By, Exported, Line, Mention, With

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
)
