"""The message catalogues: what the code says, what is translated, and the file that ships.

python -m tests.support.locale           builds assets/locale/vi/LC_MESSAGES/ihanoi.mo
python -m tests.support.locale --missing lists the messages without a translation
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent.parent
SOURCES = ("app", "views")
LANGUAGE = "vi"
FOLDER = ROOT / "assets" / "locale" / LANGUAGE
SHIPPED = FOLDER / "LC_MESSAGES" / "ihanoi.mo"

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

MessageId = str | tuple[str, ...]


def said() -> dict[MessageId, str]:
    """Every message in the code, with the place where it is said first."""
    found: dict[MessageId, str] = {}
    for source in SOURCES:
        for name, line, message, _comments, _context in extract_from_dir(
            ROOT / source, keywords={"_": None, "ngettext": (1, 2)}
        ):
            key = tuple(message) if isinstance(message, (tuple, list)) else message
            found.setdefault(key, f"{source}/{name}:{line}")
    return found


def translated() -> Catalog:
    """All `.po` files of the language as one catalogue; a message in two files must agree."""
    # A fixed date: the file that ships changes only with its messages.
    merged = Catalog(locale=LANGUAGE, charset="utf-8", creation_date=EPOCH, revision_date=EPOCH)
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as source:
            for message in read_po(source, locale=LANGUAGE):
                if message.id:
                    _add(merged, message, path)
    return merged


def compiled() -> bytes:
    """The catalogue as gettext reads it at run time."""
    out = io.BytesIO()
    write_mo(out, translated())
    return out.getvalue()


def missing() -> list[str]:
    """`place: message` for each message that has no words in the language."""
    catalogue = translated()
    return [
        f"{place}: {key!r}"
        for key, place in said().items()
        if not _words(catalogue, key if isinstance(key, str) else key[0])
    ]


def words_of(message: Message) -> list[str]:
    """The forms of a translated message: one, or one for each plural."""
    words = message.string or ""
    return [words] if isinstance(words, str) else list(words)


def _words(catalogue: Catalog, key: str) -> bool:
    message = catalogue.get(key)
    return message is not None and all(words_of(message))


def _add(merged: Catalog, message: Message, path: Path) -> None:
    first = message.id if isinstance(message.id, str) else message.id[0]
    known = merged.get(first)
    if known is not None and known.string and words_of(known) != words_of(message):
        raise SystemExit(f"{path.name}: {message.id!r} is translated differently in another file")
    merged.add(message.id, message.string)


def check() -> str:
    """What is wrong with the catalogues, or nothing."""
    if untranslated := missing():
        return "Without Vietnamese words:\n" + "\n".join(untranslated)
    if not SHIPPED.exists() or SHIPPED.read_bytes() != compiled():
        return f"{SHIPPED.relative_to(ROOT)} is older than its sources: run make locale"
    return ""


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(check() or 0)
    SHIPPED.parent.mkdir(parents=True, exist_ok=True)
    SHIPPED.write_bytes(compiled())
    print(f"{len(translated())} messages in {SHIPPED.relative_to(ROOT)}")
