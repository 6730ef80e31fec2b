"""The resident's criminal record certificates: applied for, followed, read; and checking for all."""

from services.certificates.applications import CertificateApplication as CertificateApplication
from services.certificates.applications import (
    CriminalRecordCertificate as CriminalRecordCertificate,
)
from services.certificates.applications import StatusChange as StatusChange
from services.certificates.checking import CertificateRead as CertificateRead
from services.certificates.checking import CheckedCertificate as CheckedCertificate
from services.certificates.checking import PrintedDetails as PrintedDetails
from services.certificates.checking import Sought as Sought
from services.certificates.checking import Verification as Verification
from services.certificates.form import CertificateDraft as CertificateDraft
from services.certificates.form import CertificateForm as CertificateForm
from services.certificates.form import CertificateIdentity as CertificateIdentity
from services.certificates.form import Obstacle as Obstacle
from services.certificates.form import Purpose as Purpose
from services.certificates.service import Certificates as Certificates
