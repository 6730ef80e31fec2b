"""The resident's criminal record certificates: applied for, followed, read; and checking for all."""

from services.certificates.applications import Apology as Apology
from services.certificates.applications import CertificateApplication as CertificateApplication
from services.certificates.applications import (
    CriminalRecordCertificate as CriminalRecordCertificate,
)
from services.certificates.applications import Message as Message
from services.certificates.applications import Payment as Payment
from services.certificates.applications import Refusal as Refusal
from services.certificates.applications import StatusChange as StatusChange
from services.certificates.checking import CertificateRead as CertificateRead
from services.certificates.checking import CheckedCertificate as CheckedCertificate
from services.certificates.checking import Presentation as Presentation
from services.certificates.checking import PresentationCheck as PresentationCheck
from services.certificates.checking import PrintedDetails as PrintedDetails
from services.certificates.checking import Shown as Shown
from services.certificates.checking import Sought as Sought
from services.certificates.checking import Verification as Verification
from services.certificates.drafts import CertificateDraft as CertificateDraft
from services.certificates.drafts import FormerAddress as FormerAddress
from services.certificates.form import CertificateForm as CertificateForm
from services.certificates.form import CertificateIdentity as CertificateIdentity
from services.certificates.form import Child as Child
from services.certificates.form import Obstacle as Obstacle
from services.certificates.form import Purpose as Purpose
from services.certificates.presentations import Credential as Credential
from services.certificates.presentations import Presentations as Presentations
from services.certificates.service import KIND as KIND
from services.certificates.service import Certificates as Certificates
