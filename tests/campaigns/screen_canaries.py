"""Canaries behind every screen: what the city answers and what residents type is all made up of them.

python -m tests.campaigns.screen_canaries 10000

The real app is walked screen by screen over the real city. On their way in, the texts of its answers that are
not the city's own become canaries, and so do numbers, plates and places; identifiers are canaries as they are.
Every field on a screen is typed full of them. After each walk its bundle is searched in six encodings.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image

from app.routing import templates
from services.device import PickedFile, Place
from services.diagnostics import Recorder, write
from tests.campaigns.planting import Planting
from tests.campaigns.screen_walks import UNSEEN, WALKS, Walk, templates_of
from tests.campaigns.support_stories import Hands
from tests.journeys.conftest import Home, living
from tests.support.bundle_canaries import Canaries
from tests.support.consents import everybody_agreed
from tests.support.cut import link_of
from tests.support.phone import Phone


@dataclass(slots=True)
class Outcome:
    """What was planted, how many bytes were searched, what leaked, and which screens were seen."""

    canaries: int = 0
    searched: int = 0
    leaked: list[tuple[str, str, str, str]] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)


async def walked(home: Home, walk: Walk, seed: int, outcome: Outcome) -> None:
    """Walk once on a device of its own, and search the bundle."""
    place = home.another_vault()
    canaries = Canaries(seed)
    link = link_of(place.process.http)
    planting = Planting(link.inner, canaries)
    link.inner = planting
    try:
        phone, device = await place.signed_in(walk.who)
        device.place = Place(21.0 + planting.tail(), 105.8 + planting.tail(), 12.0)
        canaries.made += [str(device.place.lat), str(device.place.long)]
        device.files = [PickedFile(f"{canaries.words()}.jpg", _jpeg())]
        hands = Hands(phone, device)
        await hands.look()
        for way in walk.ways:
            for route in _filled(way, planting):
                await hands.go(route)
                await hands.look()
                outcome.visited |= set(templates_of(str(phone.page.route)))
                if walk.types:
                    await _type(phone, canaries)
        for act in walk.acts:
            # On a busy machine an act may take longer than a hand waits.
            with suppress(TimeoutError):
                await act(hands)
            outcome.visited |= set(templates_of(str(phone.page.route)))
        recorder: Recorder = phone.page.session.store.get("recorder")
        held = _unpacked(write(await recorder.bundle()))
    finally:
        link.inner = planting.inner
        place.process.http._transport = link.inner
        await place.close()
        place.process.vault.close()
    canaries.made = [one for one in dict.fromkeys(canaries.made) if len(one) >= 8]
    outcome.canaries += len(canaries.made)
    outcome.searched += len(held)
    outcome.leaked += [
        (walk.name, planting.came_from.get(canary, "typed or of the device"), canary, form)
        for canary, form in canaries.found_in(held)
    ]


def _filled(way: str, planting: Planting) -> list[str]:
    """The address with identifiers that were answered before: one of each; none where none was."""
    for name in re.findall(r":([a-z_]+)", way):
        known = planting.ids.get(name) or planting.ids.get("id") or []
        if not known:
            return []
        way = way.replace(f":{name}", known[-1])
    return [way]


async def _type(phone: Phone, canaries: Canaries) -> None:
    """Type a canary into every field that stands there."""
    for node in [one for one in phone.visible() if one["_c"] == "TextField"][:6]:
        digits = str(node.get("keyboard_type")) in ("number", "phone")
        text = canaries.digits(9) if digits else f"{canaries.words()} {canaries.words()}"
        with suppress(AssertionError, KeyError, StopIteration):
            phone.change(node, {"value": text})
            await phone.event(node, "change", text)


def _jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (320, 240), (90, 120, 90)).save(out, "JPEG")
    return out.getvalue()


def _unpacked(data: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


async def campaign(
    folder: Path, number: int, walks: tuple[Walk, ...] = WALKS, seed: int = 0
) -> Outcome:
    """Walk until so many canaries were planted, and every walk once; another seed has other canaries."""
    outcome = Outcome()
    async with living(folder) as home:
        everybody_agreed(folder)
        while outcome.canaries < number:
            for walk in walks:
                seed += 1
                try:
                    await walked(home, walk, seed, outcome)
                except (TimeoutError, AssertionError) as error:
                    # A machine so busy that nobody could sign in: the walk is done again in the next round.
                    outcome.broken.append(f"{walk.name}: {type(error).__name__}")
    return outcome


def main() -> None:
    """Print how many canaries there were, in how many bytes they were sought, and how many leaked."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.screen_canaries")
    parser.add_argument("canaries", nargs="?", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="so that parts can be walked at once")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["IHANOI_DATA"] = folder
        outcome = asyncio.run(campaign(Path(folder), given.canaries, seed=given.seed))
    print(
        f"{outcome.canaries} canaries behind {len(outcome.visited)} screens, {outcome.searched} bytes, "
        f"{len(outcome.leaked)} leaked"
    )
    for walk, where, canary, form in outcome.leaked[:40]:
        print(f"  {walk}: {where}: {canary} ({form})")
    print(f"{len(outcome.broken)} walks were broken off: {outcome.broken[:8]}")
    missed = sorted(set(templates()) - outcome.visited - set(UNSEEN))
    print("screens that were to be seen and were not:", *(missed or ["none"]), sep="\n  ")
    sys.exit(bool(outcome.leaked or missed))


if __name__ == "__main__":
    main()
