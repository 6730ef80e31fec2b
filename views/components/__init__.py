"""What two features share. Import from here: `from views.components import Screen, Note`."""

from views.components.buttons import IconAction, LinkButton, MainButton, OutlineButton, TonalButton
from views.components.cards import Card, CardList, NavigationRow, SummaryRow
from views.components.certificate_card import ApplicationCard
from views.components.consenting import AskConsent, ConsentText, use_asking
from views.components.day_bar import DayBar
from views.components.deadline import Deadline, deadline_of, shown_status
from views.components.empty_state import EmptyState
from views.components.fields import ChoiceChips, Segments, SwitchRow, TextBox
from views.components.keyed import keyed
from views.components.loaded import ErrorPanel, Loaded
from views.components.notes import Note
from views.components.opening import open_path
from views.components.page_picture import page_picture, zoom_button
from views.components.photo import PhotoFrame, RemotePhoto
from views.components.pressing import arranged
from views.components.record_tabs import RecordTabs
from views.components.screen import OpenBuildLabel, Screen, StepProgress
from views.components.service_request_card import ServiceRequestCard, title_of
from views.components.status_chip import StatusChip
from views.components.taking import Taking, use_taking
from views.components.tappable import Tappable
from views.components.timeline import Timeline, TimelineStep
from views.components.transit_card import TransitCard, name_of
from views.components.words import Heading, Text, stacked

__all__ = [
    "ApplicationCard",
    "AskConsent",
    "Card",
    "CardList",
    "ChoiceChips",
    "ConsentText",
    "DayBar",
    "Deadline",
    "EmptyState",
    "ErrorPanel",
    "Heading",
    "IconAction",
    "LinkButton",
    "Loaded",
    "MainButton",
    "NavigationRow",
    "Note",
    "OpenBuildLabel",
    "OutlineButton",
    "PhotoFrame",
    "RecordTabs",
    "RemotePhoto",
    "Screen",
    "Segments",
    "ServiceRequestCard",
    "StatusChip",
    "StepProgress",
    "SummaryRow",
    "SwitchRow",
    "Taking",
    "Tappable",
    "Text",
    "TextBox",
    "Timeline",
    "TimelineStep",
    "TonalButton",
    "TransitCard",
    "arranged",
    "deadline_of",
    "keyed",
    "name_of",
    "open_path",
    "page_picture",
    "shown_status",
    "stacked",
    "title_of",
    "use_asking",
    "use_taking",
    "zoom_button",
]
