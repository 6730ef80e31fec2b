"""The list of attacks is whole, and the page in the docs is the code's."""

from __future__ import annotations

import re

from tests.attacks.table import DOCUMENT, attacks, page

STANDARD = re.compile(r"(RFC \d{4}|OpenID Connect Core) \d+(\.\d+)*")
SECTIONS_OF_RFC_9700 = {
    "4.1": "insufficient redirect URI validation",
    "4.2": "credential leakage via Referer headers",
    "4.3": "credential leakage via browser history",
    "4.4": "mix-up",
    "4.5": "authorization code injection",
    "4.6": "access token injection",
    "4.7": "cross-site request forgery",
    "4.8": "PKCE downgrade",
    "4.9": "access token leakage at the resource server",
    "4.10": "misuse of stolen access tokens",
    "4.11": "open redirection",
    "4.12": "307 redirect",
    "4.13": "reverse proxies that end TLS",
    "4.14": "refresh tokens",
    "4.15": "a client impersonating a resident",
    "4.16": "clickjacking",
    "4.17": "in-browser communication",
}
"""Every attack that RFC 9700 describes."""


def test_every_attack_of_rfc_9700_is_tried() -> None:
    """The best current practice lists them; one that is not tried is one that may work."""
    tried = {each.standard for each in attacks()}
    missing = {
        section: name
        for section, name in SECTIONS_OF_RFC_9700.items()
        if not any(re.match(rf"RFC 9700 {re.escape(section)}(\.|$)", each) for each in tried)
    }
    assert missing == {}


def test_every_attack_is_named_once_and_says_where_it_is_described() -> None:
    """Two rows of one name would count one attack twice."""
    found = attacks()
    names = [each.what for each in found]
    assert len(set(names)) == len(names)
    assert [each for each in found if not STANDARD.fullmatch(each.standard)] == []
    assert [each for each in found if "|" in each.what] == []
    assert len(found) >= 40


def test_the_page_in_the_docs_is_the_tests() -> None:
    """`python -m tests.attacks.table` writes it anew."""
    assert DOCUMENT.read_text(encoding="utf-8") == page()
