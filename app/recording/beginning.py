"""Joins a session to its recorder: events, device, chance, preferences and who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import flet as ft

from app import finding
from app.recording.chance import PLACE, RecordedChance, of_session
from app.recording.device import recorded
from app.recording.finding import RecordedFinder
from app.recording.watching import watch
from app.state import Offer, Session
from services import Services
from services.chance import found_by
from services.device import Device

RECORDER = "recorder"
"""Where the session's store keeps the recorder, for `app.hooks`."""


@dataclass(frozen=True, slots=True)
class Product:
    """What is recorded of the app itself: version, runtime profile, the templates of its addresses."""

    version: str
    profile: str
    templates: tuple[str, ...]


def begin(
    page: ft.Page, services: Services, device: Device, session: Session, product: Product
) -> Device:
    """Record one session from now on; the device that is returned is to be used."""
    recorder = services.recorder
    platform = str(getattr(page.platform, "value", page.platform) or "")
    place = "web" if page.web else "phone" if platform in ("android", "ios") else "desktop"
    recorder.about(
        app_version=product.version, profile=product.profile, place=place, platform=platform
    )
    recorder.offer(_offered(session.offer))

    def changed(*_changed: Any) -> None:
        recorder.prefer(**session.preferences(), width=session.width, dark=session.platform_dark)
        recorder.person(session.person)

    changed()
    # An observable holds its listeners weakly; the session's store keeps this one.
    page.session.store.set("preferred", changed)
    session.subscribe(changed)  # type: ignore[attr-defined]
    page.session.store.set(RECORDER, recorder)
    # A replay has put what was drawn there already.
    if not page.session.store.contains_key(PLACE):
        page.session.store.set(PLACE, RecordedChance(recorder))
        page.session.store.set(finding.PLACE, RecordedFinder(recorder))
    found_by(of_session)
    watch(page, recorder, product.templates)
    page.run_task(recorder.remember)
    return recorded(device, recorder)


def _offered(offer: Offer) -> dict[str, Any]:
    return {
        "features": list(offer.features),
        "sandbox": offer.sandbox,
        "photos": offer.photos,
    }
