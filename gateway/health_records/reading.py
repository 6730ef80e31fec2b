"""What the FHIR routes do inside their transaction: find, check the right, write the look down."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, and_, func, select

from gateway.health_records import audit_events, provenance, questions, searching
from gateway.health_records.access import readable, readable_patients, rights_to
from gateway.health_records.accesses import Look, record, record_all
from gateway.health_records.answers import of_made, of_served, searchset
from gateway.health_records.paging import NextPage, offer, resume
from gateway.health_records.parameters import BY_REFERENCE, GENERATED, PARAMETERS
from gateway.health_records.questions import COMMON, Pairs, Question
from gateway.health_records.right import Right
from gateway.health_records.scopes import allowed
from gateway.health_records.searching import Page, covered
from gateway.health_records.serving import Served, query, serve
from gateway.health_records.tables import current
from gateway.problems import not_found

Rights = dict[str, Right]


@dataclass(frozen=True, slots=True)
class Asking:
    """One request: who looks at what, in which city."""

    look: Look
    base: str
    sandbox: bool
    strict: bool = False

    @property
    def at(self) -> float:
        """The moment, in seconds since 1970."""
        return self.look.at.timestamp()

    def rights(self, connection: Connection, patient_ids: frozenset[str] | None) -> Rights:
        """The caller's rights to these records."""
        return rights_to(connection, self.look.caller, patient_ids, self.at)


def read_one(connection: Connection, asking: Asking, kind: str, logical_id: str) -> Served:
    """One stored resource. Raises a 404 `Problem` for what may not be read as for what is not."""
    these = query().where(current.c.logical_id == logical_id, current.c.type == kind)
    row = connection.execute(these).one_or_none()
    if row is None:
        raise not_found()
    right = readable(connection, asking.look.caller, row.patient_id, asking.at)
    if not right.covers(kind, row.section):
        raise not_found()
    look = replace(asking.look, basis=right.basis, part=f"{kind}/{logical_id}")
    record(connection, row.patient_id, look)
    return serve(connection, [row])[0]


def read_made(connection: Connection, asking: Asking, kind: str, logical_id: str) -> dict[str, Any]:
    """One AuditEvent or Provenance. Raises a 404 `Problem`."""
    is_look = kind == "AuditEvent"
    owner = (audit_events if is_look else provenance).owner_of(connection, logical_id)
    if owner is None:
        raise not_found()
    rights = {owner: readable(connection, asking.look.caller, owner, asking.at)}
    found = (
        audit_events.read(connection, rights, logical_id, sandbox=asking.sandbox)
        if is_look
        else provenance.read(connection, rights, logical_id)
    )
    if found is None:
        raise not_found()
    return found


def search(connection: Connection, asking: Asking, kind: str, pairs: Pairs) -> str:
    """A searchset of one type. Raises `Problem`s for what cannot be asked."""
    pairs, after = _resumed(connection, asking, kind, pairs)
    if kind in GENERATED:
        return _search_made(connection, asking, kind, pairs, after)
    question = questions.read(kind, pairs, asking.base, asking.strict)
    if kind == "Patient":
        return _search_patients(connection, asking, question)
    rights = asking.rights(connection, question.patients)
    record_all(connection, rights, replace(asking.look, part=kind))
    found = searching.search(connection, question, rights, after)
    return _answer(connection, asking, kind, question.used, found)


def _search_patients(connection: Connection, asking: Asking, question: Question) -> str:
    """The Patients the caller may read, their own first: how a client learns its own id."""
    order = readable_patients(connection, asking.look.caller, asking.at)
    rights = asking.rights(connection, frozenset(order))
    found = searching.search(connection, question, rights)
    touched = {one.patient_id: rights[one.patient_id] for one in found.found}
    record_all(connection, touched, replace(asking.look, part="Patient"))
    ordered = sorted(found.found, key=lambda one: order.index(one.patient_id))
    entries = of_served(ordered)
    return searchset(asking.base, "Patient", question.used, entries, found.total, None)


def _search_made(
    connection: Connection, asking: Asking, kind: str, pairs: Pairs, after: Any
) -> str:
    module = audit_events if kind == "AuditEvent" else provenance
    asked, patients = _asked_of_made(pairs, module.PARAMETERS, asking)
    rights = asking.rights(connection, patients)
    behind = int(after[1]) if after else None
    if module is audit_events:
        found, total, last = audit_events.find(
            connection, rights, asked, behind, sandbox=asking.sandbox
        )
    else:
        record_all(connection, rights, replace(asking.look, part=kind))
        found, total, last = provenance.find(connection, rights, asked, behind)
    token = None
    if last is not None:
        page = NextPage(kind, asked, (0, last))
        token = offer(connection, asking.look.caller, page, asking.look.at)
    return searchset(asking.base, kind, asked, of_made(found), total, token)


def _asked_of_made(
    pairs: Pairs, known: dict[str, str], asking: Asking
) -> tuple[Pairs, frozenset[str] | None]:
    asked: Pairs = []
    patients: frozenset[str] | None = None
    for name, value in pairs:
        if name == "patient":
            named = frozenset(
                questions.patient_of(one, asking.base) for one in questions.split(value)
            )
            patients = named if patients is None else patients & named
        if name.split(":")[0] in known or name == "_count":
            asked.append((name, value.replace(f"{asking.base}/", "")))
        elif asking.strict:
            raise questions.invalid("no such search parameter here")
    return asked, patients


def everything(connection: Connection, asking: Asking, patient_id: str, pairs: Pairs) -> str:
    """A page of the whole record (Patient/$everything): `_since`, `_type` and `_count`."""
    path = f"Patient/{patient_id}/$everything"
    right = readable(connection, asking.look.caller, patient_id, asking.at)
    pairs, after = _resumed(connection, asking, path, pairs)
    asked = dict(pairs)
    if asking.strict and not set(asked) <= {"_since", "_type", "_count", "_format"}:
        raise questions.invalid("$everything takes _since, _type and _count")
    conditions = [covered({patient_id: right})]
    if "_since" in asked:
        since = f"ge{asked['_since']}"
        conditions.append(searching.moment_fits(current.c.updated, since))
    types = set(questions.split(asked["_type"])) if "_type" in asked else set(PARAMETERS)
    permitted = allowed(asking.look.caller, "s")
    types = types if permitted is None else types & permitted
    conditions.append(current.c.type.in_(sorted(types)))
    look = replace(asking.look, basis=right.basis, part="$everything")
    record(connection, patient_id, look)
    where = and_(*conditions)
    total = connection.scalar(select(func.count()).select_from(current).where(where))
    count = questions.count_of(asked.get("_count"))
    order = (current.c.updated, False)
    found = searching.page(connection, where, order, max(count, 1), total, after)
    return _answer(connection, asking, path, tuple(pairs), found)


def _resumed(connection: Connection, asking: Asking, path: str, pairs: Pairs) -> tuple[Pairs, Any]:
    token = dict(pairs).get("_page")
    if token is None:
        return pairs, None
    look = asking.look
    page = resume(connection, look.caller, path, token, look.at)
    return page.asked, page.after


def _answer(
    connection: Connection,
    asking: Asking,
    path: str,
    used: tuple[tuple[str, str], ...],
    found: Page,
) -> str:
    token = None
    if found.cursor is not None:
        page = NextPage(path, list(used), found.cursor)
        token = offer(connection, asking.look.caller, page, asking.look.at)
    return searchset(asking.base, path, used, of_served(found.found), found.total, token)


def searched_types() -> tuple[str, ...]:
    """Every type that is found by searching."""
    return tuple(one for one in (*PARAMETERS, *GENERATED) if one not in BY_REFERENCE)


def parameters_of(kind: str) -> dict[str, str]:
    """Name and kind of every search parameter of a type, as the CapabilityStatement lists them."""
    if kind == "AuditEvent":
        return audit_events.PARAMETERS
    if kind == "Provenance":
        return provenance.PARAMETERS
    if kind in BY_REFERENCE:
        return {}
    found = {name: one.kind for name, one in questions.parameters_of(kind).items()}
    return {**{name: COMMON[name].kind for name in COMMON}, **found}


def made_text(found: dict[str, Any]) -> str:
    """A resource this server made, as text."""
    return json.dumps(found, ensure_ascii=False)
