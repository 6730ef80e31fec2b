"""A support bundle is written and read, and whatever is none is refused with a code."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.diagnostics import ITEMS, read, sizes, write
from services.diagnostics.bundle import FILES, FORMAT, KEPT_FOR, MANIFEST
from services.diagnostics.opening import LARGEST, LARGEST_OPENED, MOST_FILES
from services.errors import Rejected
from tests.support.bundles import ENDED, example

REFUSALS = tuple(f"bundle_{why}" for why in ("too_large", "foreign", "damaged", "newer", "older"))


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def changed(**values: object) -> bytes:
    """The example with another manifest."""
    manifest = {**example().manifest.to_json(), **values}
    return zipped((MANIFEST, json.dumps(manifest).encode()))


def outcome(data: bytes) -> str:
    """The refusal's code, or that it opened; anything else is a crash."""
    try:
        read(data)
    except Rejected as refusal:
        return refusal.code
    return "opened"


def refused(data: bytes, **given: object) -> str:
    with pytest.raises(Rejected) as caught:
        read(data, **given)  # type: ignore[arg-type]
    return caught.value.code


def test_a_bundle_comes_back_as_it_was_written() -> None:
    """What support opens is what the resident saw in the preview."""
    assert read(write(example())) == example()


def test_the_same_bundle_is_the_same_file() -> None:
    """The size on the button is the size that leaves, and a second try sends the same bytes."""
    assert write(example()) == write(example())


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_turned_off_leaves_no_file_behind(item: str) -> None:
    """A switch that only hides would be a lie."""
    without = example().only([one for one in ITEMS if one != item])
    with zipfile.ZipFile(BytesIO(write(without))) as archive:
        names = archive.namelist()
    assert not any(name.startswith(FILES[item]) for name in names)
    assert item not in read(write(without)).manifest.items


def test_sizes_say_what_leaves() -> None:
    """Count and size follow the switches."""
    found = sizes(example())
    assert set(found) == set(ITEMS)
    assert 0 < sum(found.values()) < len(write(example()))
    assert sizes(example().only(["machine"]))["requests"] == 0


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(lambda: b"", "bundle_foreign", id="empty"),
        pytest.param(lambda: b"%PDF-1.7 certificate", "bundle_foreign", id="a PDF"),
        pytest.param(lambda: zipped(("word/document.xml", b"x")), "bundle_foreign", id="a DOCX"),
        pytest.param(
            lambda: zipped((MANIFEST, b'{"made_by": "someone"}')), "bundle_foreign", id="other app"
        ),
        pytest.param(
            lambda: zipped((MANIFEST, b"{}"), ("../evil.py", b"x")), "bundle_foreign", id="a path"
        ),
        pytest.param(
            lambda: zipped((MANIFEST, b"{}"), ("photos/../a.jpg", b"x")),
            "bundle_foreign",
            id="dots",
        ),
        pytest.param(lambda: write(example())[:-40], "bundle_damaged", id="cut off"),
        pytest.param(lambda: zipped((MANIFEST, b"{")), "bundle_damaged", id="half a manifest"),
        pytest.param(lambda: changed(created="yesterday"), "bundle_damaged", id="no moment"),
        pytest.param(lambda: changed(format="one"), "bundle_damaged", id="no number"),
        pytest.param(lambda: changed(format=FORMAT + 1), "bundle_newer", id="newer"),
        pytest.param(lambda: changed(format=0), "bundle_older", id="older"),
        pytest.param(lambda: b"PK" + b"\0" * LARGEST, "bundle_too_large", id="too large"),
        pytest.param(
            lambda: zipped((MANIFEST, b"{}"), ("har.json", b"\0" * (LARGEST_OPENED + 1))),
            "bundle_too_large",
            id="a zip bomb",
        ),
        pytest.param(
            lambda: zipped(
                *[(f"photos/{n}.jpg", b"") for n in range(MOST_FILES)], (MANIFEST, b"{}")
            ),
            "bundle_too_large",
            id="too many files",
        ),
    ],
)
def test_what_is_no_bundle_is_refused_with_the_reason(data: Callable[[], bytes], code: str) -> None:
    """Support is told what is wrong with the file, and nothing of it is opened."""
    assert refused(data()) == code


def test_a_zip_bomb_that_lies_about_its_size_is_stopped_while_unpacking() -> None:
    """The directory of a zip file is written by whoever made it."""
    bomb = zipped((MANIFEST, b"{}"), ("har.json", b"\0" * (LARGEST_OPENED + 1)))
    size, lie = (LARGEST_OPENED + 1).to_bytes(4, "little"), (9).to_bytes(4, "little")
    assert refused(bomb.replace(size, lie)) in ("bundle_too_large", "bundle_damaged")


def test_a_directory_that_points_before_the_file_is_damaged() -> None:
    """Python's own reader fails with another error for it than for every other damage."""
    data = bytearray(write(example()))
    place = data.rindex(b"PK\x05\x06") + 16
    start = int.from_bytes(data[place : place + 4], "little")
    data[place : place + 4] = (start + 65_536).to_bytes(4, "little")
    assert refused(bytes(data)) == "bundle_damaged"


def test_a_file_named_twice_is_damaged() -> None:
    """Two readers would otherwise see two different bundles."""
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped((MANIFEST, b"{}"), (MANIFEST, b"{}"))
    assert refused(data) == "bundle_damaged"


def test_after_seven_days_nobody_opens_it() -> None:
    """A copy left on a disk is of no use after the promised week."""
    data = write(example())
    assert read(data, ENDED + KEPT_FOR - timedelta(seconds=1)).steps
    assert refused(data, now=ENDED + KEPT_FOR) == "bundle_expired"


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_change_of_bytes_makes_the_reader_fail_otherwise(data: st.DataObject) -> None:
    """A crafted bundle must end in a sentence, never in a crash of the support screen."""
    whole = bytearray(write(example()))
    for _change in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    assert outcome(bytes(whole)) in ("opened", *REFUSALS)


@settings(max_examples=25, deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_no_json_in_a_bundle_makes_the_reader_fail_otherwise(value: object) -> None:
    """The same for contents that are valid JSON and nonsense."""
    manifest = json.dumps(example().manifest.to_json()).encode()
    nonsense = json.dumps(value).encode()
    for name in ("har.json", "acts.jsonl", "screens.jsonl", "state.json", "stand_ins.json"):
        assert outcome(zipped((MANIFEST, manifest), (name, nonsense))) in (
            "opened",
            "bundle_damaged",
        )
