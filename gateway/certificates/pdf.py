"""The certificate's page, drawn with typst as a tagged PDF/A-3b, and its pages as pictures."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import qrcode
import typst
from qrcode.image.svg import SvgPathImage

from gateway.certificates import words
from gateway.certificates.words import verify_url
from gateway.documents import PDFIUM
from gateway.registers.criminal_records import Conviction
from gateway.working_time import HANOI

HERE = Path(__file__).parent
PHONE_WIDTH = 1080


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that the form says, before it is drawn. `credential` is its SD-JWT twin, which
    is embedded; a conviction that is spent stands on form No. 2 alone, and is marked there.
    """

    number: str
    code: str
    name: str
    gender: str
    birthdate: date
    identity_number: str
    address: str
    purpose: str
    convictions: tuple[Conviction, ...]
    issued_datetime: datetime
    certificate_type: int = 1
    file_code: str = ""
    former_names: tuple[str, ...] = field(default=(), repr=False)
    former_addresses: tuple[str, ...] = field(default=(), repr=False)
    credential: str = field(default="", repr=False)


def draw(content: Content, public_url: str) -> bytes:
    """Return the form as one PDF/A-3b file, tagged, in Vietnamese, not signed yet."""
    document = typst.compile(
        str(HERE / "certificate.typ"),
        format="pdf",
        sys_inputs={"data": json.dumps(_layout(content, public_url), ensure_ascii=False)},
        font_paths=[str(HERE / "fonts")],
        ignore_system_fonts=True,
        pdf_standards=["a-3b"],
        timestamp=int(content.issued_datetime.timestamp()),
    )
    if not isinstance(document, bytes):
        raise TypeError("typst answered with several files for one certificate")
    return document


def sha256(document: bytes) -> str:
    """The file's fingerprint, in hex."""
    return hashlib.sha256(document).hexdigest()


def page_count(document: bytes) -> int:
    """How many pages the PDF has."""
    with PDFIUM, pypdfium2.PdfDocument(document) as opened:
        return len(opened)


def page_image(document: bytes, number: int, width: int = PHONE_WIDTH) -> bytes:
    """Page `number` (from 1) as a PNG `width` pixels wide. Raises IndexError beyond the last."""
    with PDFIUM, pypdfium2.PdfDocument(document) as opened:
        if not 1 <= number <= len(opened):
            raise IndexError(number)
        page = opened[number - 1]
        picture = page.render(scale=width / page.get_width()).to_pil().convert("RGB")
        encoded = BytesIO()
        picture.save(encoded, "PNG", optimize=True)
        return encoded.getvalue()


def qr_svg(text: str) -> str:
    """`text` as a QR code in SVG, dark jade on white, with its quiet zone."""
    code = qrcode.QRCode(border=4, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    image = code.make_image(image_factory=SvgPathImage)
    drawn: str = image.to_string(encoding="unicode")
    return drawn.replace('fill="#000000"', 'fill="#10201A"')


def _layout(content: Content, public_url: str) -> dict[str, Any]:
    link = verify_url(public_url, content.code)
    local = content.issued_datetime.astimezone(HANOI)
    in_force = any(not conviction.spent for conviction in content.convictions)
    return {
        "mark": words.SANDBOX_MARK,
        "authority": words.AUTHORITY,
        "title": words.title(content.certificate_type),
        "form": content.certificate_type,
        "nobody_may_demand": words.NOBODY_MAY_DEMAND if content.certificate_type == 2 else "",
        "credential": content.credential,
        "file_code": content.file_code,
        "law": words.LAW,
        "nobody": words.NOBODY,
        "number": content.number,
        "issued_words": f"Ngày {local:%d} tháng {local:%m} năm {local:%Y}",
        "signed_words": f"{local:%H:%M:%S}, {local:%d/%m/%Y}",
        "identity": _identity(content),
        "result": words.HAS_RECORD if in_force else words.NO_RECORD,
        "entries": [_entry(conviction) for conviction in content.convictions],
        "code": content.code,
        "verify_link": link,
        "verify_page": f"{public_url}/verify/",
        "qr": qr_svg(link),
    }


def _identity(content: Content) -> list[tuple[str, str]]:
    former = [("Tên gọi khác", ", ".join(content.former_names))] if content.former_names else []
    lived = [("Nơi ở trước đây", one) for one in content.former_addresses]
    return [
        ("Họ và tên", content.name),
        *former,
        ("Giới tính", words.GENDERS.get(content.gender, words.GENDERS["other"])),
        ("Ngày sinh", f"{content.birthdate:%d/%m/%Y}"),
        ("Số định danh cá nhân", content.identity_number),
        ("Nơi thường trú", content.address),
        *lived,
        ("Mục đích xin cấp", content.purpose),
    ]


def _entry(conviction: Conviction) -> list[tuple[str, str]]:
    return [
        ("Bản án", f"{conviction.judgment} ngày {conviction.judgment_date:%d/%m/%Y}"),
        ("Tòa án", conviction.court),
        ("Tội danh", conviction.offence),
        ("Hình phạt chính", conviction.main_penalty),
        ("Hình phạt bổ sung", conviction.additional_penalty or "Không"),
        *([("Tình trạng", words.SPENT)] if conviction.spent else []),
    ]
