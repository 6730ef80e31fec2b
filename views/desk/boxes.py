"""Blur boxes on a photo: drawn, moved, sized and taken back; all in fractions of the picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

SMALLEST = 0.03
"""A box's least side: smaller ones hide nothing and cannot be taken hold of."""
STEP = 0.02
NEW = (0.35, 0.35, 0.3, 0.3)

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle to blur: its corner at the top left and its sides, each from 0 to 1."""

    x: float
    y: float
    width: float
    height: float

    def within(self) -> Box:
        """The same box inside the picture, with sides that are not too small."""
        width, height = (min(1.0, max(SMALLEST, side)) for side in (self.width, self.height))
        x = min(max(0.0, self.x), 1 - width)
        y = min(max(0.0, self.y), 1 - height)
        return Box(*(round(value, 4) for value in (x, y, width, height)))

    def moved(self, right: float, down: float) -> Box:
        """The same box elsewhere."""
        return replace(self, x=self.x + right, y=self.y + down).within()

    def sized(self, wider: float, taller: float) -> Box:
        """The same corner, other sides; it never grows past the picture's edge."""
        width = min(self.width + wider, 1 - self.x)
        height = min(self.height + taller, 1 - self.y)
        return replace(self, width=width, height=height).within()

    def holds(self, point: Point) -> bool:
        """Whether a point lies in the box."""
        x, y = point
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height

    def corner_near(self, point: Point, reach: Point) -> bool:
        """Whether a point lies by the corner at the bottom right."""
        x, y = point
        near_x = abs(x - self.x - self.width) <= reach[0]
        return near_x and abs(y - self.y - self.height) <= reach[1]


def spanned(start: Point, end: Point) -> Box:
    """The box between two corners, whichever way it was drawn."""
    (left, right), (top, bottom) = (sorted(pair) for pair in zip(start, end, strict=True))
    left, top = max(0.0, left), max(0.0, top)
    return Box(left, top, min(1.0, right) - left, min(1.0, bottom) - top).within()


@dataclass(frozen=True, slots=True)
class Drawing:
    """The boxes of one photo, the chosen one (-1: none), and every state before, for undo."""

    boxes: tuple[Box, ...] = ()
    chosen: int = -1
    before: tuple[tuple[Box, ...], ...] = ()

    @property
    def box(self) -> Box | None:
        """The chosen box."""
        return self.boxes[self.chosen] if 0 <= self.chosen < len(self.boxes) else None

    def add(self, box: Box | None = None) -> Drawing:
        """One box more, chosen; in the middle where none is given."""
        boxes = (*self.boxes, box or Box(*NEW))
        return Drawing(boxes, len(boxes) - 1, (*self.before, self.boxes))

    def change(self, box: Box, *, remember: bool = True) -> Drawing:
        """The chosen box as it is now; `remember` False while one drag goes on."""
        if self.box is None or box == self.box:
            return self
        boxes = (*self.boxes[: self.chosen], box, *self.boxes[self.chosen + 1 :])
        before = (*self.before, self.boxes) if remember else self.before
        return Drawing(boxes, self.chosen, before)

    def remember(self) -> Drawing:
        """The same, with this state to come back to: before a drag begins."""
        return replace(self, before=(*self.before, self.boxes))

    def remove(self) -> Drawing:
        """Without the chosen box; the one before it is chosen then."""
        if self.box is None:
            return self
        boxes = (*self.boxes[: self.chosen], *self.boxes[self.chosen + 1 :])
        return Drawing(boxes, min(self.chosen, len(boxes) - 1), (*self.before, self.boxes))

    def undo(self) -> Drawing:
        """As it was one change ago."""
        if not self.before:
            return self
        boxes = self.before[-1]
        return Drawing(boxes, min(self.chosen, len(boxes) - 1), self.before[:-1])

    def choose(self, number: int) -> Drawing:
        """Another box chosen, counted round."""
        return replace(self, chosen=number % len(self.boxes) if self.boxes else -1)

    def at(self, point: Point) -> int:
        """The box under a point, the last drawn first; -1 where there is none."""
        found = (n for n in reversed(range(len(self.boxes))) if self.boxes[n].holds(point))
        return next(found, -1)
