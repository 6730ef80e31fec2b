"""What the population register says of a resident, as an export shows it."""

from __future__ import annotations

from gateway.privacy.words import Language
from gateway.registers.population import Resident, sandbox_residents
from gateway.settings import Settings

_WORDS = {
    "name": ("Họ và tên", "Name"),
    "birthdate": ("Ngày sinh", "Date of birth"),
    "cccd": ("Số căn cước", "ID number"),
    "phone": ("Điện thoại", "Phone"),
    "address": ("Nơi cư trú", "Residence"),
    "nationality": ("Quốc tịch", "Nationality"),
    "ethnicity": ("Dân tộc", "Ethnicity"),
    "occupation": ("Nghề nghiệp", "Occupation"),
    "bhyt_number": ("Số thẻ bảo hiểm y tế", "Health insurance number"),
}


def known_of(settings: Settings, subject: str, language: Language) -> dict[str, str]:
    """By words of that language; nothing for whom the register does not know, or where none is
    connected.
    """
    people = sandbox_residents() if settings.sandbox else ()
    found = next((one for one in people if one.subject == subject), None)
    return {} if found is None else _shown(found, language)


def _shown(resident: Resident, language: Language) -> dict[str, str]:
    shown = {}
    for name, (vi, en) in _WORDS.items():
        value = getattr(resident, name)
        text = f"{value:%d/%m/%Y}" if name == "birthdate" else str(value)
        shown[vi if language == "vi" else en] = text
    return shown
