"""A link as a QR code: dark on white in both themes, with a margin of four modules."""

import io

import qrcode
from PIL import Image

from app.theme import QR_DARK, QR_LIGHT


def draw_link(link: str) -> bytes:
    """A PNG of the code, error correction M."""
    drawing = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4, mask_pattern=0)
    drawing.add_data(link, optimize=0)
    drawing.make(fit=True)
    modules = drawing.get_matrix()
    side = len(modules)
    picture = Image.frombytes("P", (side, side), bytes(dark for row in modules for dark in row))
    picture.putpalette([*bytes.fromhex(QR_LIGHT[1:]), *bytes.fromhex(QR_DARK[1:])])
    file = io.BytesIO()
    picture.resize((side * 8, side * 8), Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()
