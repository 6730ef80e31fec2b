"""Parking by the hour."""

from services.diagnostics.classification import Area, classes

PARKING = Area(
    "parking",
    (
        "/parking/v1/places",
        "/parking/v1/account",
        "/parking/v1/account/sandbox-top-ups",
        "/parking/v1/sessions",
        "/parking/v1/sessions/{session_id}",
        "/parking/v1/sessions/{session_id}/extensions",
        "/parking/v1/sessions/{session_id}/stop",
    ),
    classes(
        keep="""
             minutes vehicle vehicles started_at until ended_at extensions
            reminder_minutes paid_at sandbox top_up requested_at place_id amount
            balance balance_after
        """,
        whole="places fees lines place",
        inside="sessions receipt",
        reference="session_id ?session_id receipt.number",
        plate="plate",
    ),
)
