"""Transit cards, what happened with them, trips, and an inspector's look at a card."""

from services.diagnostics.classification import Area, classes

CARDS = Area(
    "cards",
    (
        "/cards/v1/card",
        "/cards/v1/enrolments",
        "/cards/v1/grants",
        "/cards/v1/block",
        "/cards/v1/unblock",
        "/cards/v1/staff-acts",
        "/gate/keys",
        "/gate/deny",
    ),
    classes(
        keep="""
            product group valid_from valid_until state platform enrolled_at
            key_number slot act at
        """,
        whole="product_name group_name keys",
        inside="device card grants anchors acts",
        reference="card_id number card_ids",
        name="holder_name",
        words="name device_name reason",
        # A grant and an anchor are keys: a stand-in of one opens no gate.
        opaque="header grant anchor",
    ),
)

TRIPS = Area(
    "trips",
    (
        "/trips/v1/trips",
        "/trips/v1/trips/{trip_id}",
        "/trips/v1/trips/{trip_id}/alighting",
    ),
    classes(
        keep="mode state boarded_at alighted_at correctable_until",
        whole="fare",
        inside="trips start end stops",
        reference="trip_id place_id ?trip_id",
        # Where somebody goes each day tells who they are.
        words="line line_name name",
    ),
)

INSPECTION = Area(
    "inspection",
    (
        "/inspection/v1/words",
        "/inspection/v1/cards/{number}",
        "/inspection/v1/cards/{number}/block",
    ),
    classes(
        keep=" product group valid_from valid_until state",
        whole="products groups product_name group_name",
        reference="number number_end ?number",
        words="reason",
    ),
)
