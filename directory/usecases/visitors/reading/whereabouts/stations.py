"""Near a station: a wish for public transport, never a place of that name."""

from collections.abc import Iterator, Sequence

from directory.places import fold
from directory.search.text import Typed, folded
from directory.search.vocabulary import Span

Phrases = frozenset[tuple[str, ...]]


def _phrases(table: str) -> Phrases:
    return frozenset(tuple(fold(phrase).split()) for phrase in table.split("|"))


_NEAR = _phrases(
    """near|near to|nearby|close to|by|next to|beside|at|walk from|walking distance of|walking distance to
    |walking distance from|in der Nähe|Nähe|nahe|nahe am|nahe an|nahe bei|beim|bei|am
    |près|proche|à côté|à deux pas|cerca|al lado|junto|vicino|accanto|perto|ao lado
    |bij|nabij|dichtbij|vlakbij|in de buurt|in de buurt van"""
)
_WHICH = frozenset(
    fold(
        """the a an any some my our der dem des die das vom von einer einem de du des la le les une un
        d'une d'un del al una uno alla allo da do das dos uma um het een public"""
    ).split()
)
_STATIONS = _phrases(
    """train|train station|trains|station|stations|railway|railway station|rail station|tube|tube station
    |tube stop|metro|metro station|metro stop|subway|subway station|underground|underground station
    |tram|tram stop|bus|bus stop|bus station|bus line|bus route|light rail|transit|transport
    |public transport|public transit|BART|U Bahn|S Bahn|Bahnhof|Bahnhofs|Hauptbahnhof|Bahn
    |Haltestelle|Bushaltestelle|gare|métro|RER|tramway|arrêt de bus|arrêt|estación|tren|tranvía|parada
    |parada de autobús|autobús|stazione|metropolitana|treno|fermata|estação|metrô|comboio|trem|paragem
    |ônibus|treinstation|trein|bushalte|tramhalte|halte"""
)
_ALONE = _phrases("Bahnhofsnähe|in Bahnhofsnähe|bahnhofsnah")
LONGEST = 3


def spans(pieces: Sequence[Typed]) -> Iterator[Span]:
    """Each wish to be near a station, with all the words that say so."""
    words = [folded(piece.text) if piece.plain else "" for piece in pieces]
    for at in range(len(words)):
        if alone := _longest(words, at, _ALONE):
            yield Span(at, at + alone, "access", "public-transport")
        elif (near := _longest(words, at, _NEAR)) and (end := _station(words, at + near)):
            yield Span(at, end, "access", "public-transport")


def _station(words: Sequence[str], at: int) -> int:
    """Where a station ends that begins here, whichever it is; 0 when none does."""
    while at < len(words) and words[at] in _WHICH and not _longest(words, at, _STATIONS):
        at += 1
    length = _longest(words, at, _STATIONS)
    return at + length if length else 0


def _longest(words: Sequence[str], at: int, phrases: Phrases) -> int:
    """How many words from here on are the longest of some phrases; 0 for none."""
    lengths = range(min(LONGEST, len(words) - at), 0, -1)
    return next((n for n in lengths if tuple(words[at : at + n]) in phrases), 0)
