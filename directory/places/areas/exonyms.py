"""What people call places that the gazetteer has by other names: regions abroad, quarters, short names.

Regions as German, French, Spanish, Italian, Portuguese and Dutch call those of other countries.

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
    Azores: Azoren, Açores, Azzorre, Azorerne
    Madeira: Madère
    Île-de-France: IDF, Parijse regio
    Friuli Venezia Giulia: Friaul, Frioul, Friaul-Julisch Venetien
    Trentino-Alto Adige: Südtirol-Trentino, Trentin-Haut-Adige
    Aosta Valley: Aostatal, Vallée d'Aoste, Valle d'Aosta
    Lower Austria: Basse-Autriche, Bassa Austria
    Upper Austria: Haute-Autriche, Alta Austria
    Schleswig-Holstein: Sleeswijk-Holstein
    North Holland: Hollande-Septentrionale, Nordholland
    South Holland: Hollande-Méridionale, Südholland
"""

# Quarters that the gazetteer lacks and short names, by their town.
_OF_TOWNS = """
    London: Shoreditch, Hoxton, Dalston, Fitzrovia, Bloomsbury, Mayfair, Spitalfields, Clerkenwell
    Munich: Schwabing, Haidhausen, Glockenbachviertel, Maxvorstadt, Lehel, Giesing
    Berlin: Kreuzkölln, Prenzlberg, Bötzowviertel
    Hamburg: Sternschanze, Schanzenviertel, Karoviertel, Eimsbüttel, Ottensen
    Cologne: Ehrenfeld, Belgisches Viertel, Agnesviertel
    Paris: Le Marais, Montmartre, Montparnasse, Quartier Latin
    Austin: ATX
    St. Louis: STL
    Portland: PDX
    Richmond: RVA
    San Antonio: SATX
    Houston: HTX, HTown
    Minneapolis: MSP
    Philadelphia: PHL
    Charlotte: CLT
    Nashville: BNA
    Detroit: DTW
"""

# Towns as other languages call them, where the gazetteer lacks that name or has it of another.
_TOWNS_ABROAD = """
    Venezia: Venise
    Biel: Bienne
    Lugano: Lauis
    Bellinzona: Bellenz
    Nancy: Nanzig
    The Hague: Haia
    Amsterdam: Amsterdão
    Coimbra: Coïmbre
    Palma: Palme de Majorque
    Cork: Corcaigh
    Galway: Gaillimh
"""


def _pairs(names: str) -> Iterator[tuple[str, str]]:
    """Each foreign name with the English one."""
    for line in names.strip().splitlines():
        name, _, ways = line.partition(":")
        yield from ((way.strip(), name.strip()) for way in ways.split(","))


PAIRS = tuple(_pairs(_NAMES))
OF_TOWNS = (*_pairs(_OF_TOWNS), *_pairs(_TOWNS_ABROAD))
HOME_KEYS = {place_key(way): place_key(name) for way, name in (*PAIRS, *OF_TOWNS)}
# Towns that are called by a part of their name where they are.
_ALSO = (
    ("Newcastle", "Newcastle upon Tyne"), ("Stoke", "Stoke-on-Trent"),
    ("Kingston", "Kingston upon Thames"), ("Southend", "Southend-on-Sea"),
    ("Burton", "Burton upon Trent"), ("Stratford", "Stratford-upon-Avon"),
    ("Freiburg", "Freiburg im Breisgau"), ("Rothenburg", "Rothenburg ob der Tauber"),
    ("Edinburg", "Edinburgh"), ("Vitoria", "Vitoria-Gasteiz"),
    ("Halle", "Halle (Saale)"), ("Gerona", "Girona"), ("Lerida", "Lleida"), ("CABA", "Buenos Aires"),
)  # fmt: skip
ALSO_KEYS = {place_key(said): place_key(name) for said, name in _ALSO}
# Said alone it is the whole of it, on both sides of a border; or the county, to most.
_BARE = (
    ("Ulster", "All of Ulster"),
    ("Marin", "Marin County"),
    ("Westchester", "Westchester County"),
)
BARE_KEYS = {place_key(said): (place_key(name),) for said, name in _BARE}
