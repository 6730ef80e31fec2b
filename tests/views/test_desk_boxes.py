"""Blur boxes on a photo: whatever a pointer or a key does, they stay in the picture and can be taken back."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from app.theme import DARK, Look
from views.desk.box_canvas import Drag, begin, by_key, go_on
from views.desk.boxes import SMALLEST, STEP, Box, Drawing, spanned
from views.desk.photo_public import TALLEST, fitted

REACH = (0.05, 0.05)


def inside(box: Box) -> bool:
    """Whether a box lies in the picture and can be seen."""
    edges = box.x >= 0 and box.y >= 0 and box.x + box.width <= 1.0001
    return edges and box.y + box.height <= 1.0001 and min(box.width, box.height) >= SMALLEST


@pytest.mark.parametrize("seed", range(20))
def test_a_box_never_leaves_the_picture(seed: int) -> None:
    """The gateway takes fractions from 0 to 1; a face at the edge must be covered all the same."""
    dice = random.Random(seed)
    drawing, drag = Drawing(), Drag()
    for _turn in range(200):
        point = (dice.uniform(-0.5, 1.5), dice.uniform(-0.5, 1.5))
        match dice.randrange(5):
            case 0:
                drawing = begin(drawing, drag, point, REACH)
            case 1:
                drawing = go_on(drawing, drag, point)
            case 2:
                key = dice.choice(["Arrow Left", "Arrow Right", "Arrow Up", "Arrow Down"])
                drawing = by_key(drawing, key, dice.random() < 0.5)
            case 3:
                drawing = drawing.add()
            case 4:
                drawing = dice.choice([drawing.undo, drawing.remove])()
        assert all(map(inside, drawing.boxes))
        assert drawing.box is not None or drawing.chosen == -1 or not drawing.boxes


def test_a_drag_on_the_picture_draws_a_box_whichever_way_it_goes() -> None:
    """From the lower right to the upper left is as good."""
    drawing, drag = Drawing(), Drag()
    drawing = begin(drawing, drag, (0.6, 0.7), REACH)
    drawing = go_on(drawing, drag, (0.2, 0.3))
    assert drawing.boxes == (Box(0.2, 0.3, 0.4, 0.4),)
    assert drawing.chosen == 0


def test_a_drag_in_a_box_moves_it_and_one_at_its_corner_sizes_it() -> None:
    """The same finger does all three, by where it begins."""
    drawing, drag = Drawing((Box(0.2, 0.2, 0.2, 0.2),), 0), Drag()
    moved = go_on(begin(drawing, drag, (0.3, 0.3), REACH), drag, (0.4, 0.5))
    assert moved.boxes == (Box(0.3, 0.4, 0.2, 0.2),)
    sized = go_on(begin(drawing, drag, (0.4, 0.4), REACH), drag, (0.6, 0.5))
    assert sized.boxes == (Box(0.2, 0.2, 0.4, 0.3),)


def test_one_undo_takes_back_a_whole_drag() -> None:
    """Thirty small moves of one drag are one thing to the officer."""
    drawing, drag = Drawing((Box(0.2, 0.2, 0.2, 0.2),), 0), Drag()
    drawing = begin(drawing, drag, (0.3, 0.3), REACH)
    for n in range(30):
        drawing = go_on(drawing, drag, (0.3 + n / 100, 0.3))
    assert drawing.undo().boxes == (Box(0.2, 0.2, 0.2, 0.2),)


def test_keys_move_size_and_remove_the_chosen_box() -> None:
    """Who has no pointer can cover a face as well."""
    drawing = Drawing().add()
    before = drawing.boxes[0]
    assert by_key(drawing, "Arrow Left", False).boxes[0] == before.moved(-STEP, 0)
    assert by_key(drawing, "Arrow Down", True).boxes[0] == before.sized(0, STEP)
    assert by_key(drawing, "Delete", False).boxes == ()
    assert by_key(drawing, "A", False) == drawing


def test_a_removed_box_comes_back() -> None:
    """A slip of the finger must not uncover somebody."""
    drawing = Drawing().add().add(Box(0.1, 0.1, 0.1, 0.1))
    assert drawing.remove().undo().boxes == drawing.boxes


def test_a_tap_chooses_the_uppermost_box() -> None:
    """What is seen on top is what is meant."""
    drawing = Drawing((Box(0, 0, 0.5, 0.5), Box(0.1, 0.1, 0.5, 0.5)))
    assert drawing.at((0.2, 0.2)) == 1
    assert drawing.at((0.05, 0.05)) == 0
    assert drawing.at((0.9, 0.9)) == -1


def test_the_smallest_box_can_still_be_seen() -> None:
    """A tap without a drag draws something that can be taken hold of."""
    assert inside(spanned((1, 1), (1, 1)))


@dataclass(frozen=True)
class _Case:
    width: float
    size: tuple[int, int]


@pytest.mark.parametrize(
    "case", [_Case(412, (1600, 900)), _Case(412, (900, 1600)), _Case(1280, (1600, 1200))]
)
def test_the_picture_keeps_its_shape_and_fits_the_screen(case: _Case) -> None:
    """Boxes are fractions of the picture: a squeezed one would cover the wrong place."""
    width, height = fitted(case.size, Look(DARK, 1.0, case.width))
    assert width / height == pytest.approx(case.size[0] / case.size[1])
    assert width <= case.width - 32
    assert height <= TALLEST + 0.01
