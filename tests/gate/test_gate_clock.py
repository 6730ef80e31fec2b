"""A gate's clock: a wrong one changes nothing, a doubtful one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gate.station_field import CARD, HOUR, Field, field
from tests.gate.station_twins import (
    signed_deny,
)
from tests.support.card_codes import AT

__all__ = ["field"]


# The clock


@pytest.mark.parametrize("wrong_by", [-86_400, -40, 40, 86_400])
def test_a_wrong_wall_clock_changes_nothing_until_a_restart(field: Field, wrong_by: float) -> None:
    """Somebody sets the gate's computer to another zone: honest codes work, old ones do not."""
    field.clocks.wrong_by = wrong_by
    field.reopened()
    field.clocks.at = AT + 600
    assert field.take(shown_at=AT + 600 - 45) == "too_old"
    assert field.take() == "accepted"


def test_a_wall_clock_that_was_always_wrong_is_corrected_after_a_restart(tmp_path: Path) -> None:
    """The distance to the gateway's time is kept."""
    field = Field(tmp_path)
    field.clocks.wrong_by = 500
    field.synced()
    field.clocks.at = AT + 600
    field.clocks.restart()
    field.reopened()
    assert field.take() == "accepted"


def test_a_clock_behind_what_the_gate_has_lived_through_is_refused(field: Field) -> None:
    """An empty battery sets a clock to 1970; old photographs of codes must not come to life."""
    field.clocks.at = AT + 2 * HOUR
    assert field.take() == "accepted"
    field.clocks.restart()
    field.clocks.wrong_by = -HOUR
    field.reopened()
    assert field.take(shown_at=AT + HOUR) == "not_ready"
    assert "clock is behind" in field.trouble()
    field.clocks.wrong_by = 0
    assert field.take(CARD.but(card_id=b"another!")) == "accepted"


def test_a_clock_set_far_ahead_makes_the_lists_too_old(field: Field) -> None:
    """Where the gate cannot know better, it lets nobody pass."""
    field.clocks.restart()
    field.clocks.wrong_by = 30 * 86_400
    field.reopened()
    assert field.take() == "not_ready"


def test_a_clock_that_may_have_drifted_a_step_is_refused(tmp_path: Path) -> None:
    """Four days without the gateway's time: the crystal alone may be off by more than the grace."""
    field = Field(tmp_path, keys_max_age_hours=400, deny_max_age_hours=400).synced()
    field.clocks.at = AT + 80 * HOUR
    assert field.take() == "accepted"
    field.clocks.at = AT + 100 * HOUR
    assert field.take() == "not_ready"
    assert "may be wrong by" in field.trouble()


def test_an_answer_to_an_earlier_question_does_not_set_the_clock(field: Field) -> None:
    """Whoever plays old answers to a gate could bring old codes to life."""
    old = field.line.get("/gate/v1/keys?nonce=00")
    field.clocks.at = AT + HOUR
    field.line.get = lambda path: old if "/keys" in path else (200, signed_deny(at=AT + HOUR))  # type: ignore[method-assign]
    [trouble] = field.station.sync(field.line).troubles
    assert "earlier question" in trouble
    assert field.take(shown_at=AT) == "too_old"
    assert field.take() == "accepted"
