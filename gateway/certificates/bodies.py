"""What residents and officers send about certificates, as strict models."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Any, Literal

import jwt
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from gateway.certificates.passcodes import is_too_simple
from gateway.certificates.words import PURPOSES

MOST_NAMES, MOST_ADDRESSES, LONGEST_TEXT, LONGEST_MESSAGE = 10, 20, 200, 1000

_PHONE = re.compile(r"(?:\+84|0)([0-9]{9})")


def _phone(value: str) -> str:
    """Ten digits beginning with 0, from any of the ways people write a number."""
    found = _PHONE.fullmatch(re.sub(r"[ .-]", "", value))
    if found is None:
        raise PydanticCustomError("not_a_phone_number", "Ten digits beginning with 0")
    return f"0{found[1]}"


def _purpose(value: str) -> str:
    if value not in PURPOSES:
        raise PydanticCustomError("unknown_purpose", "One of the purposes of the form")
    return value


def _one_line(value: str) -> str:
    """Composed letters, single spaces; no control characters, which would change the page."""
    text = " ".join(unicodedata.normalize("NFC", value).split())
    if not text or not text.isprintable():
        raise PydanticCustomError("unreadable", "Letters, digits and signs")
    return text


def _lines(value: str) -> str:
    text = unicodedata.normalize("NFC", value).strip()
    if not text or not text.replace("\n", "").isprintable():
        raise PydanticCustomError("unreadable", "Letters, digits and signs")
    return text


def _passcode(value: str) -> str:
    if is_too_simple(value):
        raise PydanticCustomError("too_simple", "Not six equal or running digits")
    return value


def _holder_key(value: dict[str, Any]) -> dict[str, str]:
    """A public P-256 key, reduced to what makes it one (RFC 7517)."""
    try:
        wanted = {name: value[name] for name in ("kty", "crv", "x", "y")}
        if set(value) & {"d"} or wanted["crv"] != "P-256":
            raise ValueError
        jwt.PyJWK(wanted, algorithm="ES256")
    except (KeyError, TypeError, ValueError, AttributeError, jwt.PyJWTError):
        raise PydanticCustomError("not_a_key", "A public key of P-256 as a JWK") from None
    return wanted


Line = Annotated[
    str, StringConstraints(max_length=LONGEST_TEXT, min_length=1), AfterValidator(_one_line)
]
Passcode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
HolderKey = Annotated[dict[str, Any], AfterValidator(_holder_key)]
Year = Annotated[int, Field(ge=1900, le=2100)]


class Body(BaseModel):
    """Nothing that is not asked for, and no kind of value turned into another."""

    model_config = ConfigDict(extra="forbid", strict=True)


class FormerAddress(Body):
    """Where somebody lived, and from which year to which; no `to_year`: to this day."""

    address: Line
    from_year: Year
    to_year: Year | None = None

    @model_validator(mode="after")
    def _in_order(self) -> FormerAddress:
        if self.to_year is not None and self.to_year < self.from_year:
            raise PydanticCustomError("before_from", "The last year is before the first")
        return self


class ApplicationBody(Body):
    """What a resident sends to apply; without a phone number the registered one is used."""

    certificate_type: Literal[1, 2]
    purpose: Annotated[str, AfterValidator(_purpose)]
    contact_phone: Annotated[str, AfterValidator(_phone)] | None = None
    delivery: Literal["electronic"] = "electronic"
    child_id: Annotated[str, StringConstraints(max_length=64)] | None = None
    former_names: Annotated[list[Line], Field(max_length=MOST_NAMES)] = []
    former_addresses: Annotated[list[FormerAddress], Field(max_length=MOST_ADDRESSES)] = []
    passcode: Annotated[Passcode, AfterValidator(_passcode)] | None = Field(None, repr=False)
    holder_key: HolderKey | None = None
    renews: Annotated[str, StringConstraints(max_length=32)] | None = None


class PasscodeBody(Body):
    """The passcode of form No. 2."""

    passcode: Passcode = Field(repr=False)


class MessageBody(Body):
    """A question or an answer."""

    text: Annotated[
        str, StringConstraints(max_length=LONGEST_MESSAGE, min_length=1), AfterValidator(_lines)
    ]


class OutcomeBody(Body):
    """What the sandbox's bank shall say of a payment."""

    outcome: Literal["paid", "failed"]


class KeyBody(Body):
    """The device's public key, to which the credential is to be bound."""

    holder_key: HolderKey


class PresentationBody(Body):
    """For how many seconds a link shall work: five minutes to a week."""

    expires_in: Annotated[int, Field(ge=300, le=604_800)]


class PresentedBody(Body):
    """An SD-JWT with the chosen disclosures and its key binding."""

    presentation: Annotated[str, StringConstraints(max_length=40_000)]


class CheckerBody(Body):
    """Who opens a link, as they call themselves."""

    secret: Annotated[str, StringConstraints(max_length=100)]
    name: Annotated[str, StringConstraints(max_length=80, min_length=1), AfterValidator(_one_line)]


class NothingBody(Body):
    """No field at all."""


class OfficerMessageBody(MessageBody):
    """An officer's question or answer."""

    kind: Literal["question", "answer"]


class DecisionBody(Body):
    """An officer's decision about a record that needed a look."""

    result: Literal["clear", "as_registered"]


class RefusalBody(Body):
    """Why an application is refused; `text` is what the resident reads beside the reason."""

    reason: Literal["not_enough_information", "wrong_person", "other"]
    text: (
        Annotated[
            str, StringConstraints(max_length=LONGEST_MESSAGE, min_length=1), AfterValidator(_lines)
        ]
        | None
    ) = None


class RevocationBody(Body):
    """Why a certificate loses its force."""

    reason: Literal["issued_in_error", "identity_error", "court_decision", "other"]


class CodeBody(Body):
    """The short code printed on a certificate."""

    code: str


class FieldsBody(Body):
    """A certificate's number and the five fields that stand beside it."""

    number: Annotated[str, StringConstraints(max_length=40)]
    file_code: Annotated[str, StringConstraints(max_length=40)]
    name: Annotated[str, StringConstraints(max_length=200)]
    birthdate: Annotated[str, StringConstraints(max_length=20)]
    gender: Annotated[str, StringConstraints(max_length=20)]
    identity_number: Annotated[str, StringConstraints(max_length=20)]
