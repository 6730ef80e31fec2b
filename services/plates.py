"""Vietnamese number plates as people write and read them: `30K-012.34`, kept as `30K01234`."""

from __future__ import annotations

import re
import unicodedata

# Two figures of the province (11 to 99); letters I, J, O, Q, R and W are not used in a series.
_SERIES = "ABCDEFGHKLMNPSTUVXYZĐ"
_FORMS = {
    "car_up_to_9": re.compile(rf"((?:1[1-9]|[2-9]\d)(?:[{_SERIES}]|[A-Z]{{2}}))(\d{{4,5}})"),
    "motorbike": re.compile(rf"((?:1[1-9]|[2-9]\d)[{_SERIES}][{_SERIES}1-9])(\d{{4,5}})"),
}
_BETWEEN = re.compile(r"[\s.\-]+")


def plain(typed: str) -> str:
    """The plate without what people put between its parts."""
    return _BETWEEN.sub("", unicodedata.normalize("NFC", typed)).upper()


def is_plate(typed: str, vehicle: str) -> bool:
    """Whether it can be the plate of such a vehicle (car_up_to_9 or motorbike)."""
    return _FORMS[vehicle].fullmatch(plain(typed)) is not None


def show_plate(plate: str, vehicle: str) -> str:
    """The plate as it stands on the vehicle; as it came when it is none."""
    found = _FORMS[vehicle].fullmatch(plain(plate)) if vehicle in _FORMS else None
    if found is None:
        return plate
    series, figures = found.groups()
    return f"{series}-{figures}" if len(figures) == 4 else f"{series}-{figures[:3]}.{figures[3:]}"
