"""How people say when they can come, what they can pay, that they stay at home, and to whom they go."""

from directory.search.text import each

# Facet, value, ways to say it: words parted by "|". Of a value parted by "|" any will do.
OFFERS = (
    ("times", "saturday", """Samstagmorgen|Samstagvormittag|Samstagnachmittag|zaterdagochtend
        |zaterdagmorgen|zaterdagmiddag|saturday|saturdays|Samstag|samstags|Sonnabend|sonnabends
        |samedi|samedis|sábado|sábados|sabato|zaterdag|zaterdags|sabati|di sabato|Sat|Sats"""),
    # "Domingo" and "Domenica" are names, too: `facts` tells.
    ("times", "sunday", """Sonntagmorgen|Sonntagvormittag|Sonntagnachmittag|zondagochtend
        |zondagmiddag|sunday|sundays|Sonntag|sonntags|dimanche|dimanches|el domingo|en domingo
        |los domingos|ao domingo|aos domingos|la domenica|di domenica|zondag|zondags|domingo
        |domingos|domenica|domeniche|on Sun|open Sun"""),
    ("times", "saturday|sunday", """sat sun|sat or sun|sat and sun|weekend|weekends
        |at the weekend|Wochenende|am Wochenende|week-end|fin de semana|fines de semana
        |fine settimana|nel weekend|fim de semana|fins de semana|in het weekend"""),
    ("times", "evening", """Montagabend|Dienstagabend|Mittwochabend|Donnerstagabend|Freitagabend
        |maandagavond|dinsdagavond|woensdagavond|donderdagavond|vrijdagavond|evening|evenings
        |after work|after hours|late opening|open late|late evening|late evenings
        |late appointment|late appointments|eve|eves|abends|am Abend|Abend|Abendtermin
        |Abendtermine|Abendsprechstunde|nach Feierabend|nach der Arbeit|soir|le soir|en soirée
        |après le travail|soirée|horaires tardifs|jusqu'à tard|por la noche|después del trabajo
        |noche|noches|de noche|por las noches|tarde noche|tarde-noche|horario nocturno|di sera
        |la sera|serale|orario serale|sera|alla sera|in serata|serali|dopo il lavoro|à noite
        |pós-laboral|noite|noites|de noite|noturno|horário noturno|horário pós-laboral
        |depois do trabalho|avond|avonds|avondspreekuur|avonden|in de avond|avondafspraak
        |na het werk"""),
    ("times", "early", """early|early morning|early mornings|before work|before 9|before nine
        |frühmorgens|früh morgens|früh am Morgen|Frühtermin|Frühtermine|vor der Arbeit
        |tôt le matin|avant le travail|a primera hora|primera hora|temprano|antes del trabajo
        |mattina presto|presto la mattina|di mattina presto|prima del lavoro|de manhã cedo|cedo
        |antes do trabalho|vroeg|ochtends vroeg|voor het werk"""),
    ("times", "appointment", """by appointment|by appointment only|appointment only
        |nach Vereinbarung|Termine nach Vereinbarung|nach Absprache|sur rendez-vous
        |con cita previa|cita previa|su appuntamento|com hora marcada|por marcação|op afspraak"""),
    ("fees", "sliding-scale", """cheap|cheaper|cheapest|affordable|inexpensive|economical
        |budget friendly|not expensive|not too expensive|günstige|günstiger|günstiges|günstigen
        |günstigste|billig|billige|billiger|preiswert|preiswerte|preisgünstig|bezahlbar
        |bezahlbare|nicht teuer|bon marché|abordable|pas chère|pas trop cher|peu cher|moins cher
        |economici|economico|economica|barata|tariffa agevolata|tariffe agevolate
        |prezzo agevolato|prezzi agevolati|quota solidale|prezzo accessibile|prezzi accessibili
        |tariffa solidale|baratos|baratas|asequible|no caro|poco costoso|non caro|prezzo basso
        |prezzi bassi|acessível|em conta|preço acessível|preços acessíveis|preço social
        |preços sociais|preço solidário|betaalbaar|betaalbare|goedkope|niet duur|sliding scale
        |sliding fee|sliding fees|low cost|low-cost|low fee|low fees|lower fees|reduced fee
        |reduced fees|reduced rate|reduced rates|low income|concession|concessions
        |concessionary rates|pay what you can|pay as you can|gestaffelte Preise|Sozialtarif
        |sozial gestaffelt|einkommensabhängig|nach Einkommen|ermäßigt|ermäßigter Preis
        |ermäßigte Preise|Sozialpreis|kleines Budget|wenig Geld|günstig|tarif réduit
        |tarifs réduits|tarif solidaire|tarif social|tarif dégressif|tarifs sociaux
        |tarifs solidaires|tarif accessible|tarifs accessibles|prix réduit|prix réduits
        |prix accessible|prix accessibles|petit budget|petits budgets|prix doux|prix libre
        |pas cher|tarifa reducida|tarifas reducidas|precio social|precios sociales
        |precio reducido|precios reducidos|precio asequible|precios asequibles|precio económico
        |precios populares|tarifa solidaria|bajo coste|bajo costo|escala móvil|económico
        |económica|barato|tariffa ridotta|tariffe ridotte|basso costo|a basso costo
        |prezzo ridotto|tariffa sociale|tarifa social|baixo custo|preço reduzido
        |preços reduzidos|sociaal tarief|gereduceerd tarief|sociale tarieven|verlaagd tarief
        |klein budget|laag tarief|lager tarief|goedkoop|naar draagkracht"""),
    ("fees", "free-talk", """free consultation|free consult|free first talk|free first call
        |free call|free phone call|free discovery call|discovery call|free intro call
        |free introductory call|free initial consultation|free trial|kostenloses Erstgespräch
        |kostenfreies Erstgespräch|kostenloses Vorgespräch|gratis Erstgespräch
        |premier entretien gratuit|appel gratuit|premier appel gratuit|entretien gratuit
        |primera consulta gratis|primera consulta gratuita|primera llamada gratuita
        |consulta gratuita|primo colloquio gratuito|colloquio gratuito
        |primeira conversa gratuita|primeira consulta gratuita|gratis kennismaking
        |gratis kennismakingsgesprek|gratis intake"""),
    ("fees", "receipts", """insurance|accepts insurance|accept insurance|takes insurance
        |take insurance|health insurance|insurance accepted|covered by insurance|insurers
        |Medicare|Medicaid|Medi-Cal|Blue Cross|Aetna|Cigna|BUPA|HSA|FSA|Kaiser Permanente
        |United Healthcare|UnitedHealthcare|Humana|Tricare|Medibank|HICAPS|NDIS|VHI
        |Laya Healthcare|Irish Life Health|AXA Health|AXA PPP|Manulife|Sun Life|Green Shield
        |Helsana|Visana|Swica|Groupe Mutuel|Assura|Adeslas|Mapfre|Asisa|Unisalute
        |Multicare|Unimed|Menzis|VGZ|Zilveren Kruis|AOK|Barmer|Techniker Krankenkasse
        |private health fund|receipt|receipts|invoice|invoices|reimbursed|reimbursement
        |reimbursable|direct billing|Krankenkasse|Krankenkassen|Krankenversicherung
        |Zusatzversicherung|Kassenleistung|Kasse|Kassen|Kasse zahlt|zahlt die Kasse
        |Kasse übernimmt|Kassenabrechnung|kassenanerkannt|krankenkassenanerkannt
        |krankenkassen anerkannt|Krankenkasse anerkannt|Kostenübernahme|Kostenerstattung
        |Rückerstattung|Rechnung|EMR|EMR anerkannt|EMR registriert|ASCA|ASCA anerkannt
        |agréé ASCA|reconnu ASCA|agréé RME|reconnu RME|RME|EMfit|mutuelle|mutuelles|assurance
        |assurance maladie|remboursé|remboursée|remboursés|remboursement|remboursements
        |prise en charge|prises en charge|pris en charge|en charge|assurance complémentaire
        |facture|factures|seguro|seguro médico|seguro de salud|mutua|assicurazione
        |assicurazione sanitaria|factura|facturas|recibo|recibos|reembolso|reembolsos
        |reembolsable|rimborso|rimborsi|rimborsabile|rimborsato|detraibile|detraibili|fattura
        |fatture|ricevuta|ricevute|seguro saúde|plano de saúde|convênio|convênios|fatura|faturas
        |comparticipado|comparticipação|reembolsável|verzekering|zorgverzekering|zorgverzekeraar
        |zorgverzekeraars|vergoed|vergoeding|vergoedt|vergoedingen|factuur
        |aanvullende verzekering|aanvullend verzekerd|insurance receipt|insurance receipts
        |receipt for insurance|receipts for insurance|receipt for my insurance|superbill
        |superbills|Rechnung für die Krankenkasse|Rechnung für die Versicherung|Quittung
        |Quittungen|reçu pour assurance|reçus pour assurance|reçu d'assurance|reçus d'assurance
        |facture pour la mutuelle|recibo para el seguro|factura para el seguro
        |ricevuta per assicurazione|fattura per assicurazione|recibo para o seguro
        |factuur voor verzekering|nota voor de verzekering"""),
    ("online", "1", """online|video|video call|videos call|zoom|skype|facetime|telehealth
        |tele health|tele-health|ehealth|e health|e-health|telemedicine|teletherapy|tele therapy
        |remote|remotely|virtual|virtually|webcam|over the internet|via video|by video
        |at a distance|from home by video|Videosprechstunde|Videoanruf|Fernbehandlung
        |Onlinetermin|en ligne|visio|visioconférence|visioconsultation|téléconsultation
        |à distance|en línea|videollamada|a distancia|videochiamata|a distanza|videochamada
        |à distância|op afstand|videobellen|beeldbellen"""),
    # Whoever practises somewhere is seen there: it narrows nothing, and is said.
    ("in_person", "1", """in person|in person only|in-person|face to face|vor Ort|persönlich
        |en personne|en présentiel|présentiel|en persona|presencial|di persona|in presenza
        |presencialmente|op locatie|in de praktijk"""),
    # Nobody is found by these, which is said.
    ("at_once", "1", """open now|open today|currently open|open right now|available now
        |available today|same day|same day appointment|today|tonight|right now|jetzt geöffnet
        |jetzt offen|heute geöffnet|heute offen|heute|sofort|ouvert maintenant
        |ouverte maintenant|ouvert aujourd'hui|aujourd'hui|abierto ahora|abierta ahora
        |abierto hoy|hoy|aperto ora|aperto adesso|aperto oggi|oggi|aberto agora|aberto hoje|hoje
        |nu open|nu geopend|vandaag open|vandaag geopend|vandaag"""),
    ("daytime", "1", """open 7 days|7 days a week|open 24/7|24/7|morning|mornings|in the morning
        |in the mornings|afternoon|afternoons|in the afternoon|in the afternoons|lunchtime
        |at lunchtime|weekday|weekdays|on weekdays|daytime|during the week|Monday|Mondays
        |Tuesday|Tuesdays|Wednesday|Wednesdays|Thursday|Thursdays|Friday|Fridays|vormittags
        |Vormittag|am Vormittag|nachmittags|Nachmittag|am Nachmittag|morgens|am Morgen|mittags
        |wochentags|werktags|unter der Woche|Montag|montags|Dienstag|dienstags|Mittwoch
        |mittwochs|Donnerstag|donnerstags|Freitag|freitags|matin|matins|le matin|après-midi
        |l'après-midi|en journée|en semaine|lundi|lundis|mardi|mardis|mercredi|mercredis|jeudi
        |jeudis|vendredi|vendredis|mañana|mañanas|por la mañana|por las mañanas|de mañana|tarde
        |tardes|por la tarde|por las tardes|de tarde|a mediodía|mediodía|entre semana|lunes
        |martes|miércoles|jueves|viernes|mattina|mattine|mattino|di mattina|la mattina
        |al mattino|pomeriggio|pomeriggi|di pomeriggio|nel pomeriggio|durante la settimana
        |lunedì|martedì|mercoledì|giovedì|venerdì|manhã|manhãs|de manhã|pela manhã|à tarde
        |durante a semana|segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira
        |ochtend|ochtends|in de ochtend|middag|middags|in de middag|overdag|doordeweeks|maandag
        |dinsdag|woensdag|donderdag|vrijdag"""),
    ("access", "online", "online first talk|first talk online|video first talk"),
    # Whether it is the practitioner or who comes, `genders` tells.
    ("practitioner", "woman", """woman|women|lady|ladies|female|she her|she her hers|Frau|Frauen
        |femme|femmes|mujer|mujeres|donna|donne|mulher|mulheres|vrouw|vrouwen|woman therapist
        |woman practitioner|lady therapist|lady practitioner|seen by a woman|by a woman|weiblich
        |weibliche|weiblicher|weiblichen|von einer Frau|femme thérapeute|thérapeute femme
        |praticienne|par une femme|terapeuta mujer|mujer terapeuta|femenina|por una mujer
        |terapeuta donna|donna terapeuta|da una donna|terapeuta mulher|mulher terapeuta|feminina
        |vrouwelijk|vrouwelijke|door een vrouw"""),
    ("practitioner", "man", """man|men|gentleman|gentlemen|male|he him|he him his|Mann|Männer
        |homme|hommes|hombre|hombres|uomo|uomini|homem|homens|mannen|man therapist
        |man practitioner|male practitioner|seen by a man|by a man|männlich|männliche|männlicher
        |männlichen|von einem Mann|homme thérapeute|thérapeute homme|masculin|par un homme
        |terapeuta hombre|hombre terapeuta|masculino|por un hombre|terapeuta uomo|uomo terapeuta
        |da un uomo|terapeuta homem|homem terapeuta|mannelijk|mannelijke|door een man"""),
    ("practitioner", "another", """they them|nonbinary|non binary|non-binary|enby|nichtbinär
        |nicht binär|nichtbinäre|non binaire|no binario|no binaria|non binario|não binário
        |não binária|non-binair|genderqueer"""),
)  # fmt: skip


# What says that somebody is there at a time, and what leads to it: "open on Saturdays".
AT_WORK = each(
    """open opens opening available hours offen geoffnet auf ouvert ouverte ouverts
    abierto abierta abiertos aperto aperta aperti aberto aberta abertos geopend"""
)
BEFORE_TIMES = AT_WORK | each("on in at the am im le les los el la il di aos ao op anche also auch")
# "Weekends only" says no more than "weekends".
ONLY = each("only nur seulement uniquement solo solamente soltanto alleen apenas possible moglich")
# "Morning sickness" is no time.
NO_TIMES = each("sickness stiffness glory")
# Times that are names or other words, too: beside a name they are one, alone they are no wish.
ALSO_NAMES = each(
    "domingo domenica eve sat sera noche monday friday sun montag freitag mardi martes"
)
