"""Residents of the support campaign meet a fault, drawn from its number, and take the bundle they would send."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from app import paths
from app.replay.resident import claims_of
from services.clock import ServerClock
from services.device import Place
from services.diagnostics import Bundle, Recorder
from tests.campaigns.support_stories import STORIES, Hands, Story
from tests.journeys.conftest import Home
from tests.support.cut import link_of
from tests.support.device import DeviceTwin
from tests.support.phone import Phone
from tests.support.troubles import KINDS, Troubles, fill_disk

CLOCKS = (-86_400.0, -3_600.0, 3_600.0, 40 * 86_400.0)
"""Seconds by which a resident's own clock may be wrong."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: whose story, before which act, what goes wrong; `clock` is a wrong clock's shift."""

    number: int
    story: Story
    before: int
    kind: str
    clock: float = 0.0

    @classmethod
    def drawn(cls, number: int, seed: int = 0) -> Fault:
        """The fault of a number under a seed, always the same."""
        random = Random(f"support fault {number} {seed or ''}".rstrip())
        story = STORIES[number % len(STORIES)]
        kind = random.choice((*KINDS, "clock"))
        shift = random.choice(CLOCKS) if kind == "clock" else 0.0
        return cls(number, story, random.randrange(len(story.acts)), kind, shift)

    def __str__(self) -> str:
        return f"{self.number:3} {self.story.name} act {self.before + 1} {self.kind}"


async def met(home: Home, fault: Fault) -> Bundle:
    """Let a resident meet a fault, and take the bundle they would send."""
    process = replace(
        home.process, clock=ServerClock(device_time=lambda: time.time() + fault.clock)
    )
    place = Home(process, home._browser).another_vault()
    link = link_of(process.http)
    troubles = Troubles(link.inner, fault.number)
    link.inner = troubles
    phone, device = await _signed_in(place, fault, troubles)
    device.place = Place(21.0301, 105.8501, 12.0)
    recorder: Recorder = phone.page.session.store.get("recorder")
    hands = Hands(phone, device)
    relieve = None
    try:
        await hands.look()
        for place_, act in enumerate(fault.story.acts):
            if place_ == fault.before:
                relieve = _begin(troubles, fault, place)
            await act(hands)
        await hands.look()
        await hands.go(paths.SUPPORT)
        if relieve is not None:
            relieve()
        person = device.identity.person
        roles = person.roles if person is not None else ()
        return with_somebody(await recorder.bundle(), recorder, roles)
    finally:
        process.http._transport = troubles.inner
        await place.close()
        place.process.vault.close()


async def _signed_in(place: Home, fault: Fault, troubles: Troubles) -> tuple[Phone, DeviceTwin]:
    """The story's resident, signed in; whatever happens, the line is given back."""
    try:
        return await place.signed_in(fault.story.who)
    except BaseException:
        place.process.http._transport = troubles.inner
        raise


def with_somebody(bundle: Bundle, recorder: Recorder, roles: Sequence[str] = ()) -> Bundle:
    """The bundle with a stand-in for the resident, where the recorder told of none."""
    if claims_of(bundle):
        return bundle
    name = recorder.reducer.stand_ins.of("name", "Nguyễn Minh Anh")
    person = {"subject": "x", "name": name, "acr": "loa2", "ward_code": "00070"}
    return replace(bundle, state={**bundle.state, "person": {**person, "roles": list(roles)}})


def _begin(troubles: Troubles, fault: Fault, home: Home) -> Callable[[], None] | None:
    if fault.kind == "full":
        return fill_disk(home.process.vault._connection)
    troubles.kind = fault.kind
    return None
