"""The phone's secure store, with a twin of it."""

from typing import Any

from flet import FletException

from app.phone_store import PhoneBiometrics, PhonePlace, PhoneTokenStore
from services.tokens import Tokens

TOKENS = Tokens("access", "refresh", "id", 1_800_000_000.0, {"sub": "someone"})


class StoreTwin:
    """A store in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def get(self, key: str) -> Any:
        return self.kept.get(key)

    async def set(self, key: str, value: Any) -> None:
        self.kept[key] = value

    async def remove(self, key: str) -> None:
        self.kept.pop(key, None)


async def test_a_resident_stays_signed_in_on_the_phone_until_signing_out() -> None:
    """Nobody types a passcode at each bus stop."""
    store = PhoneTokenStore(StoreTwin())
    assert await store.load() is None
    await store.save(TOKENS)
    assert await store.load() == TOKENS
    await store.clear()
    assert await store.load() is None


async def test_a_damaged_entry_means_signing_in_again() -> None:
    """A restored backup may hold what this phone cannot read."""
    twin = StoreTwin()
    twin.kept["tokens"] = "{"
    assert await PhoneTokenStore(twin).load() is None


async def test_the_lock_keeps_its_secrets_in_the_phones_store() -> None:
    """Another key at the next start would lose every draft."""
    place = PhonePlace(StoreTwin())
    assert await place.read("vault") is None
    await place.write("vault", "secret")
    assert await place.read("vault") == "secret"
    await place.forget("vault")
    assert await place.read("vault") is None


class Unenrolled(StoreTwin):
    """A store of a phone without a finger or face."""

    async def set(self, key: str, value: Any) -> None:
        raise FletException("nothing is enrolled")

    async def get(self, key: str) -> Any:
        raise FletException("refused")


async def test_a_finger_gives_out_the_key_and_a_refused_one_none() -> None:
    """The platform's refusal is an answer, not a crash."""
    known, unknown = PhoneBiometrics(StoreTwin()), PhoneBiometrics(Unenrolled())
    assert await known.keep(bytes(32))
    assert await known.recall() == bytes(32)
    await known.forget()
    assert await known.recall() is None
    assert not await unknown.keep(bytes(32))
    assert await unknown.recall() is None
