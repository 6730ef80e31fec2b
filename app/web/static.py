"""The client and our assets, compressed once, under an address that carries their version.

What is served is listed at the start, file by file: no address reaches the file system.
"""

import gzip
import hashlib
import json
import mimetypes
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import brotli
from starlette.requests import Request
from starlette.responses import FileResponse, Response

Progress = Callable[[int, int], None]
"""Called with how many files are compressed and how many there are to compress."""

UNUSED_BEGINNINGS = (
    "pyodide/",
    "assets/packages/flutter_math_fork/",
    "canvaskit/experimental_webparagraph/",
    "canvaskit/wimp.",
)
UNUSED_NAMES = (
    "index.html",
    "python.js",
    "python-worker.js",
    "flutter_service_worker.js",
    "flutter.js",
)
UNUSED_ENDINGS = (".map", ".symbols", ".po", ".pot", ".mo", ".py", ".pyc")
COMPRESSED_ALREADY = (".png", ".jpg", ".webp", ".woff2")
MEDIA_TYPES = {
    ".wasm": "application/wasm",
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".json": "application/json",
}
TEXT = ("text/javascript", "application/json", "text/plain")
SMALLEST = 512
"""Bytes under which compression is not worth a second file."""

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it is and, where that is smaller, as `br` and `gzip`."""

    path: Path
    media_type: str
    digest: str
    encodings: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """Every file by its path under the root, and the versions that stand in their addresses.

    The engine has a version of its own: a new picture must not make browsers fetch it again.
    """

    files: Mapping[str, StaticFile]
    version: str
    engine: str

    def answer(self, path: str, request: Request) -> Response | None:
        """The file in the best form that the browser takes; None when there is none."""
        for version in (self.version, self.engine):
            if path.startswith(f"v/{version}/"):
                return self._answer(path.removeprefix(f"v/{version}/"), request, IMMUTABLE)
        return self._answer(path, request, REVALIDATE)

    def _answer(self, path: str, request: Request, cache_control: str) -> Response | None:
        file = self.files.get(path)
        return _respond(file, request, cache_control) if file else None


def prepare(
    assets_dir: Path,
    client_dir: Path,
    cache_dir: Path,
    *,
    quality: int = 5,
    progress: Progress | None = None,
) -> StaticFiles:
    """List what is served and compress what is new; ours come before the client's own.

    The whole client takes about five seconds of CPU with brotli at 5. At 11 it takes two minutes
    and is an eighth smaller; what is in `cache_dir` already is kept whatever its quality.
    """
    found = {**_list(client_dir), **_list(assets_dir)}
    digests = {name: _digest(path) for name, path in found.items()}
    cache_dir.mkdir(parents=True, exist_ok=True)
    wanted = {
        cache_dir / f"{digests[name]}.{coding}": path
        for name, path in found.items()
        if _compressible(path)
        for coding in ("br", "gz")
    }
    _compress(wanted, quality, progress)
    _remove_stale(cache_dir, wanted)
    files = {name: _file(path, digests[name], cache_dir) for name, path in found.items()}
    engine = {name: digest for name, digest in digests.items() if _is_engine(name)}
    return StaticFiles(files, _version(digests), _version(engine))


def _list(folder: Path) -> dict[str, Path]:
    found = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
    return {name: path for name, path in found.items() if _served(name)}


def _served(name: str) -> bool:
    hidden = any(part.startswith(".") for part in name.split("/"))
    unused = (
        name in UNUSED_NAMES or name.startswith(UNUSED_BEGINNINGS) or name.endswith(UNUSED_ENDINGS)
    )
    return not (hidden or unused)


def _is_engine(name: str) -> bool:
    return name.startswith(("main.dart.", "canvaskit/", "flutter_bootstrap"))


def _version(digests: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(sorted(digests.items())).encode()).hexdigest()[:16]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]


def _compressible(path: Path) -> bool:
    return path.suffix not in COMPRESSED_ALREADY and path.stat().st_size >= SMALLEST


def _compress(wanted: Mapping[Path, Path], quality: int, progress: Progress | None) -> None:
    missing = {target: source for target, source in wanted.items() if not target.exists()}
    largest_first = sorted(missing, key=lambda target: -missing[target].stat().st_size)
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        work = [pool.submit(_write, missing[target], target, quality) for target in largest_first]
        for done, each in enumerate(as_completed(work), start=1):
            each.result()
            if progress:
                progress(done, len(work))


def _write(source: Path, target: Path, quality: int) -> None:
    body = source.read_bytes()
    if target.suffix == ".br":
        packed = brotli.compress(body, quality=quality, lgwin=22)
    else:
        packed = gzip.compress(body, compresslevel=6, mtime=0)
    # Written beside and renamed: a start that was cut short must not leave half a file.
    part = target.with_suffix(target.suffix + ".part")
    part.write_bytes(packed if len(packed) < len(body) else b"")
    part.replace(target)


def _remove_stale(cache_dir: Path, wanted: Mapping[Path, Path]) -> None:
    for path in cache_dir.iterdir():
        if path not in wanted and path.suffix in (".br", ".gz", ".part"):
            path.unlink()


def _file(path: Path, digest: str, cache_dir: Path) -> StaticFile:
    stored = {"br": cache_dir / f"{digest}.br", "gzip": cache_dir / f"{digest}.gz"}
    smaller = {
        coding: packed
        for coding, packed in stored.items()
        if packed.exists() and packed.stat().st_size
    }
    guessed = MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    media_type = guessed or "application/octet-stream"
    return StaticFile(path, media_type, digest, smaller)


def _respond(file: StaticFile, request: Request, cache_control: str) -> Response:
    accepted = _accepted(request.headers.get("accept-encoding", ""))
    coding = next(
        (each for each in ("br", "gzip") if each in accepted and each in file.encodings), ""
    )
    etag = f'"{file.digest}{coding and "-" + coding}"'
    headers = {"Cache-Control": cache_control, "ETag": etag, "Vary": "Accept-Encoding"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if coding:
        headers["Content-Encoding"] = coding
    charset = "; charset=utf-8" if file.media_type in TEXT else ""
    path = file.encodings.get(coding, file.path)
    return FileResponse(path, headers=headers, media_type=file.media_type + charset)


def _accepted(header: str) -> set[str]:
    offers = (offer.replace(" ", "").lower().partition(";q=") for offer in header.split(","))
    return {name for name, _, weight in offers if weight.strip("0.") or not weight}
