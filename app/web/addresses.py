"""Which addresses this host answers to, and which ones it may send a browser on to."""

import re
from urllib.parse import quote, unquote, urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
OWN_ROUTES = ("/sign-in", "/callback", "/signed-out", "/connection", "/ws")


def origin_of(public_url: str) -> str:
    """Scheme, host and port as browsers write them in the Origin header."""
    parts = urlsplit(public_url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def aliases_of(public_url: str) -> frozenset[str]:
    """The Host values that mean this host: on a loopback address, its other names too."""
    parts = urlsplit(public_url)
    name, _, port = parts.netloc.lower().rpartition(":") if parts.port else (parts.netloc, "", "")
    if name not in LOOPBACK:
        return frozenset({parts.netloc.lower()})
    return frozenset(f"{alias}:{port}" if port else alias for alias in LOOPBACK)


def safe_path(address: str | None) -> str:
    r"""The address if it is a path of this app, else `/`.

    What a browser could read as another host is refused, also behind percent-encoding: `//host`,
    `/\host`, control characters. The sign-in routes are refused too: they would turn in a circle.
    """
    if not address or not _is_path(address):
        return "/"
    decoded = address
    while (plainer := unquote(decoded)) != decoded:
        decoded = plainer
    if not _is_path(decoded) or urlsplit(address).path.rstrip("/") in OWN_ROUTES:
        return "/"
    return quote(address, safe="/?&=%:;,@!$'()*+~-._#")


def _is_path(address: str) -> bool:
    return bool(re.fullmatch(r"/(?![/\\])[^\\\x00-\x1f\x7f]*", address))
