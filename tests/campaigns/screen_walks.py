"""The ways on which the canary campaign comes to every screen of the app."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app import paths
from app.routing import templates
from tests.campaigns.support_stories import Act, goes, taps, types


@dataclass(frozen=True, slots=True)
class Walk:
    """One resident's way: addresses whose identifiers were answered before, and what is done after them.

    `reaches` are screens to which the acts lead; where nobody `types`, the acts do.
    """

    name: str
    who: str
    ways: tuple[str, ...]
    acts: tuple[Act, ...] = ()
    reaches: tuple[str, ...] = ()
    types: bool = True


RESIDENT, OFFICER, AGENT, SUPERVISOR = (
    "nguyen-minh-anh",
    "hoang-duc-quan",
    "bui-thu-ha",
    "vo-minh-chau",
)
H, OF = "/records/health", "/records/of/:patient_id"
CERTIFICATE, REPORT = "/records/certificates/id/:application_id", "/reports/id/:service_request_id"
WALKS = (
    Walk(
        "home",
        RESIDENT,
        (paths.HOME, paths.ME, paths.INBOX, paths.OUTBOX, paths.VERIFY, paths.ABOUT),
    ),
    Walk(
        "reports",
        RESIDENT,
        (
            paths.SERVICE_REQUESTS,
            paths.NEARBY,
            paths.DRAFTS,
            REPORT,
            *(f"{REPORT}/{act}" for act in ("correct", "answer", "reopen")),
        ),
    ),
    Walk(
        "report",
        RESIDENT,
        (
            paths.NEW_SERVICE_REQUEST,
            paths.NEW_SERVICE_REQUEST_PLACE,
            paths.NEW_SERVICE_REQUEST_REVIEW,
        ),
        (goes(paths.NEW_SERVICE_REQUEST), taps("Chụp hoặc chọn ảnh"), taps("Tiếp tục")),
    ),
    Walk(
        "cards",
        RESIDENT,
        (paths.CARDS, paths.CARD_CODE, paths.TRIPS, "/cards/trips/id/:trip_id", paths.INSPECT),
    ),
    Walk(
        "parking begun",
        RESIDENT,
        (paths.NEW_PARKING,),
        (
            types("Biển số xe", "30K-987.65"),
            taps("Điểm đỗ HK-014, phố Hàng Trống"),
            taps("Bắt đầu đỗ xe"),
        ),
        types=False,
    ),
    Walk("parking", RESIDENT, (paths.PARKING, paths.NEW_PARKING, "/cards/parking/id/:session_id")),
    Walk(
        "health",
        RESIDENT,
        (
            paths.RECORDS,
            *(f"{H}/sections/{one}" for one in ("results", "medications", "immunizations")),
            *(f"{H}/{one}" for one in ("print", "emergency", "accesses", "corrections")),
            *(f"{H}/measurements{one}" for one in ("", "/new", "/id/:observation_id")),
        ),
    ),
    Walk(
        "items",
        RESIDENT,
        (f"{H}/sections/allergies",),
        (taps("ghi nhận"),),
        (f"{H}/sections/:section/items/:key",),
    ),
    Walk(
        "people",
        RESIDENT,
        (
            *(f"{H}/{one}" for one in ("people", "people/invite", "people/code")),
            *(f"{H}/{one}" for one in ("share", "shares", "shares/:share_id")),
            OF,
            *(f"{OF}/people{one}" for one in ("", "/invite", "/code")),
            *(f"{OF}/{one}" for one in ("accesses", "print", "sections/allergies", "corrections")),
            *(f"{OF}/measurements{one}" for one in ("", "/new")),
        ),
    ),
    Walk(
        "applying",
        RESIDENT,
        (paths.CERTIFICATES,),
        (
            taps("Xin phiếu lý lịch tư pháp"),
            taps("Tiếp tục"),
            taps("Bổ sung hồ sơ xin việc"),
            taps("Tiếp tục"),
            taps("Tiếp tục"),
            taps("Nộp hồ sơ"),
        ),
        types=False,
    ),
    Walk(
        "certificates",
        RESIDENT,
        (
            paths.CERTIFICATES,
            paths.NEW_CERTIFICATE,
            *(f"{paths.NEW_CERTIFICATE}/{one}" for one in ("details", "delivery", "review")),
            *(f"{CERTIFICATE}{one}" for one in ("", "/send", "/show")),
        ),
    ),
    Walk(
        "settings",
        RESIDENT,
        (
            *(paths.SETTINGS, paths.LOCK, paths.SESSIONS, paths.PRIVACY, paths.PRIVACY_EXPORT),
            *(paths.PRIVACY_DEVICE, paths.PRIVACY_ERASE, paths.PRIVACY_REQUESTS),
            *(paths.ACCESS_LOG, paths.CONSENTS, paths.EMERGENCY),
        ),
    ),
    Walk(
        "support",
        RESIDENT,
        (paths.SUPPORT, paths.NEW_BUNDLE),
        (taps("Gửi 4 mục"),),
        ("/me/support/sent/:key",),
    ),
    Walk("cases", RESIDENT, (paths.SUPPORT, "/me/support/id/:code")),
    Walk(
        "desk",
        OFFICER,
        (
            paths.DESK,
            paths.DESK_DATA_REQUESTS,
            "/desk/id/:service_request_id",
            "/desk/id/:service_request_id/photo/:media_id",
        ),
    ),
    Walk("support desk", AGENT, (paths.SUPPORT_DESK, f"{paths.SUPPORT_DESK}/personas")),
    Walk("supervisor", SUPERVISOR, (paths.SUPPORT_DESK, paths.SUPPORT_LOG)),
    Walk(
        "doors",
        RESIDENT,
        (
            *(paths.SIGN_IN, paths.SIGN_IN_FAILED),
            *(paths.SIGNED_OUT_ELSEWHERE, paths.ERASED_ELSEWHERE),
        ),
    ),
)

_HERS = "the same screen and answers as of one's own record, which is walked"
UNSEEN = {
    f"{H}/results/:series": "a curve of the values of /records/health/sections/results, which is walked",
    f"{H}/visits/:visit": "a visit of the record that /records shows whole",
    f"{H}/corrections/of/:section/:key": "the form of a request about an item, which is walked",
    f"{OF}/measurements/id/:measurement_id": _HERS,
    f"{OF}/sections/:section/items/:key": _HERS,
    f"{OF}/results/:series": _HERS,
    f"{OF}/visits/:visit": _HERS,
    f"{OF}/corrections/of/:section/:key": _HERS,
    "/me/privacy/erasures/:erasure_id": "the account is erased and nobody is signed in: there is no recording",
    "/support-desk/openings/:opening_id": "holds another resident's bundle, which has stand-ins alone",
}
"""Screens that no walk comes to, and why."""


def ways() -> set[str]:
    """The templates of every screen that a walk comes to."""
    each = [way for walk in WALKS for way in (*walk.ways, *walk.reaches)]
    return {template for way in each for template in templates_of(way)}


def templates_of(route: str) -> Iterator[str]:
    parts = route.partition("?")[0].strip("/").split("/")
    fitting = [
        template
        for template in templates()
        if len(known := template.strip("/").split("/")) == len(parts)
        and all(a[:1] == ":" or a == b for a, b in zip(known, parts, strict=True))
    ]
    yield from sorted(fitting, key=lambda one: one.count(":"))[:1]
