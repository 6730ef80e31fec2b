"""What residents agreed to, and who saw what is theirs."""

from views.privacy_log.accesses import AccessLogView
from views.privacy_log.consents import ConsentsView

__all__ = ["AccessLogView", "ConsentsView"]
