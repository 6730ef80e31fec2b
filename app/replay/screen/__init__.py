"""What staff see of a replay: its steps, the screen at each, the requests beside it."""

from app.replay.screen.frame import ReplayScreen, Window

__all__ = ["ReplayScreen", "Window"]
