"""Settings: how the app is shown, its lock, and where one is signed in."""

from views.settings.appearance import SettingsView
from views.settings.lock import LockSettingsView
from views.settings.sessions import SessionsView

__all__ = ["LockSettingsView", "SessionsView", "SettingsView"]
