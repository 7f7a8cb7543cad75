"""What well-known towns are called in other languages, for whoever has typed the beginning of it.

The gazetteer knows these names, but not whose they are: "gen" is Genf for one who reads German,
and General Santos for nobody in Europe.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from directory.places.names import place_key

HEAD = 2
APOSTROPHES = ("'", "’", "‘", "`")
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
# A town by its label, and its names in each of LANGUAGES, several parted by "/".
_NAMES = """
    Geneva, Genève, CH | Geneva | Genf | Genève | Ginebra | Ginevra | Genebra | Genève
    Zürich, Zürich, CH | Zurich | Zürich | Zurich | Zúrich | Zurigo | Zurique | Zürich
    Basel, Basel-City, CH | Basel | Basel | Bâle | Basilea | Basilea | Basileia | Bazel
    Bern, Bern, CH | Bern | Bern | Berne | Berna | Berna | Berna | Bern
    Luzern, Lucerne, CH | Lucerne | Luzern | Lucerne | Lucerna | Lucerna | Lucerna | Luzern
    Lausanne, Vaud, CH | Lausanne | Lausanne | Lausanne | Lausana | Losanna | Lausana | Lausanne
    Milan, Lombardy, IT | Milan | Mailand | Milan | Milán | Milano | Milão | Milaan
    Rome, Lazio, IT | Rome | Rom | Rome | Roma | Roma | Roma | Rome
    Venice, Veneto, IT | Venice | Venedig | Venise | Venecia | Venezia | Veneza | Venetië
    Florence, Tuscany, IT | Florence | Florenz | Florence | Florencia | Firenze | Florença | Florence
    Naples, Campania, IT | Naples | Neapel | Naples | Nápoles | Napoli | Nápoles | Napels
    Turin, Piedmont, IT | Turin | Turin | Turin | Turín | Torino | Turim | Turijn
    Genoa, Liguria, IT | Genoa | Genua | Gênes | Génova | Genova | Génova | Genua
    Bologna, Emilia-Romagna, IT | Bologna | Bologna | Bologne | Bolonia | Bologna | Bolonha | Bologna
    Verona, Veneto, IT | Verona | Verona | Vérone | Verona | Verona | Verona | Verona
    Paris, Île-de-France, FR | Paris | Paris | Paris | París | Parigi | Paris | Parijs
    Marseille, Provence-Alpes-Côte d'Azur, FR | Marseille | Marseille | Marseille | Marsella | Marsiglia | Marselha | Marseille
    Lyon, Auvergne-Rhône-Alpes, FR | Lyon | Lyon | Lyon | Lyon | Lione | Lyon | Lyon
    Nice, Provence-Alpes-Côte d'Azur, FR | Nice | Nizza | Nice | Niza | Nizza | Nice | Nice
    Strasbourg, Grand Est, FR | Strasbourg | Straßburg | Strasbourg | Estrasburgo | Strasburgo | Estrasburgo | Straatsburg
    Toulouse, Occitanie, FR | Toulouse | Toulouse | Toulouse | Toulouse | Tolosa | Toulouse | Toulouse
    London, England, GB | London | London | Londres | Londres | Londra | Londres | Londen
    Edinburgh, Scotland, GB | Edinburgh | Edinburgh | Édimbourg | Edimburgo | Edimburgo | Edimburgo | Edinburgh
    Dublin, Leinster, IE | Dublin | Dublin | Dublin | Dublín | Dublino | Dublin | Dublin
    Munich, Bavaria, DE | Munich | München | Munich | Múnich | Monaco di Baviera | Munique | München
    Köln, North Rhine-Westphalia, DE | Cologne | Köln | Cologne | Colonia | Colonia | Colónia | Keulen
    Hamburg, Hamburg, DE | Hamburg | Hamburg | Hambourg | Hamburgo | Amburgo | Hamburgo | Hamburg
    Berlin, Berlin, DE | Berlin | Berlin | Berlin | Berlín | Berlino | Berlim | Berlijn
    Frankfurt am Main, Hesse, DE | Frankfurt | Frankfurt | Francfort | Fráncfort | Francoforte | Frankfurt | Frankfurt
    Stuttgart, Baden-Württemberg, DE | Stuttgart | Stuttgart | Stuttgart | Stuttgart | Stoccarda | Estugarda | Stuttgart
    Nuremberg, Bavaria, DE | Nuremberg | Nürnberg | Nuremberg | Núremberg | Norimberga | Nuremberga | Neurenberg
    Aachen, North Rhine-Westphalia, DE | Aachen | Aachen | Aix-la-Chapelle | Aquisgrán | Aquisgrana | Aachen | Aken
    Leipzig, Saxony, DE | Leipzig | Leipzig | Leipzig | Leipzig | Lipsia | Leipzig | Leipzig
    Vienna, Vienna, AT | Vienna | Wien | Vienne | Viena | Vienna | Viena | Wenen
    Salzburg, Salzburg, AT | Salzburg | Salzburg | Salzbourg | Salzburgo | Salisburgo | Salzburgo | Salzburg
    Brussels, Brussels, BE | Brussels | Brüssel | Bruxelles | Bruselas | Bruxelles | Bruxelas | Brussel
    Antwerp, Flanders, BE | Antwerp | Antwerpen | Anvers | Amberes | Anversa | Antuérpia | Antwerpen
    Brugge, Flanders, BE | Bruges | Brügge | Bruges | Brujas | Bruges | Bruges | Brugge
    Gent, Flanders, BE | Ghent | Gent | Gand | Gante | Gand | Gante | Gent
    Liège, Wallonia, BE | Liège | Lüttich | Liège | Lieja | Liegi | Liège | Luik
    Leuven, Flanders, BE | Leuven | Löwen | Louvain | Lovaina | Lovanio | Lovaina | Leuven
    The Hague, South Holland, NL | The Hague | Den Haag | La Haye | La Haya | L'Aia | Haia | Den Haag/'s-Gravenhage
    's-Hertogenbosch, North Brabant, NL | 's-Hertogenbosch | Herzogenbusch | Bois-le-Duc | Bolduque | Boscoducale | 's-Hertogenbosch | 's-Hertogenbosch/Den Bosch
    Amsterdam, North Holland, NL | Amsterdam | Amsterdam | Amsterdam | Ámsterdam | Amsterdam | Amesterdão | Amsterdam
    Luxembourg, Luxembourg, LU | Luxembourg | Luxemburg | Luxembourg | Luxemburgo | Lussemburgo | Luxemburgo | Luxemburg
    Lisbon, Lisbon, PT | Lisbon | Lissabon | Lisbonne | Lisboa | Lisbona | Lisboa | Lissabon
    Porto, Porto, PT | Porto | Porto | Porto | Oporto | Porto | Porto | Porto
    Sevilla, Andalusia, ES | Seville | Sevilla | Séville | Sevilla | Siviglia | Sevilha | Sevilla
    Zaragoza, Aragon, ES | Zaragoza | Saragossa | Saragosse | Zaragoza | Saragozza | Saragoça | Zaragoza
    Barcelona, Catalonia, ES | Barcelona | Barcelona | Barcelone | Barcelona | Barcellona | Barcelona | Barcelona
    Copenhagen, Capital Region, DK | Copenhagen | Kopenhagen | Copenhague | Copenhague | Copenaghen | Copenhaga | Kopenhagen
    Stockholm, Stockholm, SE | Stockholm | Stockholm | Stockholm | Estocolmo | Stoccolma | Estocolmo | Stockholm
    Prague, Prague, CZ | Prague | Prag | Prague | Praga | Praga | Praga | Praag
    Warsaw, Mazovia, PL | Warsaw | Warschau | Varsovie | Varsovia | Varsavia | Varsóvia | Warschau
    Athens, Attica, GR | Athens | Athen | Athènes | Atenas | Atene | Atenas | Athene
    New York City, New York, US | New York/NYC | New York | New York | Nueva York | New York | Nova Iorque/Nova York | New York
    Los Angeles, California, US | Los Angeles/LA | Los Angeles | Los Angeles | Los Ángeles | Los Angeles | Los Angeles | Los Angeles
    San Francisco, California, US | San Francisco/SF | San Francisco | San Francisco | San Francisco | San Francisco | São Francisco | San Francisco
    Philadelphia, Pennsylvania, US | Philadelphia/Philly | Philadelphia | Philadelphie | Filadelfia | Filadelfia | Filadélfia | Philadelphia
    Mexico City, Mexico City, MX | Mexico City | Mexiko-Stadt | Mexico | Ciudad de México/CDMX | Città del Messico | Cidade do México | Mexico-Stad
"""
# By the country that a browser's language names, the languages that are read there.
_READ = {
    "en": "US GB IE CA AU NZ ZA", "de": "DE AT CH LI LU", "fr": "FR CH BE LU MC CA", "it": "IT CH SM", "nl": "NL BE", "pt": "PT BR",
    "es": "ES MX AR CO CL PE UY VE EC BO PY CR PA GT CU DO",
}  # fmt: skip


@cache
def _names() -> Mapping[str, tuple[tuple[str, str, str], ...]]:
    """By their first letters, names as they are compared, each with its language and town."""
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for line in _NAMES.strip().splitlines():
        town, *ways = (part.strip() for part in line.split("|"))
        for language, names in zip(LANGUAGES, ways, strict=True):
            for key in map(_key, names.split("/")):
                found[key[:HEAD]].append((key, language, town))
    return {head: tuple(names) for head, names in found.items()}


def _key(name: str) -> str:
    """`place_key`, in which an apostrophe at the beginning counts: 's-Gravenhage."""
    mark = "'" if name.startswith(APOSTROPHES) else ""
    return mark + place_key(name)


@cache
def languages_of(country: str) -> frozenset[str]:
    """The languages of ours that are read in a country; English where none is."""
    read = frozenset(one for one, there in _READ.items() if country in there.split())
    return read or frozenset({"en"})


@cache
def neighbours_of(country: str) -> frozenset[str]:
    """A country and those where its language is read, too; of English none but itself."""
    lands = (there.split() for one, there in _READ.items() if one != "en")
    return frozenset({country}).union(*(there for there in lands if country in there))


def beginning(prefix: str, languages: frozenset[str]) -> Iterator[str]:
    """Labels of the towns for which one of some languages has a name that begins so."""
    key = _key(prefix.strip())
    if len(key) < HEAD:
        return
    names = _names().get(key[:HEAD], ())
    yield from dict.fromkeys(
        town for name, language, town in names if language in languages and name.startswith(key)
    )


def towns() -> frozenset[str]:
    """The labels of all of them."""
    return frozenset(town for names in _names().values() for _, _, town in names)
