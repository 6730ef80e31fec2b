"""The wallet: the transit card, its code, and parking."""

from views.cards.code import CardCodeView
from views.cards.parking_list import ParkingListView
from views.cards.parking_new import NewParkingView
from views.cards.parking_session import ParkingSessionView
from views.cards.wallet import CardsView

__all__ = [
    "CardCodeView",
    "CardsView",
    "NewParkingView",
    "ParkingListView",
    "ParkingSessionView",
]
