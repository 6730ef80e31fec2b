"""Tells the session's recorder what happens on the screen; the replay finds the same things again."""

from app.recording.beginning import Product, begin
from app.recording.screen import Shown, shown, words_of
from app.recording.watching import watch

__all__ = ["Product", "Shown", "begin", "shown", "watch", "words_of"]
