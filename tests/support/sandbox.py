"""A resident at the sandbox identity provider's pages, without a browser: chooses, types, agrees."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin

import httpx

PASSCODE = "246810"

_FORM = re.compile(r'<form[^>]*action="([^"]+)"')
_TOKEN = re.compile(r'name="form_token"[^>]*value="([^"]+)"')


async def sign_in(http: httpx.AsyncClient, url: str, who: str, passcode: str = PASSCODE) -> str:
    """Go through sign-in and consent; returns the address the resident is sent back to."""
    page = await _follow(http, await http.get(url))
    answers = [
        {"resident": who, "passcode": passcode, "answer": "sign-in"},
        {"answer": "agree"},
    ]
    for answer in answers:
        if page.is_redirect:
            break
        page = await _follow(http, await _submit(http, page, answer))
    assert page.is_redirect, page.text
    return page.headers["location"]


async def turn_back(http: httpx.AsyncClient, url: str) -> str:
    """Leave the sign-in page by its own button; returns the address one is sent back to."""
    page = await _follow(http, await http.get(url))
    page = await _follow(http, await _submit(http, page, {"answer": "cancel"}))
    return str(page.headers["location"])


async def _submit(
    http: httpx.AsyncClient, page: httpx.Response, answer: dict[str, str]
) -> httpx.Response:
    action, token = _FORM.search(page.text), _TOKEN.search(page.text)
    assert action, page.text
    assert token, page.text
    address = urljoin(str(page.request.url), unescape(action[1]))
    return await http.post(address, data={**answer, "form_token": unescape(token[1])})


async def _follow(http: httpx.AsyncClient, page: httpx.Response) -> httpx.Response:
    """Follow redirects inside the provider; one to the app is the answer."""
    while page.is_redirect:
        target = urljoin(str(page.request.url), page.headers["location"])
        if "/identity/" not in target:
            return page
        page = await http.get(target)
    return page
