"""The wallet: the transit card, its code, trips, parking, and inspection."""

from views.cards.code import CardCodeView
from views.cards.inspect import InspectView
from views.cards.parking_list import ParkingListView
from views.cards.parking_new import NewParkingView
from views.cards.parking_session import ParkingSessionView
from views.cards.trips import TripsView, TripView
from views.cards.wallet import CardsView

__all__ = [
    "CardCodeView",
    "CardsView",
    "InspectView",
    "NewParkingView",
    "ParkingListView",
    "ParkingSessionView",
    "TripView",
    "TripsView",
]
