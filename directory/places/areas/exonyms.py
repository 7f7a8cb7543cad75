"""Regions as German, French, Spanish, Italian, Portuguese and Dutch call those of other countries.

By their English names, under which the gazetteer has them. Common use.
"""

from collections.abc import Iterator

from directory.places.names import place_key

_NAMES = """
    Tuscany: Toskana, Toscane
    Sicily: Sizilien, Sicile
    Sardinia: Sardinien, Sardaigne, Cerdeña, Sardenha, Sardinië
    Lombardy: Lombardei, Lombardie, Lombardía, Lombardije
    Piedmont: Piemont, Piémont, Piamonte
    Liguria: Ligurien, Ligurie, Ligurië
    Umbria: Umbrien, Ombrie, Umbrië
    Apulia: Apulien, Pouilles, Apulië
    Campania: Kampanien, Campanie, Campanië
    Veneto: Venetien, Vénétie
    Lazio: Latium
    Catalonia: Katalonien, Catalogne, Catalogna, Catalunha, Catalonië
    Andalusia: Andalusien, Andalousie, Andaluzia, Andalusië
    Galicia: Galicien, Galice
    Basque Country: Baskenland, Pays basque, Paesi Baschi, País Vasco
    Balearic Islands: Balearen, Baléares, Baleari
    Canary Islands: Kanaren, Kanarische Inseln, Canaries, Canarie, Canarische Eilanden
    Brittany: Bretaña, Bretagna, Bretanha
    Normandy: Normandía, Normandia
    Corsica: Korsika, Corse, Córcega, Córsega
    Burgundy: Burgund, Borgoña, Borgogna, Bourgondië
    Bavaria: Bavière, Baviera, Beieren
    Saxony: Saxe, Sajonia, Sassonia, Saxónia, Saksen
    Lower Saxony: Basse-Saxe, Baja Sajonia, Bassa Sassonia, Nedersaksen
    Thuringia: Thuringe, Turingia, Thüringen
    Hesse: Hessen, Assia
    North Rhine-Westphalia: Rhénanie-du-Nord-Westphalie, Renania del Norte-Westfalia, NRW
    Rhineland-Palatinate: Rhénanie-Palatinat, Renania-Palatinado, Rijnland-Palts
    Styria: Styrie, Estiria, Stiria
    Carinthia: Carinthie, Carintia, Carinzia, Karinthië
    Tyrol: Tirolo
    Ticino: Tesino
    Valais: Vallese
    Flanders: Flandre, Flandres, Flandes, Fiandre
    Wallonia: Wallonie, Wallonien, Valonia, Vallonia
    Scotland: Schottland, Écosse, Escocia, Scozia, Escócia, Schotland
    England: Angleterre, Inglaterra, Inghilterra, Engeland
    Wales: Pays de Galles, Gales, Galles
    Northern Ireland: Nordirland, Irlande du Nord, Irlanda del Norte, Irlanda del Nord, Noord-Ierland
    Cornwall: Cornouailles, Cornualles, Cornovaglia
    California: Kalifornien, Californie, Californië
    Florida: Floride
    Hawaii: Hawaï, Hawái
    Pennsylvania: Pennsylvanien, Pennsylvanie, Pensilvania
    New Mexico: Neu-Mexiko, Nouveau-Mexique, Nuevo México
    North Carolina: Nordkarolina, Caroline du Nord, Carolina del Norte
    South Carolina: Südkarolina, Caroline du Sud, Carolina del Sur
    British Columbia: Colombie-Britannique, Columbia Británica
    Nova Scotia: Nouvelle-Écosse, Neuschottland, Nueva Escocia
    Newfoundland and Labrador: Neufundland, Terre-Neuve, Terranova
    New South Wales: Nouvelle-Galles du Sud, Neusüdwales, Nueva Gales del Sur
    Tasmania: Tasmanien, Tasmanie
"""


def _pairs() -> Iterator[tuple[str, str]]:
    """Each foreign name with the English one."""
    for line in _NAMES.strip().splitlines():
        name, _, ways = line.partition(":")
        yield from ((way.strip(), name.strip()) for way in ways.split(","))


PAIRS = tuple(_pairs())
HOME_KEYS = {place_key(way): place_key(name) for way, name in PAIRS}
