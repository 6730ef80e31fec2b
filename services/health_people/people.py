"""Children and carers: whose record the resident may read, and who may read theirs."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from services.client import GatewayClient, segment
from services.clock import ServerClock
from services.keeping import Keep
from services.offline import read_or_saved
from services.reading import day, mapping, mappings, moment, one_object, texts, words, yes
from services.saved import Saved
from services.vault import SubjectVault

PATH = "/health/v1"
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Digits and letters that are not taken for another; 32, so ten of them are 50 bits."""
CODE_SIGNS = 10


@dataclass(frozen=True, slots=True)
class Dependant:
    """A child of the resident. `ends_on` is the first day without the right; `ended`: it has come."""

    patient_id: str
    name: str = field(repr=False)
    birthdate: date | None = field(repr=False)
    ends_on: date | None
    ended: bool

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Dependant:
        """Read one from JSON."""
        return cls(
            words(item, "patient_id"),
            words(item, "name"),
            day(item.get("birthdate")),
            day(item.get("ends_on")),
            yes(item, "ended"),
        )


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent or an invitation; `name` is the other person's. No `sections` is the whole record.

    `state` is invited, active, refused, ended (`ended_by` patient or carer) or lapsed; `until` is the
    last day, None for as long as it is not withdrawn.
    """

    consent_id: str
    patient_id: str
    name: str = field(repr=False)
    sections: tuple[str, ...]
    until: date | None
    state: str
    created: datetime | None
    code_until: datetime | None
    ended: datetime | None
    ended_by: str

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Consent:
        """Read one from JSON."""
        return cls(
            words(item, "consent_id"),
            words(item, "patient_id"),
            words(item, "name"),
            texts(item.get("sections")),
            day(item.get("until")),
            words(item, "state"),
            moment(item, "created"),
            moment(item, "code_until"),
            moment(item, "ended"),
            words(item, "ended_by"),
        )


@dataclass(frozen=True, slots=True)
class Parent:
    """Somebody who reads the resident's record as their parent, until `ends_on`."""

    name: str = field(repr=False)
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class People:
    """Everybody a record is read with, seen from the resident."""

    patient_id: str = ""
    dependants: tuple[Dependant, ...] = ()
    parents: tuple[Parent, ...] = ()
    carers: tuple[Consent, ...] = ()
    past_carers: tuple[Consent, ...] = ()
    cared_for: tuple[Consent, ...] = ()

    @property
    def others(self) -> tuple[tuple[str, str], ...]:
        """(FHIR id, name) of the records of others that may be read now: children first."""
        children = [(one.patient_id, one.name) for one in self.dependants if not one.ended]
        cared_for = [(one.patient_id, one.name) for one in self.cared_for]
        return tuple(dict([*children, *cared_for]).items())

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> People:
        """Read the gateway's answer."""
        parents = mappings(item.get("parents"))
        return cls(
            words(item, "patient_id"),
            tuple(map(Dependant.of, mappings(item.get("dependants")))),
            tuple(Parent(words(one, "name"), day(one.get("ends_on"))) for one in parents),
            tuple(map(Consent.of, mappings(item.get("carers")))),
            tuple(map(Consent.of, mappings(item.get("past_carers")))),
            tuple(map(Consent.of, mappings(item.get("cared_for")))),
        )


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The text a patient agrees to: its version, and its words by language."""

    version: str
    words: Mapping[str, str]

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> ConsentText:
        """Read one from JSON."""
        return cls(words(item, "version"), {name: words(item, name) for name in ("vi", "en")})


@dataclass(frozen=True, slots=True)
class OpenedInvitation:
    """What a code invites to."""

    consent_id: str
    patient_name: str = field(repr=False)
    sections: tuple[str, ...]
    until: date | None
    text: ConsentText


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """Whom to let read what until which day, by the text that was read; the code opens it.

    `key` names it: sent again, it is the same invitation.
    """

    name: str = field(repr=False)
    sections: tuple[str, ...]
    until: date | None
    text_version: str
    code: str = field(repr=False)
    key: str = field(repr=False)


def new_code() -> str:
    """A code for an invitation, such as `7KQ4M-X2P9D`."""
    signs = "".join(secrets.choice(ALPHABET) for _sign in range(CODE_SIGNS))
    return f"{signs[:5]}-{signs[5:]}"


def plain_code(typed: str) -> str:
    """A typed code's letters and digits."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


class HealthPeople:
    """The resident's children and carers. `keep_copies` says no on the web: nothing is kept there."""

    def __init__(
        self, gateway: GatewayClient, vault: SubjectVault, clock: ServerClock, *, keep_copies: Keep
    ) -> None:
        self._gateway = gateway
        self._vault = vault
        self._clock = clock
        self._keep_copies = keep_copies

    async def people(self) -> Saved[People]:
        """Read everybody, or the saved copy."""
        path = f"{PATH}/people"

        async def fetch() -> Any:
            return await self._gateway.get(path)

        if not await self._keep_copies(None):
            return Saved(People.of(one_object(await fetch())))
        found = await read_or_saved(self._vault, self._clock, path, fetch)
        return Saved(People.of(one_object(found.value)), found.as_of)

    async def consent_text(self) -> ConsentText:
        """Return the text in force."""
        return ConsentText.of(one_object(await self._gateway.get(f"{PATH}/consents/text")))

    async def invite(self, wanted: NewInvitation) -> Consent:
        """Invite a carer. Needs the network. The gateway is told only the code's SHA-256."""
        body = {
            "name": wanted.name.strip(),
            "code_hash": sha256(plain_code(wanted.code).encode()).hexdigest(),
            "sections": list(wanted.sections),
            "until": wanted.until.isoformat() if wanted.until else None,
            "text_version": wanted.text_version,
        }
        path = f"{PATH}/consents"
        answer = await self._gateway.post(path, json=body, idempotency_key=wanted.key)
        return Consent.of(one_object(answer))

    async def open_invitation(self, code: str) -> OpenedInvitation:
        """Return what a code invites to; NotFound(`code_opens_nothing`) for every other code."""
        body = {"code": plain_code(code)}
        found = one_object(await self._gateway.post(f"{PATH}/invitations/opening", json=body))
        return OpenedInvitation(
            words(found, "consent_id"),
            words(found, "patient_name"),
            texts(found.get("sections")),
            day(found.get("until")),
            ConsentText.of(mapping(found.get("text"))),
        )

    async def decide(self, code: str, version: str, *, accepts: bool) -> None:
        """Accept or refuse what a code invites to."""
        body = {
            "code": plain_code(code),
            "decision": "accept" if accepts else "refuse",
            "text_version": version,
        }
        await self._gateway.send("POST", f"{PATH}/invitations/decision", json=body)

    async def end(self, consent_id: str) -> None:
        """Withdraw, give up or take an invitation back; it holds at once."""
        await self._gateway.delete(f"{PATH}/consents/{segment(consent_id)}")
