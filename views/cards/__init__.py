"""The transit card: the wallet, and the code that a gate reads."""

from views.cards.code import CardCodeView
from views.cards.wallet import CardsView

__all__ = ["CardCodeView", "CardsView"]
