"""One act on one report, whoever does it: the state checked, the timeline, proof, notices, the
change made known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from gateway.problems import FieldError, invalid
from gateway.service_requests import records
from gateway.service_requests.notices import tell
from gateway.service_requests.states import Act, Role, after
from gateway.service_requests.tables import media
from gateway.settings import Settings


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `name` and `agency` are what residents read of it; the clock has none."""

    role: Role
    subject: str | None = field(default=None, repr=False)
    name: str = field(default="", repr=False)
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """Where an act happens: the transaction, the installation, the moment."""

    connection: Connection
    settings: Settings
    now: datetime


def move(
    scene: Scene,
    row: Row[Any],
    act: Act,
    actor: Actor,
    description: str = "",
    *,
    reason_code: str = "",
    media_ids: Sequence[str] = (),
    values: Mapping[str, Any] | None = None,
) -> None:
    """Do the act. `values` are columns of the report that change with it; media are the actor's
    own, uploaded before.

    Raises a 409 `Problem` for an act the state does not allow, 422 for media that are not theirs.
    """
    status = after(row.status_code, act, actor.role)
    changed = dict(values or {})
    if status != row.status_code or reason_code:
        changed["reason_code"] = reason_code
    entry = records.Update(
        status,
        scene.now,
        description,
        actor.agency,
        actor.name if actor.role == "officer" else "",
        act=act,
        reason_code=reason_code,
        actor_subject=actor.subject,
        actor_role=actor.role,
        agency_code=changed.get("agency_code", row.agency_code),
    )
    found = row.service_request_id
    update_id = records.add_update(scene.connection, found, entry, **changed)
    stage = "after" if act == "done" else "before"
    attach(scene, actor.subject or "", media_ids, found, update_id, stage)
    tell(scene.connection, found, act, description, scene.now, but=actor.subject)


def attach(
    scene: Scene,
    subject: str,
    media_ids: Sequence[str],
    service_request_id: str,
    update_id: str | None,
    stage: str,
) -> None:
    """Attach what `subject` uploaded to the report. Raises a 422 `Problem` naming each that is
    not theirs, or not free any more.
    """
    if not media_ids:
        return
    media_ids = tuple(dict.fromkeys(media_ids))
    free = (media.c.subject == subject, media.c.service_request_id.is_(None))
    wanted = select(media.c.media_id).where(media.c.media_id.in_(media_ids), *free)
    # Locked: what is removed for its age at this moment is no proof of anything.
    wanted = wanted.order_by(media.c.media_id).with_for_update()
    known = set(scene.connection.scalars(wanted))
    errors = [
        FieldError(field=f"media_ids.{n}", code="unknown")
        for n, media_id in enumerate(media_ids)
        if media_id not in known
    ]
    if errors:
        raise invalid(errors)
    of_report = media.c.service_request_id == service_request_id
    last = scene.connection.scalar(select(func.max(media.c.position)).where(of_report))
    for position, media_id in enumerate(media_ids, 0 if last is None else last + 1):
        scene.connection.execute(
            update(media)
            .where(media.c.media_id == media_id, *free)
            .values(
                service_request_id=service_request_id,
                update_id=update_id,
                position=position,
                stage=stage,
            )
        )
