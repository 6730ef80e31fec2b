"""Settings of how the app is shown."""

from views.settings.appearance import SettingsView

__all__ = ["SettingsView"]
