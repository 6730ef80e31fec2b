"""What an officer sends with each act, read strictly; closing demands words and proof."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from gateway.service_requests.draft import Text, known_service
from gateway.service_requests.resident_acts import MEDIA_MOST, Body

Words = Annotated[Text, Field(min_length=10, max_length=2000)]
"""What the resident reads: a word or two would tell them nothing."""

Code = Annotated[str, Field(min_length=1, max_length=40)]
_MediaId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Ask(Body):
    """A question to the resident; the deadline waits for the answer."""

    description: Annotated[Text, Field(min_length=5, max_length=1000)]


class Transfer(Body):
    """To which agency, and why."""

    agency_code: Code
    reason_code: Code
    description: Annotated[Text, Field(max_length=2000)] = ""


class Merge(Body):
    """The report this one repeats."""

    into: Annotated[str, Field(min_length=1, max_length=20)]


class Split(Body):
    """The two parts, in words and by service; the first keeps the number."""

    descriptions: Annotated[list[Words], Field(min_length=2, max_length=2)]
    service_codes: Annotated[
        list[Annotated[str, AfterValidator(known_service)]], Field(min_length=2, max_length=2)
    ]


class Done(Body):
    """What was done, with at least one photo or document that shows it."""

    description: Words
    media_ids: Annotated[list[_MediaId], Field(min_length=1, max_length=MEDIA_MOST)]


class Reject(Body):
    """The coded reason, and what it means here."""

    reason_code: Code
    description: Words


class Assign(Body):
    """The colleague who goes on with it."""

    subject_key: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class Note(Body):
    """Why a report is late, for the resident to read."""

    description: Annotated[Text, Field(min_length=5, max_length=1000)]
