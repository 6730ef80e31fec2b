"""Family and carers, who looked, own measurements, corrections, and the emergency card."""

from views.health_people.accesses import AccessesView
from views.health_people.code import CodeView
from views.health_people.correction_form import NewCorrectionView
from views.health_people.corrections import CorrectionsView
from views.health_people.emergency import EmergencyCardView, EmergencyView
from views.health_people.invite import InviteView
from views.health_people.measurement_form import MeasurementView, NewMeasurementView
from views.health_people.measurements import MeasurementsView
from views.health_people.people import PeopleView

__all__ = [
    "AccessesView",
    "CodeView",
    "CorrectionsView",
    "EmergencyCardView",
    "EmergencyView",
    "InviteView",
    "MeasurementView",
    "MeasurementsView",
    "NewCorrectionView",
    "NewMeasurementView",
    "PeopleView",
]
