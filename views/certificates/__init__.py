"""Criminal record certificates: applying in four steps, following, reading, keeping the file."""

from views.certificates.detail import CertificateView
from views.certificates.list import CertificatesView
from views.certificates.new_delivery import NewCertificateDeliveryView
from views.certificates.new_details import NewCertificateDetailsView
from views.certificates.new_form import NewCertificateView
from views.certificates.new_review import NewCertificateReviewView
from views.certificates.sending import SendCertificateView
from views.certificates.showing import ShowClaimsView

__all__ = [
    "CertificateView",
    "CertificatesView",
    "NewCertificateDeliveryView",
    "NewCertificateDetailsView",
    "NewCertificateReviewView",
    "NewCertificateView",
    "SendCertificateView",
    "ShowClaimsView",
]
