"""The authorization request (OpenID Connect Core 3.1.2.1, RFC 7636):
read strictly, refused in the right place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode

from gateway.identity.clients import Client
from gateway.identity.refusals import PageError

LEVELS = ("loa1", "loa2")
"""The identity levels of Decree 69/2024, lowest first."""

PROMPTS = frozenset({"none", "login", "consent", "select_account"})

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_LONGEST = 2048
_NOT_SUPPORTED = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}


class RedirectedError(Exception):
    """A refusal told to the client at its own address (RFC 6749, section 4.1.2.1)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error, self.description = error, description


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What the client asked, after every check.

    `acr_values` and `scopes` hold only what is known here.
    """

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    code_challenge: str = field(repr=False)
    state: str | None = field(default=None, repr=False)
    nonce: str | None = field(default=None, repr=False)
    acr_values: tuple[str, ...] = ()
    login_hint: str = field(default="", repr=False)
    expected_subject: str | None = field(default=None, repr=False)
    locale: str = "vi"
    dpop_jkt: str | None = field(default=None, repr=False)

    def answer(self, issuer: str, **parameters: str) -> str:
        """The address that carries an answer back, with `state` and `iss` (RFC 9207)."""
        return answer_address(self.redirect_uri, self.state, issuer, **parameters)

    def accepts(self, acr: str) -> bool:
        """Whether a sign-in at that level reaches the lowest level asked for."""
        lowest = min((LEVELS.index(level) for level in self.acr_values), default=0)
        return LEVELS.index(acr) >= lowest

    def to_json(self) -> str:
        """For storing; `from_json` reads it back."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> AuthorizationRequest:
        """What `to_json` wrote."""
        found = json.loads(text)
        lists = {name: tuple(found[name]) for name in ("scopes", "acr_values")}
        return cls(**{**found, **lists})


def answer_address(redirect_uri: str, state: str | None, issuer: str, **parameters: str) -> str:
    """The redirect URI with the parameters, `state` where the client gave one, and `iss`."""
    given = {} if state is None else {"state": state}
    joint = "&" if "?" in redirect_uri else "?"
    return f"{redirect_uri}{joint}{urlencode({**parameters, **given, 'iss': issuer})}"


def client_of(parameters: Mapping[str, str], clients: Mapping[str, Client]) -> Client:
    """The client, once it and its redirect URI are known to be right.

    Raises PageError: nobody may be redirected.
    """
    client = clients.get(parameters.get("client_id", ""))
    if client is None:
        raise PageError("unknown_client")
    if not client.may_return_to(parameters.get("redirect_uri", "")):
        raise PageError("bad_redirect")
    return client


def read_request(
    parameters: Mapping[str, str], client: Client, expected_subject: str | None = None
) -> AuthorizationRequest:
    """The checked request of that client.

    Raises RedirectedError, whose error the client is told.
    """
    _refuse_unsupported(parameters)
    _check_prompt(parameters)
    return AuthorizationRequest(
        client_id=client.client_id,
        redirect_uri=parameters["redirect_uri"],
        scopes=_scopes(parameters, client),
        code_challenge=_challenge(parameters),
        state=parameters.get("state"),
        nonce=parameters.get("nonce"),
        acr_values=tuple(v for v in parameters.get("acr_values", "").split() if v in LEVELS),
        login_hint=parameters.get("login_hint", ""),
        expected_subject=expected_subject,
        locale=locale_of(parameters.get("ui_locales", "")) or "vi",
        dpop_jkt=_key(parameters.get("dpop_jkt")),
    )


def locale_of(ui_locales: str) -> str | None:
    """The first language of the list that the pages are written in: vi, en or None."""
    subtags = [tag.split("-")[0].lower() for tag in ui_locales.split()]
    return next((tag for tag in subtags if tag in {"vi", "en"}), None)


def _refuse_unsupported(parameters: Mapping[str, str]) -> None:
    for name, error in _NOT_SUPPORTED.items():
        if name in parameters:
            raise RedirectedError(error, f"{name} is not supported")
    if any(len(value) > _LONGEST for value in parameters.values()):
        raise RedirectedError("invalid_request", "a parameter is too long")
    if "response_type" not in parameters:
        raise RedirectedError("invalid_request", "response_type is missing")
    if parameters["response_type"] != "code":
        raise RedirectedError("unsupported_response_type", "only code is supported")
    if parameters.get("response_mode", "query") != "query":
        raise RedirectedError("invalid_request", "only response_mode query is supported")


def _check_prompt(parameters: Mapping[str, str]) -> None:
    """Nobody is remembered here, so every sign-in is fresh:
    `login` and `max_age` are always satisfied.
    """
    prompts = set(parameters.get("prompt", "").split())
    if not prompts <= PROMPTS or (len(prompts) > 1 and "none" in prompts):
        raise RedirectedError("invalid_request", "prompt has a value that is not supported")
    max_age = parameters.get("max_age", "0")
    if not (max_age.isascii() and max_age.isdigit()):
        raise RedirectedError("invalid_request", "max_age must be a number of seconds")
    if "none" in prompts:
        raise RedirectedError("login_required", "the resident has to sign in")


def _scopes(parameters: Mapping[str, str], client: Client) -> tuple[str, ...]:
    asked = parameters.get("scope", "").split()
    if "openid" not in asked:
        raise RedirectedError("invalid_scope", "scope must contain openid")
    return tuple(scope for scope in client.scopes if scope in asked)


def _key(dpop_jkt: str | None) -> str | None:
    """The thumbprint of the key that the code shall be bound to (RFC 9449, section 10)."""
    if dpop_jkt is not None and not _CHALLENGE.fullmatch(dpop_jkt):
        raise RedirectedError("invalid_request", "dpop_jkt must be a SHA-256 thumbprint")
    return dpop_jkt


def _challenge(parameters: Mapping[str, str]) -> str:
    challenge = parameters.get("code_challenge", "")
    if parameters.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise RedirectedError("invalid_request", "PKCE with code_challenge_method S256 is required")
    return challenge
