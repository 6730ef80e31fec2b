"""The words of the checking page, of the command and on the certificate."""

from __future__ import annotations

from pathlib import Path

from gateway.certificates import pages
from gateway.certificates.command import SENTENCES
from gateway.certificates.coverage import Detail
from gateway.certificates.page_words import (
    ADVICE,
    CHECKS,
    DETAILS,
    PAGE,
    PROBLEMS,
    REASONS,
    VERDICTS,
)
from gateway.certificates.verification import Verdict, normal_code
from gateway.certificates.words import mask_name, mask_number


def test_masks_leave_little() -> None:
    """Enough to compare with the paper in one's hand, too little to learn a name."""
    assert mask_name("Nguyễn Minh Anh") == "N••••• M••• Anh"
    assert mask_name("Anh") == "Anh"
    assert mask_number("001188990001") == "•••••••••001"
    assert normal_code("ab cd-2345") == "ABCD-2345"


def test_every_verdict_has_words_in_both_languages() -> None:
    """A new verdict cannot ship without a title and advice."""
    for verdict in Verdict:
        assert verdict in VERDICTS
        assert verdict in ADVICE
    assert set(DETAILS) == set(Detail)
    for words in (PAGE, PROBLEMS, VERDICTS, REASONS, ADVICE, DETAILS, *CHECKS.values()):
        assert all(vi and en and vi != en for vi, en in words.values())


def test_every_reason_is_said_on_the_command_line_too() -> None:
    """A reason without a sentence would end the command with a traceback."""
    elsewhere = {"genuine_code", "unknown_code", "unknown_number", "unknown_link"}
    by_file = set(REASONS) - elsewhere
    assert by_file == set(SENTENCES)


def test_the_colours_are_the_design_guides() -> None:
    """The page looks like the app it speaks for."""
    style = (Path(pages.__file__).parent / "style.css").read_text(encoding="utf-8")
    for colour in ("#00664E", "#D0EFE1", "#FFE2DC", "#660700", "#F6F9F6", "#E5ECE7"):
        assert colour in style
