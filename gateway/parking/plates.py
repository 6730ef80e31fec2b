"""Vietnamese number plates: province, series, four or five figures; `30K01234` is how one is kept."""

from __future__ import annotations

import re
import unicodedata

# Two figures of the province (11 to 99); letters I, J, O, Q, R and W are not used in a series.
_SERIES = "ABCDEFGHKLMNPSTUVXYZĐ"
_CAR = re.compile(rf"(1[1-9]|[2-9]\d)([{_SERIES}]|[A-Z]{{2}})(\d{{4,5}})")
_MOTORBIKE = re.compile(rf"(1[1-9]|[2-9]\d)([{_SERIES}][{_SERIES}1-9])(\d{{4,5}})")
_BETWEEN = re.compile(r"[\s.\-]+")


def plate_of(typed: str, vehicle: str) -> str | None:
    """The plate without what stands between its parts, or None when it is none of that vehicle."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFC", typed)).upper()
    form = _MOTORBIKE if vehicle == "motorbike" else _CAR
    return plain if form.fullmatch(plain) else None
