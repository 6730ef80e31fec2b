"""The health record: an overview that tells "none" from "no information", and each section."""

from views.health_records.overview import HealthRecordView
from views.health_records.section import HealthSectionView

__all__ = ["HealthRecordView", "HealthSectionView"]
