"""The columns of a roster, and what other people call them, in six languages and more."""

import re
from collections.abc import Iterable
from functools import cache

from directory.models import Kind
from directory.places.names import fold

TERMS = {
    "professions": Kind.PROFESSION,
    "conditions": Kind.CONDITION,
    "credentials": Kind.CREDENTIAL,
}
# Column → field of a Practice.
PLACE = {
    "practice": "name",
    "address": "address",
    "locality": "locality",
    "region": "region",
    "postcode": "postcode",
    "country": "country",
    "latitude": "lat",
    "longitude": "lon",
    "hide_address": "hide_address",
    "home_visit_km": "home_visit_km",
}
PERSON = (
    *("name", "suffix", "languages", "about", "phone", "email", "website"),
    *("accepting", "ages", "access", "fees", "by_appointment", "sliding_scale", "free_talk"),
    *("receipts", "online", "online_only", "serves", "practitioner"),
)
# Column → field of a Price.
PRICE = {"price_amount": "amount", "price_currency": "currency", "price_minutes": "minutes"}
# In the order of the contract, which is the order of an export.
ORDER = (
    *("external_id", "name", "suffix", "professions", "conditions", "credentials", "languages"),
    *("about", "practice", "address", "locality", "region", "postcode", "country"),
    *("latitude", "longitude", "hide_address", "phone", "email", "website", "accepting"),
    *("home_visit_km", "ages", "access", "fees", "by_appointment", "sliding_scale", "free_talk"),
    *("receipts", *PRICE, "online", "online_only", "serves", "practitioner"),
)
COLUMNS = frozenset(ORDER)
# What other people keep in two columns and we in one, or the other way round.
FIRST, LAST, TITLE = "first_name", "last_name", "title"
ADDRESS2, WHERE, POSITION = "address_2", "town_and_region", "position"
JOINED = (TITLE, FIRST, LAST, ADDRESS2, WHERE, POSITION)
TAKEN = (*ORDER, *JOINED)
YES_OR_NO = frozenset(
    ("hide_address", "accepting", "by_appointment", "sliding_scale", "free_talk", "receipts")
) | {"online", "online_only"}
# What other people call our columns; folded, without spaces.
ALSO_CALLED = {
    "external_id": """id memberid memberno membernumber membershipno membershipnumber number ref no
        nr userid contactid internalcontactid accountid membership mitgliedsnr mitgliedsnummer
        mitgliednr mitgliedsno numeroadherent numeroadhesion numerodemembre numerosocio nsocio
        numerodesocio numerodisocio ntessera tessera lidnummer lidnr matricule codigo externalid""",
    "name": """fullname practitionername member displayname therapist nom membername contactname
        contact practitioner surnamefirst surnamefirstname lastnamefirst lastnamefirstname lastfirst
        nameofpractitioner namevorname nachnamevorname vorundnachname vornamename vornamenachname
        vornameundnachname vollername therapeut therapeutin nometprenom nomprenom prenometnom
        nomcomplet praticien nombreyapellidos nombrecompleto apellidosynombre terapeuta
        nomecompleto nomecognome nomeecognome cognomenome cognomeenome nominativo nomeesobrenome
        naam volledigenaam imieinazwisko nazwiskoiimie jmeno 氏名 名前 имяифамилия фио
        preferredname fileas sortname""",
    FIRST: """firstname forename forenames givenname givennames vorname prenom prenoms nombre
        nombres nome voornaam imie имя fornavn fornamn christianname first 名""",
    LAST: """lastname surname familyname nachname familienname zuname nomdefamille apellido
        apellidos cognome sobrenome apelido achternaam familienaam nazwisko фамилия efternavn
        efternamn etternavn last primerapellido 姓""",
    TITLE: """title titel titre titulo titolo salutation anrede prefix nameprefix civilite
        tratamiento honorific mrmrsms""",
    "suffix": """letters postnominals designation namesuffix lettersaftername postnominal
        designations degree degrees""",
    "professions": """profession occupation trade discipline disciplines licence license
        jobtitle modalities modality professionlicence professionlicense licensetype
        licencetype practitionertype typeofpractitioner primaryprofession mainprofession role
        beruf berufe tatigkeit berufsbezeichnung fachrichtung metier specialite profesion
        profesiones ocupacion especialidad professione professioni mestiere profissao profissoes
        ocupacao beroep beroepen zawod профессия""",
    "conditions": """condition issues specialties specialities specialty focus workswith
        conditionstreated concerns areasofinterest specialisms specialism specialinterests
        beschwerden schwerpunkte schwerpunkt indikationen troubles indications motifs
        especialidades afecciones condiciones dolencias disturbi condizioni patologie condicoes
        klachten aandoeningen helpswith""",
    "credentials": """credential training qualifications qualification certifications courses
        level levels cstlevel certification certificates certificate traininglevel upledgerlevel
        levelcompleted coursescompleted highestlevel ausbildung ausbildungen qualifikation
        qualifikationen niveau formation formations diplomes nivel formacion titulacion livello
        formazione formacao opleiding opleidingen stufe""",
    "languages": """language spokenlanguages languagesspoken sprache sprachen langue langues
        languesparlees idioma idiomas lingua lingue linguas talen taal jezyki языки""",
    "about": """bio biography description profile text summary aboutme aboutyou blurb
        statement beschreibung uberuns ubermich apropos presentation descripcion biografia
        descrizione presentazione descricao apresentacao omschrijving overmij""",
    "practice": """clinic business company practicename clinicname businessname organisation
        organization companyname employer practicelocation currentemployer praxis praxisname firma
        cabinet nomducabinet societe centro clinica consulta empresa studio nomedellostudio
        azienda consultorio praktijk praktijknaam bedrijf""",
    "address": """street streetaddress address1 addressline1 mailingstreet homestreet strasse str
        strassehausnummer anschrift adresse rue adresse1 voie direccion calle domicilio indirizzo
        via morada rua endereco adres straat straatnaam ulica адрес addressprimaryline1
        businessaddress workaddress practiceaddress""",
    ADDRESS2: """address2 addressline2 supplementaladdress1 street2 adresszusatz adresse2
        complementdadresse direccion2 indirizzo2 complemento""",
    "locality": """town city suburb place ort stadt ville towncity citytown townorcity cityortown
        wohnort commune localite ciudad poblacion localidad municipio citta comune localita
        cidade plaats woonplaats stad miasto mesto город 市区町村 addressprimarycity
        posttown mailingcity homecity workcity practicecity""",
    "region": """state province county stateprovince stateregion countystate provincestate
        statecounty stprov st bundesland kanton canton departement provincia comunidadautonoma
        estado regione distrito wojewodztwo область addressprimarystate stateorprovince
        mailingstate homestate""",
    "postcode": """zip zipcode postalcode postal plz zippostcode postcodezip zippostalcode
        postcodezipcode postleitzahl codepostal cp codigopostal cap codicepostale cep codpostal
        postnummer kodpocztowy индекс addressprimaryzip mailingzip homezip eircode""",
    "country": """nation land countrycode pays pais paese staat kraj страна 国 stato
        countryregion addressprimarycountry mailingcountry homecountry""",
    WHERE: """location citystate citystatezip townandcounty citystateprovince plzort ortplz
        plzundort cpville codepostalville cppoblacion caplocalita whereabouts towncounty
        townstate cityandstate""",
    "latitude": "lat breite breitengrad latitud latitudine geolat",
    "longitude": "lon lng long lange langengrad longitud longitudine geolong geolng",
    POSITION: "latlong latlng latlon coordinates coordinate gps koordinaten coordonnees coordenadas",
    "hide_address": """hideaddress privateaddress addressprivate hidemyaddress confidentialaddress
        adresseverbergen""",
    "phone": """telephone tel mobile phonenumber telephonenumber cell telno telnr mobileno
        mobilephone cellphone workphone homephone businessphone phoneprimary primaryphone phone1
        telefon telefonnummer handy mobil telephoneportable portable telefono movil celular
        cellulare telefone telemovel telefoon mobiel телефон 電話 telefonnr phoneno
        contactnumber daytimephone""",
    "email": """mail emailaddress emailprimary primaryemail email1 emailadresse mailadresse
        courriel adressecourriel adresseemail adressemail correo correoelectronico
        direcciondecorreo postaelettronica indirizzoemail correioeletronico emailadres
        epost eposta почта メール contactemail workemail""",
    "website": """web url site homepage webpage webaddress websiteurl siteweb siteinternet
        webseite internetseite internet sitio sitioweb paginaweb sitointernet sitoweb sito
        paginadainternet websitio webadres""",
    "accepting": """acceptingnewclients newclients acceptingclients takingnewclients
        takingclients acceptingnewpatients newpatients takingnewpatients availability
        openforclients currentlyaccepting nimmtneueklienten neueklienten neuepatienten
        acceptedenouveauxclients nouveauxclients nouveauxpatients aceptanuevosclientes
        nuevosclientes nuevospacientes accettanuoviclienti nuoviclienti aceitanovosclientes
        novosclientes neemtnieuweclienten nieuweclienten""",
    "home_visit_km": """homevisits homevisitradius travelradius travels willtravel hausbesuche
        adomicile visitesadomicile domicilio visitasadomicilio visiteadomicilio domiciliares
        huisbezoek traveldistance homevisitradiuskm radius""",
    "ages": """agegroups agerange clients agestreated clientages clientgroups altersgruppen
        tranchesdage edades eta idades leeftijden population populations""",
    "access": """accessibility facilities barrierefreiheit zugang accessibilite accesibilidad
        accessibilita acessibilidade toegankelijkheid""",
    "fees": "fee price prices cost rates preise preis tarif tarifs tarifas precio prezzi precos tarieven",
    "by_appointment": "byappointmentonly appointment nurnachvereinbarung surrendezvous",
    "sliding_scale": "slidingfees reducedfees sozialtarif",
    "free_talk": "freeconsultation freefirsttalk freecall freeconsult",
    "receipts": "insurancereceipts superbill superbills",
    "price_amount": "amount sessionprice sessionfee pricepersession",
    "price_currency": "currency wahrung devise moneda valuta moeda",
    "price_minutes": "minutes sessionlength duration dauer duree duracion durata",
    "online": "worksonline telehealth onlinesessions worksremotely",
    "online_only": "onlyonline",
    "serves": "countriesserved servedcountries",
    "practitioner": "gender geschlecht sexe sexo sesso geslacht genero genre",
}
# Looked at last, for they often mean something else.
PERHAPS_CALLED = {
    "professions": "type membertype job role services therapies title",
    "about": "notes note comments interests",
}
# What may stand around a name and says nothing of the column.
_AROUND = re.compile(r"\((?:required|optional|if any|pflicht\w*|obligatoire|\d+)\)|[*?:]", re.I)
_PREFIX = re.compile(
    r"^(?:practice|clinic|work|business|home|primary|main|contact|office|mailing|postal|public)\b\W*",
    re.I,
)
_BRACKETED = re.compile(r"\((.*?)\)")


@cache
def _known() -> tuple[dict[str, str], ...]:
    """Our names, those of others, and those that may mean something else, the surest first."""
    own = {plain(name): name for name in TAKEN}
    others = (
        {plain(word): name for name, words in called.items() for word in words.split()}
        for called in (ALSO_CALLED, PERHAPS_CALLED)
    )
    return (own, *others)


def guess(columns: Iterable[str]) -> dict[str, str]:
    """Which of our columns each of the file's seems to be, "" when we cannot tell; each once.

    A column that bears our own name is meant before one that only sounds like it.
    """
    guessed = dict.fromkeys(columns, "")
    for known in _known():
        for column in guessed:
            name = next(filter(None, (known.get(way, "") for way in _ways(column))), "")
            if not guessed[column] and name not in guessed.values():
                guessed[column] = name
    _with_prefixes(guessed)
    _one_name(guessed)
    return guessed


def _with_prefixes(guessed: dict[str, str]) -> None:
    """ "Practice town" and "Work phone" are a town and a telephone, when nothing else is."""
    own, alike, _ = _known()
    for column, ours in guessed.items():
        rest = _PREFIX.sub("", column)
        name = own.get(plain(rest)) or alike.get(plain(rest)) or ""
        if not ours and rest != column and name not in ("name", *guessed.values()):
            guessed[column] = name


def _one_name(guessed: dict[str, str]) -> None:
    """Settle what a name is called: whole, or in two; "Nom" beside "Prénom" is the surname."""
    by_name = {ours: column for column, ours in guessed.items() if ours}
    if "name" in by_name and FIRST in by_name and LAST not in by_name:
        guessed[by_name["name"]] = LAST
    elif FIRST in by_name and LAST not in by_name and "name" not in by_name:
        guessed[by_name[FIRST]] = "name"
    elif "name" in by_name and plain(by_name["name"]) == LAST:
        guessed[by_name["name"]] = LAST


def is_known(column: str) -> bool:
    """Whether it is called as we, or others, call a column of ours."""
    return any(way in known for known in _known()[:2] for way in _ways(column))


def _ways(column: str) -> Iterable[str]:
    """A column's name in the ways in which we may know it."""
    name = _AROUND.sub(" ", column)
    yield plain(name)
    yield plain(_BRACKETED.sub(" ", name))
    first, *_, last = name.strip("[] ").split("|") if "|" in name else ("", "")
    yield plain(last)
    if plain(last) in ("primary", "work", "home", "line1"):
        yield plain(first)


def plain(column: str) -> str:
    """A column's name without blanks, underscores and accents."""
    return "".join(re.findall(r"[^\W_]+", fold(column)))
