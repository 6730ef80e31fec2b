"""Mutations of valid codes before a gate: `python -m tests.campaigns.fuzz_card [COUNT] [SEED]`.

None may be accepted and none may stop the gate. `make fuzz-card` makes a million.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gate.code import STEP_SECONDS, Gate, Verdict, check
from gate.memory import Memory
from services.card_code import encode_base45
from tests.support.card_codes import AT, SampleCard

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
FIELDS = ((0, 1), (1, 9), (9, 13), (13, 15), (15, 16), (16, 18), (18, 82), (82, 83), (83, 99))
"""Where each field of the 99 bytes begins and ends."""
CARDS = 40
_REPORT_EVERY = 100_000


@dataclass(frozen=True)
class Pool:
    """Valid codes of one issuer: every card at three steps, all accepted at AT by a fresh gate."""

    raws: Sequence[bytes]
    texts: frozenset[str]
    gate: Gate


def make_pool(chance: random.Random, cards: int = CARDS) -> Pool:
    """Cards with different ids, groups and last days."""
    made = [
        SampleCard(
            card_id=chance.randbytes(8),
            seed=chance.randbytes(32),
            product=chance.randrange(4),
            group=chance.randrange(3),
            valid_until=SampleCard().valid_until + chance.randrange(60),
        )
        for _ in range(cards)
    ]
    shown = (-STEP_SECONDS, 0, STEP_SECONDS)
    raws = [card.raw(AT + seconds) for card in made for seconds in shown]
    return Pool(raws, frozenset(map(encode_base45, raws)), made[0].gate())


def mutated(pool: Pool, chance: random.Random) -> str:
    """A valid code that was changed in one to three ways; by chance it can be valid again."""
    raw = bytearray(chance.choice(pool.raws))
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        chance.choice(_BYTE_WAYS)(raw, pool, chance)
    text = list(encode_base45(bytes(raw)))
    if chance.random() < 0.5:
        text = list(encode_base45(bytes(chance.choice(pool.raws))))
        for _ in range(chance.choice((1, 1, 2))):
            chance.choice(_TEXT_WAYS)(text, chance)
    return "".join(text)


def campaign(
    count: int, seed: int, told: Callable[[str], None] = lambda line: None
) -> Counter[str]:
    """How often each verdict was given to `count` mutations; a valid code among them is not one."""
    chance = random.Random(seed)
    pool, memory, seen = make_pool(chance), Memory(), Counter[str]()
    began = time.monotonic()
    while (done := seen.total()) < count:
        text = mutated(pool, chance)
        if text in pool.texts:
            continue
        verdict = check(text, pool.gate, memory, AT).verdict
        seen[verdict] += 1
        if verdict is Verdict.ACCEPTED:
            told(f"ACCEPTED {text!r}")
        if (done + 1) % _REPORT_EVERY == 0:
            told(f"{done + 1:,} mutations in {time.monotonic() - began:.0f} s: {dict(seen)}")
    # The codes themselves are good all the while, or the campaign would prove nothing.
    for raw in pool.raws:
        assert check(encode_base45(raw), pool.gate, Memory(), AT).verdict is Verdict.ACCEPTED
    return seen


def _flip(raw: bytearray, pool: Pool, chance: random.Random) -> None:
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)


def _byte(raw: bytearray, pool: Pool, chance: random.Random) -> None:
    raw[chance.randrange(len(raw))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))


def _step(raw: bytearray, pool: Pool, chance: random.Random) -> None:
    raw[82] = (raw[82] + chance.choice((-2, -1, 1, 2, 16, 128))) % 256


def _field(raw: bytearray, pool: Pool, chance: random.Random) -> None:
    """A field of another valid code, or noise."""
    begin, end = chance.choice(FIELDS)
    other = chance.choice(pool.raws) if chance.random() < 0.7 else chance.randbytes(99)
    raw[begin:end] = other[begin:end]


def _splice(raw: bytearray, pool: Pool, chance: random.Random) -> None:
    """The rest of another valid code from some place on."""
    place = chance.randrange(1, len(raw))
    raw[place:] = chance.choice(pool.raws)[place:]


def _signature(raw: bytearray, pool: Pool, chance: random.Random) -> None:
    """Ed25519's order added to the signature's number, which careless verifiers take."""
    order = 2**252 + 27742317777372353535851937790883648493
    number = int.from_bytes(raw[50:82], "little") + order * chance.randrange(1, 8)
    raw[50:82] = (number % 2**256).to_bytes(32, "little")


def _length(raw: bytearray, pool: Pool, chance: random.Random) -> None:
    if chance.random() < 0.5:
        del raw[chance.randrange(len(raw)) :]
    else:
        raw += chance.randbytes(chance.randrange(1, 5))
    raw[:] = raw + bytes(max(0, 83 - len(raw)))


def _letter(text: list[str], chance: random.Random) -> None:
    text[chance.randrange(len(text))] = chance.choice(ALPHABET)


def _swap(text: list[str], chance: random.Random) -> None:
    place = chance.randrange(len(text))
    text[place], text[place - 1] = text[place - 1], text[place]


def _drop(text: list[str], chance: random.Random) -> None:
    del text[chance.randrange(len(text))]


def _insert(text: list[str], chance: random.Random) -> None:
    text.insert(chance.randrange(len(text)), chance.choice(ALPHABET + "aé\0\n\r\t\u0660"))


def _case(text: list[str], chance: random.Random) -> None:
    place = chance.randrange(len(text))
    text[place] = text[place].lower()


def _overlong(text: list[str], chance: random.Random) -> None:
    """A group of three whose number has 2**16 added: a second spelling, were it let through."""
    place = chance.randrange(0, len(text) - 2, 3)
    number = sum(ALPHABET.find(text[place + n]) * 45**n for n in range(3)) + 2**16
    text[place : place + 3] = [ALPHABET[number // 45**n % 45] for n in range(3)]


def _trim(text: list[str], chance: random.Random) -> None:
    text[:] = list(chance.choice((" ", "\t", "")) + "".join(text).strip() + chance.choice(" 0\n"))


_BYTE_WAYS = (_flip, _byte, _step, _field, _splice, _signature, _length)
_TEXT_WAYS = (_letter, _swap, _drop, _insert, _case, _overlong, _trim)


def main(arguments: Sequence[str]) -> int:
    """Run a campaign; 1 when a mutation was accepted."""
    count = int(arguments[0]) if arguments else 1_000_000
    seed = int(arguments[1]) if len(arguments) > 1 else random.SystemRandom().randrange(2**32)
    print(f"{count:,} mutations, seed {seed}", flush=True)
    seen = campaign(count, seed, lambda line: print(line, flush=True))
    accepted = seen[Verdict.ACCEPTED]
    print(f"{seen.total():,} mutations: {accepted} accepted, 0 crashes; {dict(seen)}")
    return 1 if accepted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
