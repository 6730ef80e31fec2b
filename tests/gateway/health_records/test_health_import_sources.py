"""Records of other systems become one summary: Synthea's bundles, several sources, newer versions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.database import Database
from gateway.health_records import import_health
from gateway.health_records.bundles import BrokenBundleError, read_bundle, rebuild
from gateway.settings import Settings
from tests.gateway.health_records.imported import SUBJECT, summary_of, titles_of
from tests.gateway.health_records.samples import document


def references_of(value: object) -> set[str]:
    if isinstance(value, list):
        return {found for item in value for found in references_of(item)}
    if not isinstance(value, dict):
        return set()
    own = {value["reference"]} if isinstance(value.get("reference"), str) else set()
    return own | references_of(list(value.values()))


def synthea(kind: str) -> dict[str, Any]:
    """The shape of Synthea's bundles: urn:uuid addresses, a request with each resource, no Composition."""

    def entry(number: int, resource: dict[str, Any]) -> dict[str, Any]:
        name = f"00000000-0000-4000-8000-{number:012}"
        request = {"method": "POST", "url": resource["resourceType"]}
        return {
            "fullUrl": f"urn:uuid:{name}",
            "resource": {**resource, "id": name},
            **({"request": request} if kind == "transaction" else {}),
        }

    subject = {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"}
    concept = {"text": "Từ Synthea"}
    vital = [{"coding": [{"code": "vital-signs"}]}]
    return {
        "resourceType": "Bundle",
        "type": kind,
        "entry": [
            entry(1, {"resourceType": "Patient", "name": [{"family": "Abbott"}]}),
            entry(2, {"resourceType": "Condition", "subject": subject, "code": concept}),
            entry(3, {"resourceType": "Observation", "subject": subject, "code": concept}),
            entry(
                4,
                {"resourceType": "Observation", "subject": subject, "code": concept}
                | {"category": vital},
            ),
            entry(5, {"resourceType": "Claim", "patient": subject}),
        ],
    }


@pytest.mark.parametrize("kind", ["transaction", "collection"])
def test_a_synthea_bundle_becomes_a_summary(
    kind: str, settings: Settings, write_file: Any, database: Database
) -> None:
    """Bundles without a document's table of contents still read as one."""
    assert import_health([write_file(synthea(kind)), "--subject", SUBJECT], settings) == 0
    summary = summary_of(database)
    assert summary["type"] == "document"
    found = titles_of(summary)
    assert (found["11450-4"], found["30954-2"], found["8716-3"]) == (1, 1, 1)
    assert (found["48765-2"], found["10160-0"]) == (0, 0)
    addresses = {entry["fullUrl"] for entry in summary["entry"]}
    assert references_of(summary) <= addresses
    assert "Claim" not in {entry["resource"]["resourceType"] for entry in summary["entry"]}


def test_records_of_two_sources_are_one_summary_with_whole_references(
    settings: Settings, write_file: Any, database: Database
) -> None:
    """Both clinics number their patients 1; each resource keeps its own neighbours."""
    there = json.loads(json.dumps(document(name="B", allergy="Hải sản")).replace("clinic", "other"))
    files = [write_file(document(), "a.json"), write_file(there, "b.json")]
    assert import_health([*files, "--subject", SUBJECT], settings) == 0
    summary = summary_of(database)
    assert titles_of(summary)["48765-2"] == 2
    addresses = [entry["fullUrl"] for entry in summary["entry"]]
    assert len(set(addresses)) == len(addresses)
    assert references_of(summary) <= set(addresses)
    kinds = [entry["resource"]["resourceType"] for entry in summary["entry"]]
    assert kinds.count("Patient") == 1


def test_a_newer_version_of_a_document_takes_the_older_ones_place(
    settings: Settings, write_file: Any, database: Database
) -> None:
    """An allergy that was withdrawn must not live on in an older copy of the same document."""
    newer = document(allergy="Không phải penicillin") | {"timestamp": "2026-11-01T00:00:00Z"}
    files = [write_file(newer, "new.json"), write_file(document(), "old.json")]
    assert import_health([*files, "--subject", SUBJECT], settings) == 0
    words = json.dumps(summary_of(database), ensure_ascii=False)
    assert "Không phải penicillin" in words
    assert '"Penicillin"' not in words


def test_numbers_keep_their_digits() -> None:
    """In FHIR 1.50 says more than 1.5; a laboratory's precision is not ours to round."""
    text = '{ "resourceType":"Bundle", "x": 1.50,\n "entry":[{"resource": {"v": 2.0e1}}, {}] }'
    bundle = read_bundle(text.encode())
    assert bundle.entries[0].raw == '{"v": 2.0e1}'
    assert rebuild(bundle.envelope, [entry.raw for entry in bundle.entries]) == text
    with pytest.raises(BrokenBundleError):
        read_bundle(text[:-1].encode())
