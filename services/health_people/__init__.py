"""Whose record it is, who looks, and what residents add to it themselves."""

from services.health_people.accesses import Accesses as Accesses
from services.health_people.accesses import Look as Look
from services.health_people.corrections import Correction as Correction
from services.health_people.corrections import Corrections as Corrections
from services.health_people.emergency import EmergencyCards as EmergencyCards
from services.health_people.measurements import Measurement as Measurement
from services.health_people.measurements import Measurements as Measurements
from services.health_people.people import Consent as Consent
from services.health_people.people import Dependant as Dependant
from services.health_people.people import HealthPeople as HealthPeople
from services.health_people.people import OpenedInvitation as OpenedInvitation
from services.health_people.people import People as People
