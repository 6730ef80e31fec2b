"""What a gate remembers: a card passes once for each code, and not twice for two people."""

from pathlib import Path

import pytest

from gate.code import Verdict, check
from gate.keys import GateError
from gate.memory import Memory
from tests.support.card_codes import AT, SampleCard

CARD = SampleCard()


class Turnstile:
    """One gate with its memory."""

    def __init__(self, path: Path | None = None) -> None:
        self.memory = Memory(path)

    def take(
        self,
        at: float,
        direction: str = "in",
        *,
        shown_at: float | None = None,
        card: SampleCard = CARD,
        gate_id: str = "A",
    ) -> Verdict:
        """Holds a card's code before the gate."""
        gate = card.gate(direction=direction, gate_id=gate_id)
        text = card.code(at if shown_at is None else shown_at)
        return check(text, gate, self.memory, at).verdict


def test_the_same_code_twice_is_replayed() -> None:
    """A friend right behind with a picture of the code stays outside."""
    gate = Turnstile()
    assert gate.take(AT) == "accepted"
    assert gate.take(AT) == "replayed"
    assert gate.take(AT + 10, shown_at=AT) == "replayed"


def test_the_same_code_is_replayed_in_the_other_direction_too() -> None:
    """Out and in again with one code would let a second person through."""
    gate = Turnstile()
    assert gate.take(AT) == "accepted"
    assert gate.take(AT, "out") == "replayed"


def test_an_older_code_after_a_newer_one_is_replayed_in_either_direction() -> None:
    """From a newer link anybody can compute the older ones."""
    gate = Turnstile()
    assert gate.take(AT) == "accepted"
    assert gate.take(AT, shown_at=AT - 15) == "replayed"
    assert gate.take(AT, "out", shown_at=AT - 15) == "replayed"


@pytest.mark.parametrize(
    ("wait", "verdict"), [(15, "passback"), (299, "passback"), (300, "accepted")]
)
def test_a_new_code_within_five_minutes_is_a_pass_back(wait: int, verdict: str) -> None:
    """Handing the phone back over the barrier lets nobody else in."""
    gate = Turnstile()
    assert gate.take(AT) == "accepted"
    assert gate.take(AT + wait) == verdict


def test_leaving_at_once_is_allowed() -> None:
    """Whoever entered the wrong yard may drive out again."""
    gate = Turnstile()
    assert gate.take(AT) == "accepted"
    assert gate.take(AT + 15, "out") == "accepted"
    assert gate.take(AT + 30) == "passback"


def test_a_refused_pass_back_does_not_start_the_time_again() -> None:
    """Only a passage counts; trying again must not lock an honest resident out."""
    gate = Turnstile()
    assert gate.take(AT) == "accepted"
    assert gate.take(AT + 290) == "passback"
    assert gate.take(AT + 305) == "accepted"


def test_another_gate_and_another_card_are_not_concerned() -> None:
    """A resident changes lines, and other residents ride too."""
    gate = Turnstile()
    assert gate.take(AT) == "accepted"
    assert gate.take(AT, gate_id="B") == "accepted"
    assert gate.take(AT, card=CARD.but(card_id=b"another!")) == "accepted"


def test_a_forged_code_cannot_lock_a_card_out() -> None:
    """Nothing is remembered before the signature holds."""
    gate = Turnstile()
    text = CARD.code(AT + 15)[:-3] + "000"
    assert check(text, CARD.gate(gate_id="A"), gate.memory, AT).verdict == "forged"
    assert gate.take(AT) == "accepted"


def test_the_memory_survives_a_restart(tmp_path: Path) -> None:
    """Pulling the plug must not make a used code new."""
    assert Turnstile(tmp_path / "state").take(AT) == "accepted"
    again = Turnstile(tmp_path / "state")
    assert again.take(AT) == "replayed"
    assert again.take(AT + 15) == "passback"


def test_two_processes_of_one_gate_share_a_memory(tmp_path: Path) -> None:
    """Two readers at one turnstile are one gate."""
    one, two = Turnstile(tmp_path / "state"), Turnstile(tmp_path / "state")
    assert one.take(AT) == "accepted"
    assert two.take(AT) == "replayed"


def test_the_memory_forgets_after_two_slots(tmp_path: Path) -> None:
    """A gate that kept every passage would know where people go."""
    gate = Turnstile(tmp_path / "state")
    assert gate.take(AT) == "accepted"
    later = CARD.but(card_id=b"another!", valid_until=65535)
    assert gate.take(AT + 3 * 3600, card=later) == "accepted"
    gate.memory.close()
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert later.card_id in kept
    assert CARD.card_id not in kept


def test_a_code_just_used_is_still_known_one_slot_later() -> None:
    """Forgetting must not come before the code is too old anyway."""
    gate = Turnstile()
    edge = (AT // 3600 + 1) * 3600
    assert gate.take(edge - 1) == "accepted"
    assert gate.take(edge, shown_at=edge - 1) == "replayed"
    assert gate.take(edge) == "passback"


def test_the_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    """A wrong path must not damage what lies there."""
    (tmp_path / "notes.txt").write_text("no database " * 99)
    with pytest.raises(GateError, match="cannot be used"):
        Memory(tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text().startswith("no database")
