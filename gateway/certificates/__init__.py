"""Criminal record certificates (Law 107/2025): applying, issuing, signing and checking."""

from gateway.certificates.routes import router

__all__ = ["router"]
