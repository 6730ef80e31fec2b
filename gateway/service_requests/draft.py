"""A report as it arrives: a form, read strictly into one value."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from gateway.service_requests.services import services
from gateway.service_requests.wards import Ward, probable_ward, wards

_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")


def plain_text(value: str) -> str:
    """NFC, one kind of line end, no blanks around.

    Refuses control characters and broken encodings.
    """
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t" for sign in text):
        raise PydanticCustomError("control_characters", "Control characters are not accepted")
    if "\ufffd" in text:
        raise PydanticCustomError("not_utf8", "The text is not valid UTF-8")
    return text


def _degrees(value: str) -> str:
    if not _DEGREES.fullmatch(value):
        raise PydanticCustomError("not_degrees", "Expected decimal degrees, as in 21.0285")
    return value


def known_service(value: str) -> str:
    """The code of a service of the list."""
    if value not in services():
        raise PydanticCustomError("unknown", "There is no such service")
    return value


def known_ward(value: str) -> str:
    """The code of a ward of the city."""
    if value not in wards():
        raise PydanticCustomError("unknown", "There is no ward with that code")
    return value


Text = Annotated[str, AfterValidator(plain_text)]
Degrees = Annotated[str, AfterValidator(_degrees)]


class NewServiceRequest(BaseModel):
    """The fields of GeoReport's POST Service Request that this city takes.

    Every value arrives as text.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=True)

    service_code: Annotated[str, AfterValidator(known_service)]
    description: Annotated[Text, Field(min_length=10, max_length=2000)]
    lat: Degrees | None = None
    long: Degrees | None = None
    address_string: Annotated[Text, Field(max_length=300)] = ""
    address_id: Annotated[str, AfterValidator(known_ward)] | None = Field(
        None, description="The code of the ward, as in registers/wards.json."
    )
    urgency: Literal["normal", "complex", "urgent"] | None = Field(None, alias="attribute[urgency]")
    hide_name: Literal["true", "false"] = Field(
        "false",
        alias="attribute[hide_name]",
        description="Whether the public never sees the resident's name; the agency does.",
    )
    jurisdiction_id: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        if (self.lat is None) != (self.long is None):
            raise PydanticCustomError("lat_long_together", "lat and long come together")
        if self.lat is None and self.address_id is None:
            raise PydanticCustomError("place_required", "Give lat and long, or address_id")
        return self

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude, if a pin was set."""
        if self.lat is None or self.long is None:
            return None
        return float(self.lat), float(self.long)

    @property
    def ward(self) -> Ward:
        """The ward that was chosen, or the one the pin probably lies in."""
        if self.address_id is not None:
            return wards()[self.address_id]
        assert self.point is not None  # `_has_a_place` refused the form otherwise.
        return probable_ward(*self.point)
