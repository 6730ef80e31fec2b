"""The ledger of consents as the gateway answers it, read thinly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.errors import NotFound
from services.health_people.people import Consent
from services.reading import count, mapping, mappings, moment, words, yes


@dataclass(frozen=True, slots=True)
class Words:
    """A text in one language: what is agreed to, what a refusal means, what a withdrawal stops."""

    title: str
    words: str
    refusing: str
    stopping: str

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Words:
        """Read one from JSON."""
        return cls(*(words(item, name) for name in ("title", "words", "refusing", "stopping")))


@dataclass(frozen=True, slots=True)
class Standing:
    """The decision that counts; `waiting` says that it has not arrived yet."""

    state: str
    decided: datetime | None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Purpose:
    """What is asked, by which text, and how it stands: undecided, agreed, refused, withdrawn or
    outdated (agreed to a text that has changed). `sensitive` is location, health, crime or empty.
    """

    purpose: str
    service: str
    sensitive: str
    version: str
    texts: Mapping[str, Words]
    state: str = "undecided"
    decided: datetime | None = None
    decided_version: str = ""
    by: str = ""
    may_decide: bool = True
    waiting: bool = False

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Purpose:
        """Read one from JSON."""
        texts = mapping(item.get("text"))
        return cls(
            purpose=words(item, "purpose"),
            service=words(item, "service"),
            sensitive=words(item, "sensitive"),
            version=words(item, "text_version"),
            texts={name: Words.of(mapping(texts[name])) for name in texts},
            state=words(item, "state") or "undecided",
            decided=moment(item, "decided"),
            decided_version=words(item, "decided_version"),
            by=words(item, "by"),
            may_decide=yes(item, "may_decide"),
        )

    @property
    def shown_version(self) -> str:
        """The version that a withdrawal is about: what was agreed to, else the one in force."""
        return self.decided_version or self.version

    def text(self, language: str) -> Words:
        """The text in that language, or in Vietnamese."""
        return self.texts.get(language) or self.texts["vi"]

    def standing(self, now: Standing) -> Purpose:
        """The same purpose once more, decided."""
        return replace(self, state=now.state, decided=now.decided, waiting=now.waiting, by="self")


@dataclass(frozen=True, slots=True)
class PastDecision:
    """A line of the ledger."""

    number: int
    purpose: str
    decision: str
    decided: datetime | None
    version: str
    way: str
    device: str
    by: str

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> PastDecision:
        """Read one from JSON."""
        return cls(
            count(item, "decision_no") or 0,
            words(item, "purpose"),
            words(item, "decision"),
            moment(item, "decided"),
            words(item, "text_version"),
            words(item, "way"),
            words(item, "device"),
            words(item, "by"),
        )


@dataclass(frozen=True, slots=True)
class Child:
    """A child the resident decides for; `patient_id` is their health record's, empty without one."""

    child: str
    name: str = field(repr=False)
    patient_id: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that one person is asked and decided; `child` is empty for oneself."""

    child: str
    name: str = field(repr=False)
    purposes: tuple[Purpose, ...]
    history: tuple[PastDecision, ...]
    carers: tuple[Consent, ...]
    children: tuple[Child, ...]

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Ledger:
        """Read the gateway's answer."""
        return cls(
            words(item, "child"),
            words(item, "name"),
            tuple(map(Purpose.of, mappings(item.get("purposes")))),
            tuple(map(PastDecision.of, mappings(item.get("history")))),
            tuple(map(Consent.of, mappings(item.get("carers")))),
            tuple(
                Child(words(one, "child"), words(one, "name"), words(one, "patient_id"))
                for one in mappings(item.get("children"))
            ),
        )

    def purpose(self, code: str) -> Purpose:
        """One purpose. Raises NotFound for one this city does not ask about."""
        found = next((one for one in self.purposes if one.purpose == code), None)
        if found is None:
            raise NotFound
        return found

    def state_of(self, code: str) -> str:
        """How a purpose stands; one that is not asked about is undecided."""
        return next((one.state for one in self.purposes if one.purpose == code), "undecided")

    def decided(self, code: str, standing: Standing) -> Ledger:
        """The same ledger with a decision that waits on this device."""
        found = [one.standing(standing) if one.purpose == code else one for one in self.purposes]
        return replace(self, purposes=tuple(found))
