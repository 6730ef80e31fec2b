"""Replays what a resident's support bundle holds: the same app on recorded answers, clock and acts.

The app runs without a screen on a loop that knows no network (`loop`, `stage`); what it drew is kept
step by step and shown to staff (`view`). See docs/decisions/0013-replay.md.
"""
