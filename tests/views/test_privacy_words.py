"""Words of the ledger of consents."""

import pytest

from views.privacy_log.words import text_words


@pytest.mark.parametrize(
    ("version", "shown"),
    [("2026-11-26", "26/11/2026"), ("v2", "v2"), ("2026-13-40", "2026-13-40")],
)
def test_a_text_is_named_after_the_day_it_was_written(version: str, shown: str) -> None:
    """In the order days are written in here; a name that is no day stands as it is."""
    assert text_words(version).endswith(f" {shown}")
