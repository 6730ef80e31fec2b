"""Which words point to another door."""

import pytest

from app.state import Contacts
from views.service_requests.doors import WORDS, doors, doors_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Có đám cháy ở ngõ 12", ("fire",)),
        ("Có ĐÁM CHÁY ở ngõ 12", ("fire",)),
        ("dam chay o ngo 12", ("fire",)),
        ("Hoả hoạn ở chợ", ("fire",)),
        ("Hai người bị thương, đang đánh nhau", ("ambulance", "police")),
        ("Tôi muốn khiếu nại quyết định xử phạt", ("complaint",)),
        ("to cao can bo", ("denunciation",)),
        ("Xe máy chạy nhanh trên vỉa hè", ()),
        ("Ổ gà sâu giữa đường", ()),
        ("", ()),
    ],
)
def test_words_point_to_their_door(text: str, found: tuple[str, ...]) -> None:
    """Running (chạy) is not burning (cháy); who types without marks is understood too."""
    assert doors_of(text) == found


def test_every_door_that_words_point_to_has_a_number() -> None:
    """A hint without a number helps nobody."""
    shown = doors(Contacts())
    assert set(WORDS) <= set(shown)
    assert all(door.number and door.title and door.sentence for door in shown.values())
