"""The resident's reports: the list, one with its timeline, the three steps of a new one."""

from views.service_requests.correct import CorrectView
from views.service_requests.drafts import DraftsView
from views.service_requests.list import (
    AnswerView,
    ReopenView,
    ServiceRequestListView,
    ServiceRequestView,
)
from views.service_requests.nearby import NearbyView
from views.service_requests.new_photos import NewPhotosView
from views.service_requests.new_place import NewPlaceView
from views.service_requests.new_review import NewReviewView

__all__ = [
    "AnswerView",
    "CorrectView",
    "DraftsView",
    "NearbyView",
    "NewPhotosView",
    "NewPlaceView",
    "NewReviewView",
    "ReopenView",
    "ServiceRequestListView",
    "ServiceRequestView",
]
