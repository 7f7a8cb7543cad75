"""What people type into the box for a place that is none: "my location", "online", "anywhere"."""

from dataclasses import replace

from directory.models import ONLINE
from directory.places import fold
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.reading.whereabouts import near_me

_HERE = """
    me|near|close|here|us|current location|my position|current position|my place|at my place
    |at my house|my town|my city|home|my home|at home|my house|from home|local|locally|in my area
    |my neighbourhood|my neighborhood|my postcode|my zip|gps|your location|Standort|mein Standort
    |aktueller Standort|meine Position|mein Ort|meiner Nähe|meine Nähe|Nähe|hier|bei mir|zuhause
    |zu Hause|daheim|mein Wohnort|meine Umgebung|um mich herum|ma position|ma position actuelle
    |ma localisation|position actuelle|ici|chez moi|ma ville|mon quartier|mi ubicación
    |ubicación actual|mi posición|cerca|aquí|mi casa|donde estoy|mi ciudad|mi zona
    |la mia posizione|posizione attuale|vicino|qui|casa mia|la mia zona|dove sono
    |minha localização|localização atual|minha posição|perto|aqui|minha casa|onde estou
    |minha cidade|mijn locatie|huidige locatie|mijn positie|bij mij|thuis|mijn omgeving|mijn buurt
    |waar ik ben
"""
_ANYWHERE = """
    anywhere|everywhere|all|any|any place|any location|all locations|worldwide|global|the world|world
    |international|no preference|none|nowhere|not applicable|doesn't matter|does not matter|whatever
    |überall|egal|egal wo|alle|alle Orte|weltweit|beliebig|irgendwo|ganz egal
    |partout|n'importe où|peu importe|tous|toutes|dans le monde|monde
    |en cualquier lugar|cualquier lugar|en todas partes|todas partes|donde sea|todo el mundo|todos
    |ovunque|dovunque|dappertutto|qualsiasi|tutto il mondo|in tutto il mondo|tutti
    |em qualquer lugar|qualquer lugar|em todo lado|todo o mundo|tanto faz
    |overal|maakt niet uit|wereldwijd|alles
"""
_ONLINE = """
    online|remote|remotely|virtual|virtually|zoom|skype|video|video call|telehealth|by video|internet
    |on line|web|the internet|anywhere online|fernbehandlung|per Video|en ligne|à distance|visio|en línea
    |a distancia|por videollamada|a distanza|in linea|à distância|por vídeo|op afstand|via video
"""
# Their letters alone are a country's.
_NOT_APPLICABLE = frozenset({"n/a", "n.a.", "n.a", "k.a.", "k. a.", "-", "--", "?", "*", ".", "x"})


def _folded(table: str) -> frozenset[str]:
    return frozenset(fold(said) for said in table.split("|"))


# In a line they are said in more ways.
HERE = _folded(_HERE) | {" ".join(phrase) for phrase in near_me.PHRASES}
ANYWHERE, ONLY_ONLINE = _folded(_ANYWHERE), _folded(_ONLINE)


def placed(wanted: Criteria) -> tuple[Criteria, bool]:
    """The same wishes without a place that is none; and whether it is where somebody is."""
    said = fold(wanted.near)
    if not wanted.near:
        return wanted, False
    if said in HERE:
        return replace(wanted, near="", within=""), True
    if said in ANYWHERE or wanted.near.strip().lower() in _NOT_APPLICABLE:
        return replace(wanted, near="", within=""), False
    if said in ONLY_ONLINE:
        return replace(wanted, near="", within="", online=tuple(ONLINE)), False
    return wanted, False
