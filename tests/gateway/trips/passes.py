"""Kinds of passes that a rider has."""

from __future__ import annotations

PAID, PASS, WITH_PARKING = 3, 1, 2
