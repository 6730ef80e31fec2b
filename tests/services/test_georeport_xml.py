"""GeoReport v2 in XML: real cities are read, and nothing is expanded or fetched."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import GatewayUnavailable
from services.georeport import Receipt, ServiceDefinition, service_requests_of, services_of
from services.georeport_xml import parse

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "open311"


def sample(name: str) -> bytes:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip("the samples lie beside the project, not in it")
    return path.read_bytes()


def test_a_citys_list_of_reports_is_read() -> None:
    """Empty elements are fields that are missing."""
    found = service_requests_of(parse(sample("open311status_requests_many.xml")))
    assert [one.service_request_id for one in found] == ["101005420892", "101005420894"]
    first = found[0]
    assert (first.lat, first.long) == (43.691104288, -79.272306875)
    assert (first.description, first.media_url, first.updated_datetime) == ("", None, None)
    assert first.requested_datetime is not None


def test_a_list_of_one_is_a_list() -> None:
    """XML does not tell one from many."""
    (one,) = service_requests_of(parse(sample("open311status_requests_single.xml")))
    assert one.service_name == "Road - Pot hole"


def test_a_citys_services_are_read_with_and_without_a_declaration() -> None:
    """Letters beyond ASCII too."""
    content = sample("open311status_services_giessen.xml")
    found = services_of(parse(content))
    assert found[3].service_name == "Verkehrsschild beschädigt"
    assert found[3].keywords == ("graffiti", "paintings")
    assert len(found) == 8
    bare = content.partition(b"?>")[2]
    assert services_of(parse(b"\xef\xbb\xbf" + bare)) == found
    assert services_of(parse(b"\n  " + bare)) == found


def test_a_service_definition_is_read() -> None:
    """All six kinds of question come this way."""
    text = """<service_definition><service_code>DMV66</service_code><attributes><attribute>
    <variable>true</variable><code>WHISHETN</code><datatype>singlevaluelist</datatype>
    <required>true</required><datatype_description></datatype_description><order>1</order>
    <description>What is the ticket?</description><values><value><key>123</key><name>Ford</name>
    </value><value><key>124</key><name>Chrysler</name></value></values></attribute></attributes>
    </service_definition>"""
    (question,) = ServiceDefinition.from_json(parse(text.encode())).questions
    assert (question.required, question.datatype) == (True, "singlevaluelist")
    assert [value.name for value in question.values] == ["Ford", "Chrysler"]


def test_a_token_instead_of_an_id_is_read() -> None:
    """The city gives the id later."""
    text = b"<service_requests><request><token>12345</token></request></service_requests>"
    assert Receipt.from_json(parse(text)) == Receipt(token="12345")


def test_an_empty_list_is_a_list() -> None:
    """No reports yet is no failure."""
    assert service_requests_of(parse(b"<service_requests/>")) == []


def test_names_with_a_prefix_are_read() -> None:
    """Some servers put everything into a namespace."""
    text = b'<o:services xmlns:o="x"><o:service><o:service_code>1</o:service_code></o:service></o:services>'
    assert services_of(parse(text))[0].service_code == "1"


HOSTILE = {
    "a document type": b"<!DOCTYPE services><services/>",
    "an outer document type": b'<!DOCTYPE s SYSTEM "http://169.254.169.254/x"><services/>',
    "an entity that reads a file": b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<services><service><service_code>&x;</service_code></service></services>",
    "entities that grow": b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    b"<services><service><service_code>&b;</service_code></service></services>",
    "a parameter entity": b'<!DOCTYPE s [<!ENTITY % x SYSTEM "http://x/"> %x;]><services/>',
    "a document type in UTF-16": "<!DOCTYPE s><services/>".encode("utf-16"),
    "depth": b"<a>" * 50 + b"</a>" * 50,
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_could_reach_out_or_grow_is_refused(content: bytes) -> None:
    """Before anything is expanded."""
    with pytest.raises(GatewayUnavailable) as caught:
        parse(content)
    assert caught.value.code == "xml_refused"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"<a></b>",
        b"{}",
        b"<a>&nbsp;</a>",
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="x-y"?><a/>',
    ],
    ids=repr,
)
def test_what_is_no_xml_is_the_gateways_failure(content: bytes) -> None:
    """A captive portal's page is no list of services."""
    with pytest.raises(GatewayUnavailable):
        parse(content)


@given(
    st.binary(max_size=200)
    | st.text(alphabet="<>/ab&;![]\"'= \n?-DOCTYPE", max_size=80).map(str.encode)
)
def test_no_bytes_break_the_reader(content: bytes) -> None:
    """It reads, or says that it cannot; nothing else is raised."""
    with suppress(GatewayUnavailable):
        parse(content)
