"""The lock before the app."""

from views.lock.behind import Behind, is_shut
from views.lock.screen import CoverView, LockView

__all__ = ["Behind", "CoverView", "LockView", "is_shut"]
