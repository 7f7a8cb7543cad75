"""How people say the facts that a search can be narrowed by, in seven languages."""

from collections.abc import Mapping

from directory.search.text import each
from directory.usecases.visitors.reading.offer_words import OFFERS

# Facet, value, ways to say it: words parted by "|".
FACTS = (
    ("ages", "infants", """baby friendly|baby|newborn|new born|infant|neonate|Säugling|Säuglinge
        |Neugeborenes|Neugeborene|bébé|nourrisson|nouveau-né|bebé|recién nacido|lactante|neonato
        |neonati|lattante|bebê|recém-nascido|zuigeling|pasgeborene|baby's|bébés|bebés|bebês
        |Babys|babies|nourrissons|nouveau-nés|recién nacidos|lactantes|lattanti|neonata
        |recém-nascidos|zuigelingen|pasgeborenen|tout-petit|tout-petits"""),
    ("ages", "children", """child friendly|kid friendly|kids friendly|family friendly
        |kinderfreundlich|familienfreundlich|child|children|kid|toddler|pediatric|paediatric
        |little ones|Kinder|Kleinkind|Kleinkinder|enfant|enfants|niño|niños|niña|niñas|bambino
        |bambini|bambina|bambine|bimbo|bimbi|bimba|bimbe|piccoli pazienti|pediatrico|pediatrica
        |pediatria|criança|crianças|kinderen|infantil|pédiatrique|fillette|garçonnet|peuter
        |peuters|kindvriendelijk|kleuter|kleuters"""),
    ("ages", "teens", """teen|teenager|adolescent|young people|youth|Jugendliche|Jugendlicher
        |ados|adolescents|adolescente|adolescentes|adolescenti|tieners|jongeren"""),
    ("ages", "adults", """adults only|only adults|adult only|nur Erwachsene|adultes uniquement
        |adultes seulement|solo adultos|solo adulti|só adultos|apenas adultos|alleen volwassenen
        |alleen voor volwassenen"""),
    ("ages", "older", """elderly|senior|older people|older person|older adult|old people
        |Senioren|ältere Menschen|personnes âgées|aînés|personas mayores|adultos mayores|anziani
        |persone anziane|idosos|ouderen"""),
    ("access", "wheelchair", """silla ruedas|sedia rotelle|cadeira rodas|fauteuil|wheelchair
        |wheelchair access|wheelchair accessible|wheelchair friendly|wheelchair user
        |disabled access|Rollstuhl|rollstuhlgerecht|barrierefrei|fauteuil roulant
        |accessible en fauteuil roulant|accès PMR|silla de ruedas|sedia a rotelle
        |cadeira de rodas|rolstoel|rolstoeltoegankelijk|PMR|en silla de ruedas|sillas de ruedas
        |movilidad reducida|minusválidos|discapacitados|acceso para discapacitados
        |in sedia a rotelle|carrozzina|in carrozzina|accesso disabili|accesso ai disabili
        |accessibile ai disabili|accesso per disabili|disabili|senza barriere
        |senza barriere architettoniche|barriere architettoniche|em cadeira de rodas|cadeirante
        |cadeirantes|mobilidade reduzida|acesso para deficientes|deficientes|rolstoelvriendelijk
        |rolstoeltoegang|mindervaliden|invaliden|mindervalidentoegang|behindertengerecht
        |behindertenfreundlich|rollstuhlgängig|rollstuhlfreundlich|rollstuhlzugänglich
        |Rollstuhlzugang|gehbehindert|Gehbehinderung|Rollstuhlfahrer|en fauteuil roulant
        |en fauteuil|accès handicapé|accès handicapés|accès handicap|handicapé|handicapés
        |personnes handicapées|personnes à mobilité réduite|mobilité réduite|handicap
        |handicap accessible|handicap access|handicapped access|handicapped accessible|disabled
        |disability access|disability friendly|mobility scooter"""),
    ("access", "step-free", """senza scale|sin escaleras|sem escadas|ohne Treppen|ohne Treppe
        |ohne Stufen|sans escalier|sans escaliers|zonder trap|zonder trappen|rez-de-chaussée
        |planta baja|piano terra|rés-do-chão|Erdgeschoss|Parterre|begane grond|gelijkvloers
        |elevator|Aufzug|Fahrstuhl|ascenseur|ascensor|ascensore|elevador|step free
        |step free access|no stairs|no steps|without stairs|ground floor|level access|ebenerdig
        |stufenlos|sans marches|plain-pied|sin escalones|senza gradini|sem degraus|drempelvrij"""),
    ("access", "parking", """parking|car park|parking space|disabled parking|disabled bay
        |Parkplatz|Parkplätze|stationnement|aparcamiento|estacionamiento|parcheggio
        |estacionamento|parkeerplaats|parkeren"""),
    ("access", "public-transport", """public transport|public transit|near a station|bus stop
        |near the station|öffentliche Verkehrsmittel|transports en commun|transporte público
        |mezzi pubblici|transportes públicos|openbaar vervoer"""),
    ("access", "quiet", """quiet room|low light|quiet space|dim light|ruhiger Raum|salle calme
        |sala tranquila|stanza tranquilla|stille ruimte"""),
    ("home_visits", "1", """home visit|house call|home call|come to my house|come to my home
        |comes to my house|comes to my home|comes to me|visit at home|come to us|come to me
        |comes to us|in my home|at my home|at my house|mobile therapist|visiting therapist
        |at home|in home|in-home|at my place|to my home|to my house|to my place|house visit
        |home treatment|domiciliary visit|domiciliary|home appointment|Hausbesuch|Hausbesuche
        |kommt nach Hause|kommt ins Haus|ins Haus|nach Hause|zu Hause|zuhause|bei mir zu Hause
        |bei mir zuhause|bei uns zuhause|bei uns zu Hause|daheim|bei mir daheim|Heimbesuch
        |Heimbesuche|visite à domicile|visites à domicile|à domicile|à mon domicile|domicile
        |à la maison|chez moi|chez nous|se déplace|se déplace à domicile|a domicilio
        |visita a domicilio|ao domicílio|em casa|domicilio|visitas a domicilio
        |visita domiciliaria|visitas domiciliarias|atención a domicilio|atención domiciliaria
        |atención en casa|en casa|en mi casa|a mi casa|en mi domicilio|a mi domicilio|a casa
        |a casa mia|a casa nostra|a casa tua|in casa|visita domiciliare|visite domiciliari
        |visite a domicilio|trattamento a domicilio|domiciliare|domiciliari|domiciliar
        |domiciliário|atendimento domiciliar|atendimento domiciliário|atendimento ao domicílio
        |atendimento em casa|visita ao domicílio|visita domiciliar|em domicílio|a domicílio
        |na minha casa|em minha casa|à minha casa|vem a casa|vai a casa|huisbezoek|huisbezoeken
        |aan huis|thuis|bij mij thuis|bij ons thuis|bij u thuis|thuisbezoek|thuisbehandeling
        |behandeling aan huis|aan huis behandeling|komt aan huis|komt thuis"""),
    ("accepting", "1", """accepting|availability|has availability|has openings|no waiting list
        |no waitlist|no wait list|no waiting|short waiting list|without waiting list
        |keine Warteliste|ohne Warteliste|keine Wartezeit|ohne Wartezeit|freie Termine
        |sans liste d'attente|pas de liste d'attente|sin lista de espera|senza lista d'attesa
        |senza lista di attesa|sem lista de espera|geen wachtlijst|zonder wachtlijst
        |geen wachttijd|accepting patients|accepting new patients|accepting clients
        |accepting new clients|accepts new clients|accepts new patients|taking new patients
        |taking new clients|takes new clients|takes new patients|taking on new clients
        |taking on new patients|taking on patients|taking on clients|taking patients
        |taking clients|new patients|new clients|has room|has space|free places
        |openings for new clients|neue Patienten|neue Klienten|freie Plätze|nouveaux patients
        |nouveaux clients|nuevos pacientes|nuovi pazienti|novos pacientes|nieuwe cliënten
        |nieuwe patiënten"""),
    *OFFERS,
)  # fmt: skip
FLAGS = frozenset({"home_visits", "accepting"})
# Before a trade it says that somebody comes; else it is a town, or a telephone.
MOBILE = each("mobile mobil mobiler mobiles mobilen mobiele movil ambulante traveling travelling")
THERAPISTS = each(
    "therapeut therapeutin terapeuta therapeute terapista behandelaar therapeuten praxis"
)
# Who works, stays or is born there wants nobody to come: "working at home".
_BESIDE_HOME = """work working works worked stay staying born birth fell fall injured job office sedentary
    arbeit arbeiten arbeite travail travaille trabajo trabajando lavoro trabalho werk werken"""
NOT_AT_HOME = each(_BESIDE_HOME)
AFTER_HOME = each(
    """moglich possible possibles posible posibles possibile possibili possivel mogelijk available
    offered angeboten behandlung behandlungen behandeling treatment treatments visit visits session
    sessions appointment appointments"""
)
AFTER_RECEIPTS = each(
    """recognised recognized registered approved accepted provider anerkannt registriert agree agreee
    reconnu reconnue accettata riconosciuto aceptado reconocido aceite erkend akzeptiert"""
)
# "Acessível" alone is a price.
BEFORE_WHEELCHAIR = each(
    """accessible accesible accesibles accessibile accessibili acessivel acessiveis toegankelijk
    zuganglich acceso accesso acesso acces access a para por em de en per con com avec aux au in mit
    fur voor met for to pour the by ai"""
)
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
    """appointment appointments appt appts consultation consultations session sessions call calls visit visits
    talk talks meeting meetings treatment treatments therapy
    termin termine sitzung sitzungen seance seances consulta consultas sesion sesiones seduta
    sedute sessao sessoes afspraak sessie sessies consult"""
)
# "Swedish massage" and "Chinese medicine" are no languages.
METHODS = frozenset({"massage", "massages", "medicine", "bodywork", "toast", "manicure", "horn"})
