"""The lock before the app, and before what needs the PIN each time."""

from views.lock.asking import Asked
from views.lock.screen import CoverView, LockView

__all__ = ["Asked", "CoverView", "LockView"]
