"""Own measurements on the screen."""

from datetime import timedelta

from services.health_people import Measurement
from tests.services.twins import Time
from views.health_people.measurement_chart import series_of


def test_own_numbers_are_drawn_by_number_and_unit() -> None:
    """Upper and lower pressure, and two units of glucose, never share an axis."""
    now = Time().clock().now()

    def line(days: int, kind: str, unit: str = "", **values: str) -> Measurement:
        return Measurement(kind, values, now - timedelta(days=days), unit)

    lines = [
        line(2, "blood_pressure", systolic="130", diastolic="85"),
        line(0, "blood_pressure", systolic="128", diastolic="82", pulse="71"),
        line(3, "glucose", "mmol/L", glucose="5.6"),
        line(1, "glucose", "mg/dL", glucose="101"),
        line(1, "weight", weight="55.5"),
    ]
    pressure = series_of(lines, "blood_pressure")
    numbers = [[str(r.quantity.value) for r in one.results if r.quantity] for one in pressure]
    assert numbers == [["128", "130"], ["82", "85"], ["71"]]
    assert [one.unit for one in series_of(lines, "glucose")] == ["mg/dL", "mmol/L"]
    assert len(series_of(lines, "weight")) == 1
    assert series_of(lines, "note") == ()
