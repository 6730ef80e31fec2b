"""Address → view. Imports every view; imported by the shell alone."""

from collections.abc import Callable, Iterator, Sequence

import flet as ft

from views.about import AboutView
from views.cards import (
    CardCodeView,
    CardsView,
    InspectView,
    NewParkingView,
    ParkingListView,
    ParkingSessionView,
    TripsView,
    TripView,
)
from views.certificates import (
    CertificatesView,
    CertificateView,
    NewCertificateDeliveryView,
    NewCertificateDetailsView,
    NewCertificateReviewView,
    NewCertificateView,
    SendCertificateView,
    ShowClaimsView,
)
from views.desk import DeskDataRequestsView, DeskPhotoView, DeskReportView, DeskView
from views.health_people import (
    AccessesView,
    CodeView,
    CorrectionsView,
    EmergencyCardView,
    EmergencyView,
    InviteView,
    MeasurementsView,
    MeasurementView,
    NewCorrectionView,
    NewMeasurementView,
    PeopleView,
)
from views.health_records import (
    HealthItemView,
    HealthPrintView,
    HealthRecordView,
    HealthSectionView,
    HealthTrendView,
    HealthVisitView,
)
from views.health_sharing import HealthSharesView, HealthShareView, NewHealthShareView
from views.home import HomeView
from views.inbox import InboxView
from views.me import MeView
from views.outbox import OutboxView
from views.privacy import (
    DataRequestsView,
    EraseAccountView,
    EraseDeviceView,
    ErasureView,
    ExportView,
    PrivacyView,
)
from views.privacy_log import AccessLogView, ConsentsView
from views.service_requests import (
    AnswerView,
    CorrectView,
    DraftsView,
    NearbyView,
    NewPhotosView,
    NewPlaceView,
    NewReviewView,
    ReopenView,
    ServiceRequestListView,
    ServiceRequestView,
)
from views.session_over import ErasedElsewhereView, SignedOutElsewhereView
from views.settings import LockSettingsView, SessionsView, SettingsView
from views.sign_in import SignInFailedView, SignInView
from views.support import (
    BundleSentView,
    NewBundleView,
    OpenedBundleView,
    PersonasView,
    SupportCaseView,
    SupportDeskView,
    SupportLogView,
    SupportView,
)
from views.verify import VerifyView

Component = Callable[[], ft.Control]


def routes(shell: Component) -> list[ft.Route]:
    """The tree of addresses in `app.paths`; `shell` frames every screen."""
    reports = [
        ft.Route(path="new", component=NewPhotosView),
        ft.Route(path="new/place", component=NewPlaceView),
        ft.Route(path="new/review", component=NewReviewView),
        ft.Route(path="drafts", component=DraftsView),
        ft.Route(path="nearby", component=NearbyView),
        ft.Route(path="id/:service_request_id", component=ServiceRequestView),
        ft.Route(path="id/:service_request_id/correct", component=CorrectView),
        ft.Route(path="id/:service_request_id/answer", component=AnswerView),
        ft.Route(path="id/:service_request_id/reopen", component=ReopenView),
    ]
    certificates = [
        ft.Route(path="new", component=NewCertificateView),
        ft.Route(path="new/details", component=NewCertificateDetailsView),
        ft.Route(path="new/delivery", component=NewCertificateDeliveryView),
        ft.Route(path="new/review", component=NewCertificateReviewView),
        ft.Route(path="id/:application_id", component=CertificateView),
        ft.Route(path="id/:application_id/send", component=SendCertificateView),
        ft.Route(path="id/:application_id/show", component=ShowClaimsView),
    ]
    cards = [
        ft.Route(path="code", component=CardCodeView),
        ft.Route(path="parking", component=ParkingListView),
        ft.Route(path="parking/new", component=NewParkingView),
        ft.Route(path="parking/id/:session_id", component=ParkingSessionView),
        ft.Route(path="trips", component=TripsView),
        ft.Route(path="trips/id/:trip_id", component=TripView),
        ft.Route(path="inspect", component=InspectView),
    ]
    sharing = [
        ft.Route(path="health/share", component=NewHealthShareView),
        ft.Route(path="health/shares", component=HealthSharesView),
        ft.Route(path="health/shares/:share_id", component=HealthShareView),
    ]
    support = [
        ft.Route(path="new", component=NewBundleView),
        ft.Route(path="sent/:key", component=BundleSentView),
        ft.Route(path="id/:code", component=SupportCaseView),
    ]
    support_desk = [
        ft.Route(path="log", component=SupportLogView),
        ft.Route(path="personas", component=PersonasView),
        ft.Route(path="openings/:opening_id", component=OpenedBundleView),
    ]
    me = [
        ft.Route(path="inbox", component=InboxView),
        ft.Route(path="outbox", component=OutboxView),
        ft.Route(path="verify", component=VerifyView),
        ft.Route(path="support", component=SupportView, children=support),
        ft.Route(
            path="settings",
            component=SettingsView,
            children=[ft.Route(path="sessions", component=SessionsView)],
        ),
        ft.Route(path="settings/lock", component=LockSettingsView),
        ft.Route(path="privacy", component=PrivacyView),
        ft.Route(path="privacy/export", component=ExportView),
        ft.Route(path="privacy/device", component=EraseDeviceView),
        ft.Route(path="privacy/erase", component=EraseAccountView),
        ft.Route(path="privacy/erasures/:erasure_id", component=ErasureView),
        ft.Route(path="privacy/requests", component=DataRequestsView),
        ft.Route(path="privacy/accesses", component=AccessLogView),
        ft.Route(path="privacy/consents", component=ConsentsView),
        ft.Route(path="about", component=AboutView),
    ]
    desk = [
        ft.Route(
            path="id/:service_request_id",
            component=DeskReportView,
            children=[ft.Route(path="photo/:media_id", component=DeskPhotoView)],
        )
    ]
    screens = [
        ft.Route(index=True, component=HomeView),
        ft.Route(path="reports", component=ServiceRequestListView, children=reports),
        ft.Route(path="cards", component=CardsView, children=cards),
        ft.Route(
            path="records", component=HealthRecordView, children=[*health("health/"), *sharing]
        ),
        # Of someone whom the resident may read: the same screens, the id in the path.
        ft.Route(path="records/of/:patient_id", component=HealthRecordView, children=health("")),
        # Beside the health record, not under it: a tab does not lie on top of the other.
        ft.Route(path="records/certificates", component=CertificatesView, children=certificates),
        ft.Route(path="me", component=MeView, children=me),
        ft.Route(path="desk", component=DeskView, children=desk),
        ft.Route(path="desk/data-requests", component=DeskDataRequestsView),
        ft.Route(path="support-desk", component=SupportDeskView, children=support_desk),
        ft.Route(path="emergency", component=EmergencyCardView),
        ft.Route(path="welcome", component=SignInView),
        ft.Route(path="sign-in-failed", component=SignInFailedView),
        ft.Route(path="signed-out-elsewhere", component=SignedOutElsewhereView),
        ft.Route(path="erased-elsewhere", component=ErasedElsewhereView),
    ]
    return [ft.Route(component=shell, outlet=True, children=screens)]


def health(under: str) -> list[ft.Route]:
    """The screens of one health record, the resident's own or another's."""
    return [
        ft.Route(path=f"{under}people", component=PeopleView),
        ft.Route(path=f"{under}people/invite", component=InviteView),
        ft.Route(path=f"{under}people/code", component=CodeView),
        ft.Route(path=f"{under}accesses", component=AccessesView),
        ft.Route(
            path=f"{under}sections/:section",
            component=HealthSectionView,
            children=[ft.Route(path="items/:key", component=HealthItemView)],
        ),
        ft.Route(path=f"{under}results/:series", component=HealthTrendView),
        ft.Route(path=f"{under}visits/:visit", component=HealthVisitView),
        ft.Route(path=f"{under}print", component=HealthPrintView),
        *([ft.Route(path="health/emergency", component=EmergencyView)] if under else []),
        ft.Route(path=f"{under}corrections", component=CorrectionsView),
        ft.Route(path=f"{under}corrections/of/:section/:key", component=NewCorrectionView),
        ft.Route(path=f"{under}measurements", component=MeasurementsView),
        ft.Route(path=f"{under}measurements/new", component=NewMeasurementView),
        ft.Route(path=f"{under}measurements/id/:measurement_id", component=MeasurementView),
    ]


def templates() -> list[str]:
    """Every address as a template, such as `/reports/id/:service_request_id`."""
    return list(_templates("", routes(ft.Container)))


def _templates(above: str, below: Sequence[ft.Route]) -> Iterator[str]:
    for route in below:
        path = f"{above}/{route.path}" if route.path else above
        yield path or "/"
        yield from _templates(path, route.children or ())
