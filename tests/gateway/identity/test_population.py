"""The seed file: synthetic people, whole and consistent."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from gateway.registers.population import (
    SANDBOX_FILE,
    Resident,
    SandboxPopulation,
    sandbox_residents,
)

TODAY = date(2026, 11, 22)
PEOPLE = sandbox_residents()
BY_KEY = {resident.key: resident for resident in PEOPLE}


@pytest.mark.parametrize(
    ("key", "age"),
    [
        ("tran-gia-huy", 16),
        ("pham-thi-lan", 78),
        ("le-bao-ngoc", 9),
        ("le-minh-khoi", 8),
        ("le-thu-an", 15),
    ],
)
def test_the_ages_fit_the_stories(key: str, age: int) -> None:
    """A student may apply for a certificate from 16; an elder rides free; a child has a parent."""
    assert BY_KEY[key].age_on(TODAY) == age


def test_an_age_changes_on_the_birthday() -> None:
    """Not a day earlier: free travel and certificates begin on a birthday."""
    born = BY_KEY["tran-gia-huy"].birthdate
    birthday = born.replace(year=2026)
    assert BY_KEY["tran-gia-huy"].age_on(birthday) == 16
    assert BY_KEY["tran-gia-huy"].age_on(birthday.replace(day=born.day - 1)) == 15


@pytest.mark.parametrize("resident", PEOPLE, ids=[resident.key for resident in PEOPLE])
def test_every_number_is_synthetic_and_fits_the_person(resident: Resident) -> None:
    """No record may ever be somebody's: the numbers lie where none is given out."""
    century = 0 if resident.birthdate.year < 2000 else 2
    digit = century + (resident.gender == "female")
    expected = f"001{digit}{resident.birthdate.year % 100:02d}99"
    assert resident.cccd.startswith(expected)
    assert len(resident.cccd) == 12
    assert resident.phone.startswith("0900000")
    assert len(resident.phone) == 10
    assert resident.subject == f"sandbox-{resident.key}"
    assert resident.cccd_issued_on > resident.birthdate


def test_nobody_shares_a_number() -> None:
    """Two people with one number would see each other's records."""
    for name in ("subject", "key", "cccd", "phone", "bhyt_number"):
        values = [getattr(resident, name) for resident in PEOPLE]
        assert len(set(values)) == len(values), name


def test_every_relation_leads_to_a_person() -> None:
    """The carer and the parent act for somebody who exists."""
    found = {
        (resident.key, relation.kind, relation.subject)
        for resident in PEOPLE
        for relation in resident.relations
    }
    assert found == {
        ("pham-quoc-bao", "carer_of", "sandbox-pham-thi-lan"),
        ("pham-quoc-bao", "parent_of", "sandbox-pham-khanh-vy"),
        ("le-hoang-nam", "parent_of", "sandbox-le-bao-ngoc"),
        ("le-hoang-nam", "parent_of", "sandbox-le-minh-khoi"),
        ("le-hoang-nam", "parent_of", "sandbox-le-thu-an"),
    }


def test_the_cast_is_complete() -> None:
    """Every side of the app has somebody to show it."""
    assert BY_KEY["do-thanh-tung"].acr == "loa1"
    assert BY_KEY["hoang-duc-quan"].roles == ("officer",)
    assert BY_KEY["hoang-duc-quan"].ward_code == "00070"
    desks = {r.key: r.agency_code for r in PEOPLE if "officer" in r.roles}
    assert desks == {
        "trinh-van-lam": "city-police",
        "hoang-duc-quan": "ward-00070",
        "dang-thu-huong": "ward-00070",
        "ngo-van-hai": "city-desk",
    }
    assert not any(r.agency_code for r in PEOPLE if "officer" not in r.roles)
    assert BY_KEY["bui-thu-ha"].roles == ("support",)
    without = {resident.key for resident in PEOPLE if not resident.signs_in}
    assert without == {"pham-khanh-vy", "le-bao-ngoc", "le-minh-khoi"}
    assert {resident.criminal_record for resident in PEOPLE} == {
        "clear",
        "has_entries",
        "needs_look",
    }


def test_the_file_is_written_in_composed_letters() -> None:
    """A decomposed ễ would not be found by a search for it."""
    text = SANDBOX_FILE.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)


def test_a_resident_is_never_printed() -> None:
    """What reaches a log must not say who."""
    resident = BY_KEY["nguyen-minh-anh"]
    assert repr(resident) == "Resident(acr='loa2', signs_in=True, roles=())"


async def test_the_register_answers_for_who_it_knows() -> None:
    """An unknown subject has no record, and no other's either."""
    register = SandboxPopulation()
    found = await register.find("sandbox-vu-khanh-linh")
    assert found is not None
    assert found.name == "Vũ Khánh Linh"
    assert await register.find("sandbox-nobody") is None


async def test_a_parent_has_the_children_of_the_register_until_they_come_of_age() -> None:
    """A recorded relation, not a claim; it ends on the eighteenth birthday, and is no carer's."""
    register = SandboxPopulation()

    async def children(subject: str, on: date) -> list[str]:
        return [child.key for child in await register.children_of(f"sandbox-{subject}", on)]

    assert await children("pham-quoc-bao", date(2026, 11, 20)) == ["pham-khanh-vy"]
    assert await children("pham-quoc-bao", date(2028, 8, 19)) == ["pham-khanh-vy"]
    assert await children("pham-quoc-bao", date(2028, 8, 20)) == []
    assert await children("nguyen-minh-anh", date(2026, 11, 20)) == []
    assert await children("nobody", date(2026, 11, 20)) == []
