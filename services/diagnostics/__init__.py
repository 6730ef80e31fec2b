"""What the app keeps of its last minutes, so that support can see what the resident saw."""

from services.diagnostics.bundle import ITEMS, UNASKED, Bundle, Manifest, Screen, Step, sizes, write
from services.diagnostics.opening import read
from services.diagnostics.recorder import Recorder

__all__ = [
    "ITEMS",
    "UNASKED",
    "Bundle",
    "Manifest",
    "Recorder",
    "Screen",
    "Step",
    "read",
    "sizes",
    "write",
]
