"""Bundles for support, their threads, and who of the staff opened them."""

from __future__ import annotations

from gateway.privacy.lines import GO, By, ByItsFeature, Exported, Line, Mention, Through

_SWEEP = "gateway.support.retention:forget_old"

LINES = (
    Line(
        "support_cases",
        "Bundles that residents sent to support, and the thread about each.",
        ByItsFeature(_SWEEP, "the file 7 days, the thread 90 days after its last word"),
        By("subject"),
        export=Exported(("subject", "case_id"), parsed=("manifest",)),
        erased=GO,
        objects="case_id",
    ),
    Line(
        "support_messages",
        "What residents and support wrote to each other.",
        ByItsFeature(_SWEEP, "as its thread"),
        Through("case_id", "support_cases"),
        export=Exported(("case_id", "message_id")),
        erased=GO,
    ),
    Line(
        "support_openings",
        "Who of support opened a resident's bundle, or the sandbox's app as them, when and why.",
        ByItsFeature(_SWEEP, "730 days"),
        By("subject"),
        (Mention("actor_subject", "what staff did with a resident's bundle stays known"),),
        Exported(("subject", "actor_subject", "case_id", "opening_id", "entry_id")),
        GO,
    ),
)
