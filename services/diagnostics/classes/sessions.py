"""Where the resident is signed in."""

from services.diagnostics.classification import Area, classes

SESSIONS = Area(
    "sessions",
    (
        "/sessions",
        "/sessions/current",
        "/sessions/end-others",
        "/sessions/erased",
        "/sessions/replaced",
        "/sessions/{session_id}",
    ),
    classes(
        keep="current kind platform ended signed_in_datetime last_seen_datetime",
        reference="session_id session_ids sid ?session_id",
    ),
)
