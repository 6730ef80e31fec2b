"""What comes over the wire: a new link from its owner's device, a manifest request from anyone."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, StringConstraints
from pydantic_core import PydanticCustomError

from gateway.health_sharing.jwe import LARGEST, is_encrypted
from gateway.health_sharing.secrets import TOKEN
from gateway.health_sharing.shares import NewShare

LONGEST_NAME = 100
MINUTES = (15, 60, 1440)
_LOINC = r"^[0-9]{1,7}-[0-9]$"
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def plain_name(value: str) -> str:
    """A typed name without characters that cannot be seen or turn text around. Raises ValueError."""
    name = " ".join(_UNPRINTABLE.sub(" ", unicodedata.normalize("NFC", value)).split())
    if not name:
        raise PydanticCustomError("missing", "Say who you are")
    if len(name) > LONGEST_NAME:
        raise PydanticCustomError("too_long", "This name is too long")
    return name


def _token(value: str) -> str:
    if not TOKEN.fullmatch(value):
        raise PydanticCustomError("invalid", "Not 32 bytes in base64url")
    return value


def _file(value: str) -> str:
    if not is_encrypted(value):
        raise PydanticCustomError("not_encrypted", "Not an encrypted file of a health link")
    return value


def _minutes(value: int) -> int:
    if value not in MINUTES:
        raise PydanticCustomError("unknown", "Not a duration that can be chosen")
    return value


class ShareBody(BaseModel):
    """A new link. `minutes` null means until stopped; `since` is the first day that is shared."""

    model_config = ConfigDict(extra="forbid", strict=True)

    token: Annotated[str, AfterValidator(_token)]
    file: Annotated[str, Field(max_length=LARGEST), AfterValidator(_file)]
    sections: Annotated[
        list[Annotated[str, StringConstraints(pattern=_LOINC)]], Field(min_length=1, max_length=30)
    ]
    since: Annotated[date | None, Field(strict=False)] = None
    minutes: Annotated[StrictInt, AfterValidator(_minutes)] | None
    passcode: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")] | None = None

    def new_share(self) -> NewShare:
        """The link to keep."""
        since = self.since.isoformat() if self.since else None
        sections = tuple(dict.fromkeys(self.sections))
        return NewShare(self.token, self.file, sections, since, self.minutes, self.passcode)


class ManifestBody(BaseModel):
    """A manifest request; properties it does not know are ignored, as the standard asks."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    recipient: Annotated[str, Field(max_length=1000), AfterValidator(plain_name)]
    passcode: Annotated[str, Field(max_length=100)] = ""
    embedded_length_max: Annotated[int | None, Field(alias="embeddedLengthMax", ge=0)] = None
