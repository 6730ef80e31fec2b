"""What waits in the outbox in words: which act it is, how large, how far."""

from app.text import _, ngettext
from services.outbox import OutboxItem
from services.support import BUNDLE, MESSAGE

REPORT = "service_request"
MEGABYTE, KILOBYTE = 1_000_000, 1_000


def act_of(item: OutboxItem) -> str:
    """The act of an item as the gateway names it; `report` for a new one."""
    return "report" if item.kind == REPORT else item.kind


def kind_word(item: OutboxItem) -> str:
    """`Câu trả lời`, `Đánh giá`, …; an unknown kind is something to send."""
    words = {
        "report": _("Report"),
        "answer": _("Answer"),
        "rate": _("Rating"),
        "reopen": _("Opening again"),
        "withdraw": _("Withdrawal"),
        "correct": _("Correction"),
        "follow": _("Following"),
        "unfollow": _("End of following"),
        "certificate_application": _("Application for a certificate"),
        "parking_start": _("Start parking"),
        "parking_stop": _("End parking and pay"),
        "measurement": _("Own measurement or note"),
        "measurement_delete": _("Deletion of an own line"),
        "health_correction": _("Correction of the health record"),
        BUNDLE: _("Support bundle"),
        MESSAGE: _("Message to support"),
        "consent": _("Decision about your data"),
    }
    return words.get(act_of(item), _("Something to send"))


def show_size(size: int) -> str:
    """`4,1 MB`, `76 kB`, as the guide writes it."""
    if size >= MEGABYTE:
        return f"{size / MEGABYTE:.1f} MB".replace(".", ",")
    return f"{max(1, round(size / KILOBYTE))} kB"


def contents_of(item: OutboxItem) -> str:
    """`3 ảnh · 4,1 MB`; without photos the size alone."""
    pictures = 0 if item.kind == BUNDLE else len(item.parts)
    photos = ngettext("{n} photo", "{n} photos", pictures) if pictures else ""
    return " · ".join(part for part in (photos, show_size(item.size)) if part)
