"""The officers' desk: the queue, one report with its acts, a photo made fit for the public."""

from views.desk.data_requests import DeskDataRequestsView
from views.desk.photo_public import DeskPhotoView
from views.desk.queue import DeskReportView, DeskView

__all__ = ["DeskDataRequestsView", "DeskPhotoView", "DeskReportView", "DeskView"]
