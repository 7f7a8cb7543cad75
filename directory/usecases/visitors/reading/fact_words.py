"""How people say the facts that a search can be narrowed by, in seven languages."""

from collections.abc import Mapping

from directory.search.text import each
from directory.usecases.visitors.reading.offer_words import OFFERS

# Facet, value, ways to say it: words parted by "|".
FACTS = (
    ("ages", "infants", """baby friendly|baby|newborn|new born|infant|neonate
        |Säugling|Säuglinge|Neugeborenes|Neugeborene
        |bébé|nourrisson|nouveau-né|bebé|recién nacido|lactante|neonato|neonati|lattante
        |bebê|recém-nascido|zuigeling|pasgeborene|baby's"""),
    ("ages", "children", """child friendly|kid friendly|kids friendly|family friendly|kinderfreundlich
        |familienfreundlich|child|children|kid|toddler|pediatric|paediatric|little ones
        |Kinder|Kleinkind|Kleinkinder|enfant|enfants|niño|niños|niña|niñas
        |bambino|bambini|bambina|bambine|criança|crianças|kinderen|kleuter|kleuters"""),
    ("ages", "teens", """teen|teenager|adolescent|young people|youth
        |Jugendliche|Jugendlicher|ados|adolescents|adolescente|adolescentes|adolescenti|tieners
        |jongeren"""),
    ("ages", "adults", """adults only|only adults|adult only|nur Erwachsene|adultes uniquement
        |adultes seulement|solo adultos|solo adulti|só adultos|apenas adultos|alleen volwassenen
        |alleen voor volwassenen"""),
    ("ages", "older", """elderly|senior|older people|older person|older adult|old people
        |Senioren|ältere Menschen|personnes âgées|aînés|personas mayores|adultos mayores
        |anziani|persone anziane|idosos|ouderen"""),
    ("access", "wheelchair", """wheelchair|wheelchair access|wheelchair accessible
        |wheelchair friendly|wheelchair user|disabled access|Rollstuhl|rollstuhlgerecht
        |barrierefrei|fauteuil roulant|accessible en fauteuil roulant|accès PMR
        |silla de ruedas|sedia a rotelle|cadeira de rodas|rolstoel|rolstoeltoegankelijk"""),
    ("access", "step-free", """step free|step free access|no stairs|no steps|without stairs
        |ground floor|level access|ebenerdig|stufenlos|sans marches|plain-pied|sin escalones
        |senza gradini|sem degraus|drempelvrij"""),
    ("access", "parking", """parking|car park|parking space|Parkplatz|Parkplätze|stationnement
        |aparcamiento|estacionamiento|parcheggio|estacionamento|parkeerplaats|parkeren"""),
    ("access", "public-transport", """public transport|public transit|near a station|bus stop
        |near the station|öffentliche Verkehrsmittel|transports en commun|transporte público
        |mezzi pubblici|transportes públicos|openbaar vervoer"""),
    ("access", "quiet", """quiet room|low light|quiet space|dim light|ruhiger Raum|salle calme
        |sala tranquila|stanza tranquilla|stille ruimte"""),
    ("home_visits", "1", """home visit|house call|home call|come to my house|come to my home
        |comes to my house|comes to my home|comes to me|visit at home|come to us|come to me
        |comes to us|in my home|at my home|at my house|mobile therapist|visiting therapist
        |Hausbesuch|Hausbesuche|kommt nach Hause|visite à domicile|visites à domicile|à domicile
        |a domicilio|visita a domicilio|ao domicílio|em casa|huisbezoek|huisbezoeken|aan huis"""),
    ("accepting", "1", """accepting|availability|has availability|has openings|no waiting list
        |no waitlist|no wait list|no waiting|short waiting list|without waiting list
        |keine Warteliste|ohne Warteliste|keine Wartezeit|ohne Wartezeit|freie Termine
        |sans liste d'attente|pas de liste d'attente|sin lista de espera|senza lista d'attesa
        |senza lista di attesa|sem lista de espera|geen wachtlijst|zonder wachtlijst
        |geen wachttijd|accepting patients|accepting new patients|accepting clients
        |accepting new clients|accepts new clients|accepts new patients
        |taking new patients|taking new clients|takes new clients|takes new patients
        |taking on new clients|taking on new patients|new patients|new clients|has room
        |has space|free places|openings for new clients
        |neue Patienten|neue Klienten|freie Plätze|nouveaux patients|nouveaux clients
        |nuevos pacientes|nuovi pazienti|novos pacientes|nieuwe cliënten|nieuwe patiënten"""),
    *OFFERS,
)  # fmt: skip
FLAGS = frozenset({"home_visits", "accepting"})
# Languages as their speakers call them.
OWN_NAMES: Mapping[str, str] = {
    "ar": "arabi", "cs": "čeština", "cy": "Cymraeg", "da": "dansk", "de": "Deutsch",
    "es": "español", "fi": "suomi", "fr": "français", "ga": "Gaeilge", "hu": "magyar",
    "it": "italiano", "ja": "nihongo", "nl": "Nederlands", "no": "norsk", "pl": "polski",
    "pt": "português", "ro": "română", "ru": "russkiy", "sv": "svenska", "tr": "Türkçe",
    "vi": "tiếng Việt", "zh": "Mandarin",
}  # fmt: skip
# What else means a language: signs by their letters, speakers as one word.
ALSO_LANGUAGES = (
    ("ase", "ASL"), ("bfi", "BSL"), ("isg", "ISL"), ("asf", "Auslan"), ("nzs", "NZSL"),
    ("gsg", "DGS"), ("gsg", "Deutsche Gebärdensprache"), ("fsl", "LSF"),
    ("fsl", "langue des signes française"), ("ssp", "lengua de signos española"),
    ("ise", "lingua dei segni italiana"), ("bzs", "Libras"), ("dse", "NGT"),
    ("dse", "Nederlandse Gebarentaal"),
    ("ase|bfi|isg|asf|nzs|gsg|fsl|ssp|ise|bzs|dse", "sign language"),
    ("gsg", "Gebärdensprache"), ("fsl", "langue des signes"), ("ssp", "lengua de signos"),
    ("ise", "lingua dei segni"), ("bzs", "língua de sinais"), ("dse", "gebarentaal"),
    ("fr", "francophone"), ("en", "anglophone"), ("de", "germanophone"), ("es", "hispanophone"),
    ("es", "castellano"), ("es", "Latina speaker"), ("zh", "Cantonese"), ("fa", "Farsi"),
)  # fmt: skip
# Short forms that several credentials share, or that no label has.
ALSO_CREDENTIALS = (
    (("rcst-na", "rcst-uk"), "RCST"),
    (("rcst-na", "rcst-uk"), "registered craniosacral therapist"),
    (("bcst-foundation", "bcst-teacher"), "BCST"),
    (("bcst-foundation", "bcst-teacher"), "biodynamic craniosacral therapist"),
    (("bcst-foundation", "bcst-teacher"), "biodynamic craniosacral therapy"),
    (("rcst-uk",), "CSTA"),
)  # fmt: skip


# What goes with a language: "speaks Spanish", "Spanish-speaking", "in Spanish".
BEFORE_LANGUAGE = each(
    """speak speaks speaking spoken who that fluent in auf spricht sprechen sprechend parle parlent
    parlant parlo falo hablo spreche spreek en habla hablan hable parla parlano fala falam spreekt spreken che qui que die"""
)
AFTER_LANGUAGE = each(
    """speaking speaker speakers spoken speak language sprechend sprechende sprachig sprachige
    sprechender parlant sprekend sprekende"""
)
# What a talk is called: beside "online" and "evening" it says no more.
OCCASIONS = each(
    """appointment appointments consultation consultations session sessions call calls visit visits
    talk talks meeting meetings treatment treatments therapy
    termin termine sitzung sitzungen seance seances consulta consultas sesion sesiones seduta
    sedute sessao sessoes afspraak sessie sessies consult"""
)
# "Swedish massage" and "Chinese medicine" are no languages.
METHODS = frozenset({"massage", "massages", "medicine", "bodywork", "toast", "manicure", "horn"})
