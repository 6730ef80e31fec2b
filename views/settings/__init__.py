"""Settings: how the app is shown, and its lock."""

from views.settings.appearance import SettingsView
from views.settings.lock import LockSettingsView

__all__ = ["LockSettingsView", "SettingsView"]
