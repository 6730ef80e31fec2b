"""The health record: an overview that tells "none" from "no information", and what lies behind it."""

from views.health_records.item import HealthItemView
from views.health_records.overview import HealthRecordView
from views.health_records.printing import HealthPrintView
from views.health_records.section import HealthSectionView
from views.health_records.trend import HealthTrendView
from views.health_records.visit import HealthVisitView

__all__ = [
    "HealthItemView",
    "HealthPrintView",
    "HealthRecordView",
    "HealthSectionView",
    "HealthTrendView",
    "HealthVisitView",
]
