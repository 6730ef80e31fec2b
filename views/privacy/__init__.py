"""Data and privacy: what lies where, who saw it, and the resident's rights (design picture 18b)."""

from views.privacy.device import EraseDeviceView
from views.privacy.erasing import EraseAccountView
from views.privacy.export import ExportView
from views.privacy.overview import PrivacyView
from views.privacy.receipt import ErasureView
from views.privacy.requests import DataRequestsView

__all__ = [
    "DataRequestsView",
    "EraseAccountView",
    "EraseDeviceView",
    "ErasureView",
    "ExportView",
    "PrivacyView",
]
