"""Words of trips: what a fare is called and why."""

from datetime import date

from app.text import _, local, show_date, show_money, show_time
from services.trips import Trip


def show_fare(trip: Trip) -> str:
    """`Trong vé`, `Miễn phí`, `8.000 đ`, or that the ride is still going on."""
    if trip.fare is None:
        return _("On the way")
    if trip.fare.reason == "pass":
        return _("In the pass")
    return _("Free") if trip.fare.amount == 0 else show_money(trip.fare.amount)


def why_fare(trip: Trip) -> str:
    """Why the fare is what it is, in a sentence."""
    if trip.fare is None:
        return _("The fare is known when you tap off.")
    fare, km = trip.fare, _km(trip.fare.km)
    match fare.reason:
        case "pass":
            return _("{km} km. Your pass covers this line.").format(km=km)
        case "free_group":
            return _("{km} km. Your fare class rides for free.").format(km=km)
        case "free_zone":
            words = _("{km} km, all inside Ring Road 1: free until {date}.")
            return words.format(km=km, date=show_date(fare.free_until) if fare.free_until else "")
    if fare.free_km:
        inside = _km(fare.free_km)
        return _("{km} km by distance, less {inside} km inside Ring Road 1.").format(
            km=km, inside=inside
        )
    return _("{km} km, by distance.").format(km=km)


def show_when(trip: Trip, today: date) -> str:
    """`08:12 hôm nay`, `17:45 hôm qua`, or with the date."""
    time, day = show_time(trip.boarded_at), local(trip.boarded_at).date()
    if day == today:
        return _("{time} today").format(time=time)
    if (today - day).days == 1:
        return _("{time} yesterday").format(time=time)
    return f"{time}, {show_date(day)}"


def _km(length: float) -> str:
    return f"{length:.1f}".replace(".", ",")
