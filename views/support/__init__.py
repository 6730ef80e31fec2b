"""Support: the resident's bundles and threads, and the staff's desk for them."""

from views.support.case import SupportCaseView
from views.support.desk import SupportDeskView
from views.support.list import SupportView
from views.support.log import SupportLogView
from views.support.opened import OpenedBundleView
from views.support.persona_banner import PersonaBanner
from views.support.personas import PersonasView
from views.support.preview import NewBundleView
from views.support.sent import BundleSentView

__all__ = [
    "BundleSentView",
    "NewBundleView",
    "OpenedBundleView",
    "PersonaBanner",
    "PersonasView",
    "SupportCaseView",
    "SupportDeskView",
    "SupportLogView",
    "SupportView",
]
