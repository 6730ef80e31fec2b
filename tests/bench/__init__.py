"""Measurements, each behind a command of its own; no test."""
