"""Near whoever asks, in their own words: "cerca de mi casa", "in der Nähe", "close to my office"."""

from collections.abc import Sequence

from directory.places import fold
from directory.search.text import Typed, folded

Phrases = frozenset[tuple[str, ...]]


def _phrases(table: str) -> Phrases:
    return frozenset(tuple(fold(phrase).split()) for phrase in table.split("|"))


# They say so wherever they stand.
_MINE = _phrases(
    """near me|near us|near my home|near my house|near my place|near my work|near my office|near my location
    |near home|near work|near here|close to me|close to us|close to home|close to my home|close to work
    |close to my office|around me|around here|my area|my location|my current location|where I am|where I live
    |bei mir in der Nähe|bei uns in der Nähe|in meiner Nähe|in unserer Nähe|hier in der Nähe|in meiner Umgebung
    |in meiner Gegend|bei mir um die Ecke|um die Ecke|nahe bei mir|in der Nähe von mir|nähe von mir
    |près de moi|près de chez moi|près de nous|près de chez nous|près d'ici|près de la maison|autour de moi
    |autour de chez moi|autour de nous|à côté de chez moi|à côté de moi|proche de moi|proche de chez moi
    |cerca de mí|cerca mío|cerca de mi casa|cerca de aquí|cerca de casa|aquí cerca|por aquí|cerca de nosotros
    |cerca de donde vivo|cerca de mi trabajo|alrededor de mí
    |vicino a me|vicino a noi|vicino a casa|vicino a casa mia|qui vicino|vicino casa|nella mia zona
    |nei miei dintorni|dalle mie parti|intorno a me
    |perto de mim|perto de nós|perto de casa|perto da minha casa|perto daqui|aqui perto|na minha zona
    |na minha região|ao pé de mim|próximo a mim|próximo de mim
    |bij mij in de buurt|bij ons in de buurt|in mijn buurt|in onze buurt|dicht bij mij|dichtbij mij
    |dicht bij huis|bij mij om de hoek|in mijn omgeving|vlak bij mij|vlakbij mij"""
)
# They do where the line ends with them.
_AT_THE_END = _phrases(
    """nearby|close by|in the area|local area|in der Nähe|in der Umgebung|in der Gegend|à proximité
    |dans le coin|dans les environs|aux alentours|tout près|en la zona|por la zona|nelle vicinanze|nei dintorni
    |in zona|nas proximidades|por perto|in de buurt|in de omgeving|dichtbij|vlakbij"""
)
PHRASES = _MINE | _AT_THE_END
_LONGEST = max(map(len, PHRASES))


def said(pieces: Sequence[Typed]) -> tuple[int, int] | None:
    """The words that say so, from one number to before another."""
    words = [folded(piece.text) if piece.plain else "" for piece in pieces]
    for start in range(len(words)):
        for length in range(min(_LONGEST, len(words) - start), 0, -1):
            run, end = tuple(words[start : start + length]), start + length
            if run in _MINE or (run in _AT_THE_END and end == len(words)):
                return start, end
    return None
