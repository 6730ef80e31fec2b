"""Every address of the app. An identifier stands in the path, percent-encoded."""

from urllib.parse import quote, urlencode

HOME = "/"
SERVICE_REQUESTS = "/reports"
NEW_SERVICE_REQUEST = "/reports/new"
NEW_SERVICE_REQUEST_PLACE = "/reports/new/place"
NEW_SERVICE_REQUEST_REVIEW = "/reports/new/review"
DRAFTS = "/reports/drafts"
NEARBY = "/reports/nearby"
CARDS = "/cards"
CARD_CODE = "/cards/code"
PARKING = "/cards/parking"
NEW_PARKING = "/cards/parking/new"
TRIPS = "/cards/trips"
INSPECT = "/cards/inspect"
RECORDS = "/records"
HEALTH_SHARE = "/records/health/share"
HEALTH_SHARES = "/records/health/shares"
CERTIFICATES = "/records/certificates"
NEW_CERTIFICATE = "/records/certificates/new"
NEW_CERTIFICATE_DETAILS = "/records/certificates/new/details"
NEW_CERTIFICATE_DELIVERY = "/records/certificates/new/delivery"
NEW_CERTIFICATE_REVIEW = "/records/certificates/new/review"
ME = "/me"
INBOX = "/me/inbox"
OUTBOX = "/me/outbox"
VERIFY = "/me/verify"
SUPPORT = "/me/support"
NEW_BUNDLE = "/me/support/new"
SETTINGS = "/me/settings"
LOCK = "/me/settings/lock"
SESSIONS = "/me/settings/sessions"
PRIVACY = "/me/privacy"
PRIVACY_EXPORT = "/me/privacy/export"
PRIVACY_DEVICE = "/me/privacy/device"
PRIVACY_ERASE = "/me/privacy/erase"
PRIVACY_REQUESTS = "/me/privacy/requests"
ACCESS_LOG = "/me/privacy/accesses"
CONSENTS = "/me/privacy/consents"
ABOUT = "/me/about"
DESK = "/desk"
DESK_DATA_REQUESTS = "/desk/data-requests"
SUPPORT_DESK = "/support-desk"
SUPPORT_LOG = "/support-desk/log"
PERSONAS = "/support-desk/personas"
EMERGENCY = "/emergency"
SIGN_IN = "/welcome"
SIGN_IN_FAILED = "/sign-in-failed"
SIGNED_OUT_ELSEWHERE = "/signed-out-elsewhere"
ERASED_ELSEWHERE = "/erased-elsewhere"

BEFORE_SIGN_IN = (SIGN_IN, SIGN_IN_FAILED, SIGNED_OUT_ELSEWHERE, ERASED_ELSEWHERE)
"""Screens that a sign-in leads away from: there is nothing to come back to."""

DESTINATIONS = (HOME, SERVICE_REQUESTS, CARDS, RECORDS, ME)
"""The five roots of the navigation, in their order on the screen."""

ROOTS = (*DESTINATIONS, CERTIFICATES)
"""Screens that keep the navigation bar on phones."""

PUBLIC = (
    HOME,
    ME,
    SETTINGS,
    ABOUT,
    SIGN_IN,
    SIGN_IN_FAILED,
    SIGNED_OUT_ELSEWHERE,
    ERASED_ELSEWHERE,
    VERIFY,
    NEARBY,
    EMERGENCY,
)
"""What a guest may open; every other address asks for sign-in."""


def is_public(path: str) -> bool:
    """Whether nobody need be signed in there: the receipt of an erasure is read when nobody is."""
    return path in PUBLIC or path.startswith(f"{PRIVACY}/erasures/")


def erasure(erasure_id: str) -> str:
    """The address of the receipt of an erasure."""
    return f"{PRIVACY}/erasures/{quote(erasure_id, safe='')}"


BEFORE_THE_LOCK = (EMERGENCY,)
"""What opens while the app is locked: a helper has no PIN."""


def asks_for_pin(path: str) -> bool:
    """Whether the PIN is asked for again: all of a health record."""
    if path == CERTIFICATES or path.startswith(CERTIFICATES + "/"):
        return False
    return path == RECORDS or path.startswith(RECORDS + "/")


def service_request(service_request_id: str) -> str:
    """The address of one service request."""
    return f"{SERVICE_REQUESTS}/id/{quote(service_request_id, safe='')}"


def correct(service_request_id: str) -> str:
    """The address where a report that was just sent is corrected."""
    return f"{service_request(service_request_id)}/correct"


def reply(service_request_id: str, act: str) -> str:
    """The address where a report is answered (`answer`) or opened again (`reopen`)."""
    return f"{service_request(service_request_id)}/{act}"


def draft(draft_id: str, step: str = NEW_SERVICE_REQUEST, *, mending: bool = False) -> str:
    """A step of a new report with one of the resident's drafts; `mending` leads back to the review."""
    query = {"draft": draft_id} | ({"from": "review"} if mending else {})
    return f"{step}?{urlencode(query)}"


def desk_report(service_request_id: str) -> str:
    """The address of one report on the officers' desk."""
    return f"{DESK}/id/{quote(service_request_id, safe='')}"


def desk_photo(service_request_id: str, media_id: str) -> str:
    """The address where an officer makes a report's photo fit for the public."""
    return f"{desk_report(service_request_id)}/photo/{quote(media_id, safe='')}"


def new_bundle(error_reference: str = "") -> str:
    """The address where a support bundle is looked over; with the reference of the error it is about."""
    query = urlencode({"error": error_reference})
    return f"{NEW_BUNDLE}?{query}" if error_reference else NEW_BUNDLE


def bundle_sent(key: str) -> str:
    """The address of a bundle just sent, by the key it was sent under."""
    return f"{SUPPORT}/sent/{quote(key, safe='')}"


def support_case(code: str) -> str:
    """The address of one bundle and its thread."""
    return f"{SUPPORT}/id/{quote(code, safe='')}"


def opened_bundle(opening_id: str) -> str:
    """The address of a bundle that one of the staff has open."""
    return f"{SUPPORT_DESK}/openings/{quote(opening_id, safe='')}"


def certificate(application_id: str) -> str:
    """The address of one certificate application."""
    return f"{CERTIFICATES}/id/{quote(application_id, safe='')}"


def send_certificate(application_id: str) -> str:
    """The address where a certificate is handed on."""
    return f"{certificate(application_id)}/send"


def show_claims(application_id: str) -> str:
    """The address where parts of a certificate are chosen to be shown."""
    return f"{certificate(application_id)}/show"


def trip(trip_id: str) -> str:
    """The address of one trip."""
    return f"{TRIPS}/id/{quote(trip_id, safe='')}"


def parking_session(session_id: str) -> str:
    """The address of one stay in a parking place."""
    return f"{PARKING}/id/{quote(session_id, safe='')}"


def health(patient_id: str | None = None, below: str = "") -> str:
    """The health record of the resident, or of someone they may read (a FHIR id); `below` is a screen of it."""
    if patient_id is None:
        return f"{RECORDS}/health/{below}" if below else RECORDS
    whose = f"{RECORDS}/of/{quote(patient_id, safe='')}"
    return f"{whose}/{below}" if below else whose


def health_section(section: str, patient_id: str | None = None) -> str:
    """The address of one section of a health record, such as `results`."""
    return health(patient_id, f"sections/{quote(section, safe='')}")


def health_share(share_id: str) -> str:
    """The address of one share of the resident's own health record."""
    return f"{HEALTH_SHARES}/{quote(share_id, safe='')}"


def health_item(section: str, key: str, patient_id: str | None = None) -> str:
    """The address of one line of a section, with everything known of it."""
    below = f"sections/{quote(section, safe='')}/items/{quote(key, safe='')}"
    return health(patient_id, below)


def health_correction(section: str, key: str, patient_id: str | None = None) -> str:
    """The address where one line of a section is said to be wrong."""
    below = f"corrections/of/{quote(section, safe='')}/{quote(key, safe='')}"
    return health(patient_id, below)


def health_trend(key: str, patient_id: str | None = None) -> str:
    """The address of one test's results over time."""
    return health(patient_id, f"results/{quote(key, safe='')}")


def health_visit(key: str, patient_id: str | None = None) -> str:
    """The address of one visit."""
    return health(patient_id, f"visits/{quote(key, safe='')}")


def destination_of(path: str) -> str:
    """The navigation root that a path lies under."""
    if any(path == desk or path.startswith(desk + "/") for desk in (DESK, SUPPORT_DESK)):
        return ME
    found = [root for root in DESTINATIONS[1:] if path == root or path.startswith(root + "/")]
    return found[0] if found else HOME
