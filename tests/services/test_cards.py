"""The resident's card on their device: enrolled once, shown for three days without a network."""

from __future__ import annotations

import socket
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gate.code import Gate, Verdict, check, read
from gate.keys import DenyList, IssuerKey, KeySet
from gate.memory import Memory
from services.card_code import slot_at, step_at
from services.card_states import (
    Blocked,
    CardCode,
    ClockUntrusted,
    Expired,
    MovedAway,
    NoCard,
    NotYetValid,
    OfflineWindowOver,
)
from services.card_wallet import SLOTS, TABLE, CardWallet
from services.errors import GatewayUnavailable, NotFound, Offline, Rejected
from tests.services.card_twins import CityTwin, MemoryRows, Phone, phone
from tests.services.twins import NOW, Time

HOUR = 3600


@pytest.fixture
def city() -> CityTwin:
    """The city, in which it is NOW."""
    return CityTwin(Time())


@pytest.fixture
def mine(tmp_path: Path, city: CityTwin) -> Phone:
    """The resident's phone."""
    return phone(tmp_path, city)


def gate_of(city: CityTwin) -> Gate:
    """A gate that knows the city's key."""
    return Gate(KeySet([IssuerKey(3, city.issuer.public_key())]), DenyList())


async def code(mine: Phone, at: float) -> CardCode:
    """The code the phone shows then; anything else fails."""
    shown = await mine.cards.code_at(at)
    assert isinstance(shown, CardCode), shown
    return shown


async def test_a_phone_just_enrolled_shows_a_code_the_gate_accepts(mine: Phone) -> None:
    """The whole point: enrol at home, walk to the bus."""
    await mine.cards.enrol("Máy này", "linux")
    shown = await code(mine, NOW)
    assert check(shown.text, gate_of(mine.city), Memory(), NOW).verdict is Verdict.ACCEPTED
    assert (shown.slot, shown.step) == (slot_at(NOW), step_at(NOW))


async def test_seventy_two_hours_without_a_network(
    city: CityTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three days in the mountains: all 17,280 codes are there, and nothing asks for a network."""
    mine = Phone(city, MemoryRows(), city.time.clock())
    await mine.cards.enrol("Máy này", "linux")
    city.cut = True
    calls = len(city.calls)
    monkeypatch.setattr(socket, "socket", None)
    cards, gate, memory = mine.cards, gate_of(city), Memory()
    texts = set()
    for step in range(72 * 240):
        now = NOW + 15 * step
        shown = await cards.code_at(now)
        assert isinstance(shown, CardCode), (step, shown)
        texts.add(shown.text)
        if step % 97 == 0:
            assert check(shown.text, gate, memory, now).verdict is Verdict.ACCEPTED
    assert len(texts) == 17_280
    assert len(city.calls) == calls


async def test_the_code_says_how_long_it_lasts(mine: Phone) -> None:
    """The ring counts down to the moment the code really changes."""
    await mine.cards.enrol("Máy này", "linux")
    edge = NOW // 15 * 15
    first, last = await code(mine, edge), await code(mine, edge + 14.75)
    assert (first.seconds_left, last.seconds_left) == (15, 0.25)
    assert first.text == last.text
    assert (await code(mine, edge + 15)).text != first.text


async def test_the_code_says_until_when_it_works_offline(mine: Phone) -> None:
    """The promise on the screen holds to the second, and after it the screen says what to do."""
    await mine.cards.enrol("Máy này", "linux")
    expires = (await code(mine, NOW)).expires
    assert expires == datetime.fromtimestamp((slot_at(NOW) + 73) * HOUR, UTC)
    end = expires.timestamp()
    assert await code(mine, end - 1)
    assert await mine.cards.code_at(end) == OfflineWindowOver()


async def test_grants_are_renewed_when_fewer_than_48_hours_remain(mine: Phone) -> None:
    """A phone that is used each day is always good for two days more, with one request a day."""
    await mine.cards.enrol("Máy này", "linux")
    calls = len(mine.city.calls)
    mine.city.time.now = NOW + 24 * HOUR
    await mine.cards.renew()
    assert len(mine.city.calls) == calls
    mine.city.time.now = NOW + 25 * HOUR
    await mine.cards.renew()
    assert mine.city.calls[calls:] == ["card", "grants"]
    until = (await code(mine, NOW + 25 * HOUR)).expires.timestamp()
    assert until == (slot_at(NOW) + 25 + 73) * HOUR
    assert await mine.cards.renew_due() is False


async def test_past_hours_are_deleted(mine: Phone) -> None:
    """A seed that is gone cannot be taken from a phone that is lost later."""
    await mine.cards.enrol("Máy này", "linux")
    mine.city.time.now = NOW + 60 * HOUR
    await mine.cards.renew()
    kept = [int(key.split(":")[1]) for key in await mine.rows.list(SLOTS)]
    assert min(kept) == slot_at(NOW) + 59
    assert len(kept) == 74


async def test_lost_grants_are_asked_for_again_with_the_same_seeds(mine: Phone) -> None:
    """The issuer takes one anchor an hour; another seed would leave hours nobody can open."""
    mine.city.lose["grants"] = 1
    with pytest.raises(Offline):
        await mine.cards.enrol("Máy này", "linux")
    assert await mine.cards.code_at(NOW) == OfflineWindowOver()
    await mine.restarted().cards.renew()
    shown = await code(mine, NOW)
    assert check(shown.text, gate_of(mine.city), Memory(), NOW).verdict is Verdict.ACCEPTED


async def test_a_lost_enrolment_is_finished_and_not_made_twice(mine: Phone) -> None:
    """Tapping again after a bad connection must not end the card that was just made."""
    mine.city.lose["enrolments"] = 3
    with pytest.raises(Offline):
        await mine.cards.enrol("Máy này", "linux")
    assert await mine.cards.code_at(NOW) == NoCard()
    await mine.restarted().cards.enrol("Máy này", "linux")
    assert len(mine.city.enrolled) == 1
    await mine.cards.enrol("Máy này", "linux")
    assert len(mine.city.enrolled) == 2


async def test_the_card_is_shown_as_the_city_knows_it(mine: Phone) -> None:
    """Name, class and last day are what an inspector compares."""
    await mine.cards.enrol("Máy này", "linux")
    card = (await mine.cards.card()).value
    assert card is not None
    assert (card.holder_name, card.group_name["vi"]) == ("Nguyễn Minh Anh", "Phổ thông")
    assert (card.valid_from, card.valid_until) == (date(2026, 9, 1), date(2026, 10, 31))
    assert card.device is not None
    assert card.device.name == "Máy này"


async def test_the_card_is_readable_without_a_network(mine: Phone) -> None:
    """The copy says when it was saved."""
    with_network = await mine.cards.card()
    assert with_network.as_of is None
    mine.city.cut = True
    saved = await mine.cards.card()
    assert saved.value == with_network.value
    assert saved.as_of is not None


async def test_a_resident_without_a_pass_has_no_card(mine: Phone) -> None:
    """The newcomer is told plainly, also when a pass was taken away."""
    await mine.cards.enrol("Máy này", "linux")
    mine.city.has_pass = False
    assert (await mine.cards.card()).value is None
    assert await mine.cards.code_at(NOW) == NoCard()
    assert await mine.rows.list(SLOTS) == {}
    with pytest.raises(NotFound) as error:
        await mine.cards.enrol("Máy này", "linux")
    assert error.value.code == "no_card"


async def test_a_card_that_moved_says_where_to_and_its_seeds_are_gone(mine: Phone) -> None:
    """The old phone explains itself, and cannot be used by whoever gets it next."""
    await mine.cards.enrol("Máy cũ", "android")
    mine.city.move_to("Điện thoại mới")
    await mine.cards.card()
    assert await mine.cards.code_at(NOW) == MovedAway("Điện thoại mới")
    assert await mine.rows.list(SLOTS) == {}
    assert await mine.cards.renew_due() is False
    await mine.cards.enrol("Máy cũ", "android")
    assert isinstance(await code(mine, NOW), CardCode)


async def test_a_card_moved_while_offline_is_learnt_at_the_next_renewal(mine: Phone) -> None:
    """Nobody has to open the card's page for the old phone to stop."""
    await mine.cards.enrol("Máy cũ", "android")
    mine.city.move_to("Điện thoại mới")
    mine.city.time.now = NOW + 30 * HOUR
    await mine.cards.renew()
    assert await mine.cards.code_at(NOW + 30 * HOUR) == MovedAway("Điện thoại mới")


async def test_a_blocked_card_shows_no_code_until_it_is_taken_back(mine: Phone) -> None:
    """Blocked by mistake, back in one step, on the same phone."""
    await mine.cards.enrol("Máy này", "linux")
    assert (await mine.cards.block()).state == "blocked"
    assert await mine.cards.code_at(NOW) == Blocked()
    mine.city.time.now = NOW + 30 * HOUR
    await mine.cards.renew()
    assert mine.city.calls[-1] == "card"
    assert (await mine.cards.unblock()).state == "active"
    assert isinstance(await code(mine, NOW), CardCode)


async def test_an_expired_card_and_one_to_come_say_their_day(mine: Phone) -> None:
    """A resident at the gate must know whether to wait or to buy."""
    mine.city.valid_from, mine.city.valid_until = "2026-09-20", "2026-09-22"
    await mine.cards.enrol("Máy này", "linux")
    begin = datetime(2026, 9, 19, 17, tzinfo=UTC).timestamp()
    end = datetime(2026, 9, 22, 17, tzinfo=UTC).timestamp()
    assert await mine.cards.code_at(begin - 1) == NotYetValid(date(2026, 9, 20))
    assert await mine.cards.code_at(end) == Expired(date(2026, 9, 22))
    assert isinstance(await code(mine, end - 1), CardCode)
    assert (await code(mine, NOW)).expires.timestamp() == end


async def test_a_card_to_come_is_ready_at_midnight_without_a_network(mine: Phone) -> None:
    """A pass bought on the 31st works on the first bus of the 1st."""
    mine.city.valid_from = "2026-09-23"
    await mine.cards.enrol("Máy này", "linux")
    begin = datetime(2026, 9, 22, 17, tzinfo=UTC).timestamp()
    assert await mine.cards.code_at(begin - 1) == NotYetValid(date(2026, 9, 23))
    shown = await code(mine, begin)
    assert check(shown.text, gate_of(mine.city), Memory(), begin).verdict is Verdict.ACCEPTED
    assert shown.expires.timestamp() == (slot_at(NOW) + 73) * HOUR


async def test_a_pass_prolonged_at_the_city_is_prolonged_here(mine: Phone) -> None:
    """The new month's hours come by themselves."""
    mine.city.valid_until = "2026-09-22"
    await mine.cards.enrol("Máy này", "linux")
    mine.city.valid_until = "2026-10-31"
    await mine.cards.renew()
    after = datetime(2026, 9, 22, 18, tzinfo=UTC).timestamp()
    assert isinstance(await code(mine, after), CardCode)


@pytest.mark.parametrize("wrong_by", [-24 * HOUR, -61, 61, 24 * HOUR])
async def test_a_wrong_wall_clock_changes_nothing(
    tmp_path: Path, city: CityTwin, wrong_by: float
) -> None:
    """Whoever sets the phone's clock neither breaks nor forges a code: the city's time counts."""
    city.time.device_wrong_by = wrong_by
    mine = phone(tmp_path, city)
    await mine.cards.enrol("Máy này", "linux")
    now = mine.clock.now().timestamp()
    assert abs(now - NOW) < 1
    shown = await code(mine, now)
    assert check(shown.text, gate_of(city), Memory(), NOW).verdict is Verdict.ACCEPTED


async def test_after_a_restart_without_a_network_the_code_comes_with_a_warning(mine: Phone) -> None:
    """The phone's own clock is probably right, so the resident may try; they are told."""
    await mine.cards.enrol("Máy này", "linux")
    measured = await code(mine, NOW)
    assert await mine.restarted().cards.code_at(NOW) == ClockUntrusted(measured)


async def test_a_clock_before_the_last_answer_is_surely_wrong(mine: Phone) -> None:
    """Time does not run backwards: no code, and the words say to set the clock."""
    await mine.cards.enrol("Máy này", "linux")
    assert await mine.restarted().cards.code_at(NOW - HOUR) == ClockUntrusted(None)


async def test_an_answer_about_another_card_is_not_believed(mine: Phone) -> None:
    """A grant for somebody else's card would only be refused at the gate."""
    mine.city.forget_to_name = True
    with pytest.raises(GatewayUnavailable):
        await mine.cards.enrol("Máy này", "linux")
    assert await mine.rows.list(SLOTS) == {}


async def test_a_lost_seed_is_told_and_mended_by_enrolling_again(mine: Phone) -> None:
    """A damaged phone is not stuck for three days."""
    await mine.cards.enrol("Máy này", "linux")
    enrolment = await CardWallet(mine.rows).enrolment()
    assert enrolment is not None
    await CardWallet(mine.rows).forget_slots(enrolment.card_id)
    await mine.rows.delete(TABLE, "window")
    with pytest.raises(Rejected) as error:
        await mine.cards.renew()
    assert error.value.code == "anchor_taken"
    await mine.cards.enrol("Máy này", "linux")
    assert isinstance(await code(mine, NOW), CardCode)


async def test_two_residents_of_one_vault_have_two_cards(tmp_path: Path, city: CityTwin) -> None:
    """On the web one server keeps many residents' seeds; none may show another's code."""
    mine = phone(tmp_path, city, "s-1")
    theirs = phone(tmp_path, CityTwin(city.time), "s-2")
    await mine.cards.enrol("Máy này", "linux")
    assert await theirs.cards.code_at(NOW) == NoCard()
    await theirs.cards.enrol("Máy kia", "web")
    codes = [read((await code(one, NOW)).text) for one in (mine, theirs)]
    assert codes[0] is not None
    assert codes[1] is not None
    assert codes[0].link != codes[1].link


async def test_what_is_secret_is_not_printed(mine: Phone) -> None:
    """A code or a seed in a log is a ride for whoever reads it."""
    await mine.cards.enrol("Máy này", "linux")
    shown, card = await code(mine, NOW), (await mine.cards.card()).value
    enrolment = await CardWallet(mine.rows).enrolment()
    assert card is not None
    assert enrolment is not None
    slot = await CardWallet(mine.rows).slot(enrolment.card_id, slot_at(NOW))
    printed = repr((shown, card, enrolment, slot))
    assert slot is not None
    for secret in (shown.text, card.number, "Nguyễn", enrolment.card_id, repr(slot.seed)):
        assert secret not in printed
