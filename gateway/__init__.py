"""The open reference city: an ASGI gateway over the public standards and one SQL database."""
