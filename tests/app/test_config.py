"""The profile file: what it gives, and the sentence when something in it is wrong."""

from pathlib import Path

import pytest

from app.config import Config, ConfigError, load

GOOD = """
default_profile = "city"

[profiles.city]
gateway = "https://gateway.example.org/api"
issuer = "https://identity.example.org"
client_id = "ihanoi-app"
"""


def _load(tmp_path: Path, source: str, **environ: str) -> Config:
    path = tmp_path / "flet.toml"
    path.write_text(source, encoding="utf-8")
    return load(path, environ)


def test_the_file_that_ships_holds_three_profiles() -> None:
    """A fresh clone starts embedded, and a city or a local gateway is one variable away."""
    for profile in ("embedded", "local", "city"):
        assert load(environ={"IHANOI_PROFILE": profile}).profile == profile
    assert load(environ={}).embedded


def test_the_environment_overrides_a_profile(tmp_path: Path) -> None:
    """An operator points a build at another gateway without editing a file."""
    config = _load(
        tmp_path,
        GOOD,
        IHANOI_GATEWAY_URL="https://other.example.org",
        IHANOI_ISSUER="https://id.example.org",
        IHANOI_CLIENT_ID="mine",
    )
    assert (config.gateway, config.issuer, config.client_id) == (
        "https://other.example.org",
        "https://id.example.org",
        "mine",
    )


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('gatway = "https://x.example.org"', ["unknown key 'gatway'", "line 8", "gateway"]),
        ('tiles = "ftp://x.example.org"', ["tiles", "line 8", "https"]),
        ('geocoder = "http://x.example.org"', ["geocoder", "line 8", "only for this machine"]),
        ("sandbox = 1", ["sandbox", "line 8", "true or false"]),
        ('features = ["parking"]', ["features", "line 8", "service_requests"]),
        ('scopes = ["profile"]', ["scopes", "line 8", "openid"]),
        ("[profiles.city.limits]\nphotos = 0", ["photos", "line 9", "1 to 20"]),
        ("[profiles.city.limits]\nphoto = 3", ["unknown key 'photo'", "line 9", "photos"]),
        ("[profiles.city.limits]\nphotos = true", ["photos", "line 9", "whole number"]),
    ],
)
def test_a_wrong_line_is_refused_by_name_and_number(
    tmp_path: Path, line: str, named: list[str]
) -> None:
    """A typing error in the profile must not start an app that half works."""
    with pytest.raises(ConfigError) as refused:
        _load(tmp_path, GOOD + line + "\n")
    for words in named:
        assert words in str(refused.value)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"IHANOI_PROFILE": "village"}, ["village", "city"]),
        ({"IHANOI_GATEWAY_URL": "gateway.example.org"}, ["gateway", "https"]),
        (
            {"IHANOI_GATEWAY_URL": "http://gateway.example.org"},
            ["gateway", "only for this machine"],
        ),
        ({"IHANOI_GATEWAY_URL": "embedded"}, ["issuer", "embedded"]),
    ],
)
def test_a_wrong_override_is_refused(
    tmp_path: Path, environ: dict[str, str], named: list[str]
) -> None:
    """A bad variable is told apart from a network that is down."""
    with pytest.raises(ConfigError) as refused:
        _load(tmp_path, GOOD, **environ)
    for words in named:
        assert words in str(refused.value)


def test_a_file_that_is_not_toml_or_not_there_is_said(tmp_path: Path) -> None:
    """One sentence, not a traceback."""
    with pytest.raises(ConfigError, match="not valid TOML"):
        _load(tmp_path, "profiles = [")
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "absent.toml", {})


def test_a_city_names_its_own_numbers(tmp_path: Path) -> None:
    """Who stands outside the city, or in danger, needs the number of that place."""
    text = 'default_profile = "x"\n[profiles.x]\ngateway = "embedded"\nissuer = "embedded"\nclient_id = "a"\n'
    path = tmp_path / "flet.toml"
    path.write_text(text + '[profiles.x.contacts]\nhotline = "1000"\nneighbours = { A = "1001" }\n')
    contacts = load(path, {}).offer.contacts
    assert (contacts.hotline, contacts.police) == ("1000", "113")
    assert contacts.neighbours == (("A", "1001"),)
    path.write_text(text + "[profiles.x.contacts]\nhotline = 1000\n")
    with pytest.raises(ConfigError, match="hotline"):
        load(path, {})
