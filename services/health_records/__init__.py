"""The resident's health record (FHIR R4, International Patient Summary), read thinly."""

from services.health_records.records import HealthRecords as HealthRecords
from services.health_records.summary import HealthSummary as HealthSummary
from services.health_records.summary import ResultSeries as ResultSeries
from services.health_records.summary import read_summary as read_summary
from services.health_records.summary import result_series as result_series
