"""Where photos lie: a folder by default, an S3 bucket when MEDIA_URL says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from gateway.photos import Photo


class MediaStore:
    """Keeps each photo's two sizes under its media id.

    Its methods block: call them from a worker thread.
    """

    def __init__(self, url: str) -> None:
        """`url` is file:///folder, or s3://bucket/prefix credentials in the environment."""
        self._store = _open(url)

    def put(self, media_id: str, photo: Photo) -> None:
        """Keep both sizes."""
        obstore.put(self._store, path_of(media_id), photo.full)
        obstore.put(self._store, path_of(media_id, thumbnail=True), photo.thumbnail)

    def get(self, media_id: str, *, thumbnail: bool = False) -> bytes:
        """The JPEG of that size. Raises FileNotFoundError."""
        return bytes(obstore.get(self._store, path_of(media_id, thumbnail=thumbnail)).bytes())

    def copy(self, media_id: str, copied_id: str) -> None:
        """Keep a photo a second time under another id, both sizes."""
        for thumbnail in (False, True):
            source = path_of(media_id, thumbnail=thumbnail)
            obstore.copy(self._store, source, path_of(copied_id, thumbnail=thumbnail))

    def put_document(self, media_id: str, data: bytes) -> None:
        """Keep a document as it is."""
        obstore.put(self._store, f"{media_id}.pdf", data)

    def get_document(self, media_id: str) -> bytes:
        """The document. Raises FileNotFoundError."""
        return bytes(obstore.get(self._store, f"{media_id}.pdf").bytes())

    def put_public(self, media_id: str, jpeg: bytes) -> None:
        """Keep the copy that everybody may see, instead of an earlier one."""
        obstore.put(self._store, f"{media_id}-public.jpg", jpeg)

    def get_public(self, media_id: str) -> bytes:
        """The copy that everybody may see. Raises FileNotFoundError."""
        return bytes(obstore.get(self._store, f"{media_id}-public.jpg").bytes())

    def put_bundle(self, case_id: str, data: bytes) -> None:
        """Keep a resident's bundle for support as it is."""
        obstore.put(self._store, f"{case_id}.zip", data)

    def get_bundle(self, case_id: str) -> bytes:
        """The bundle. Raises FileNotFoundError."""
        return bytes(obstore.get(self._store, f"{case_id}.zip").bytes())

    def delete(self, media_id: str) -> None:
        """Forget everything kept under the id."""
        self.delete_private(media_id)
        self._forget(f"{media_id}-public.jpg")

    def delete_private(self, media_id: str) -> None:
        """Forget everything kept under the id but the copy that everybody may see."""
        small = path_of(media_id, thumbnail=True)
        for path in (path_of(media_id), small, f"{media_id}.pdf", f"{media_id}.zip"):
            self._forget(path)

    def put_archive(self, name: str, file: Path) -> None:
        """Keep a file's content in parts, never whole in memory."""
        obstore.put(self._store, f"{name}.zip", file)

    def read_archive(self, name: str) -> Iterator[bytes]:
        """The parts of such a file, one after another. Raises FileNotFoundError at once."""
        found = obstore.get(self._store, f"{name}.zip")
        return (bytes(part) for part in found.stream())

    def everything(self, name: str) -> Iterator[tuple[str, bytes]]:
        """What is kept under the id, by its ending: the photo, document or bundle itself."""
        for ending in ("jpg", "pdf", "zip"):
            with suppress(FileNotFoundError):
                yield ending, bytes(obstore.get(self._store, f"{name}.{ending}").bytes())

    def _forget(self, path: str) -> None:
        with suppress(FileNotFoundError):
            obstore.delete(self._store, path)


def _open(url: str) -> ObjectStore:
    parts = urlsplit(url)
    if parts.scheme != "file":
        return from_url(url)
    folder = Path(unquote(parts.path))
    folder.mkdir(parents=True, exist_ok=True)
    return LocalStore(folder)


def path_of(media_id: str, *, thumbnail: bool = False) -> str:
    """The object's name."""
    return f"{media_id}-thumbnail.jpg" if thumbnail else f"{media_id}.jpg"
