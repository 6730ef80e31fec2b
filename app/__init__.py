"""The shell: puts services and views together for a phone, a desktop window or a web session."""

__version__ = "0.1.0"
