"""Prices as two columns: hundredths of an amount, and a number for its currency."""

import numpy as np

from directory.search.port import Price
from directory.search.whoosh_engine.arrays.bitmaps import packed
from directory.search.whoosh_engine.arrays.types import Array, Bits

LETTERS, FIRST = 26, ord("A")
HUNDREDTHS = 100


def number(currency: str) -> int:
    """The three letters of a currency as a number from 1; the same in every segment."""
    found = 0
    for letter in currency:
        found = found * LETTERS + ord(letter) - FIRST
    return found + 1


def currency(number: int) -> str:
    """The letters of a number; "" for 0."""
    letters, left = "", number - 1
    for _ in range(3 if number else 0):
        left, letter = divmod(left, LETTERS)
        letters = chr(FIRST + letter) + letters
    return letters


def hundredths(price: Price | None) -> int:
    """An amount as it is kept; 0 when there is no price."""
    return round(price.amount * HUNDREDTHS) if price else 0


def up_to(most: Price, prices: Array, currencies: Array) -> Bits:
    """Documents whose price is in that currency and no higher."""
    same = currencies == number(most.currency)
    return packed(same & (prices > 0) & (prices <= hundredths(most)))


def usual_currency(currencies: Array, alive: Array) -> str:
    """The currency in which most prices are, of those with the same number the first."""
    counts = np.bincount(currencies[alive])
    counts[:1] = 0
    return currency(int(counts.argmax())) if counts.any() else ""
