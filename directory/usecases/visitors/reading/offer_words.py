"""How people say when they can come, what they can pay, that they stay at home, and to whom they go."""

from directory.search.text import each

# Facet, value, ways to say it: words parted by "|". Of a value parted by "|" any will do.
OFFERS = (
    ("times", "saturday", """saturday|saturdays|Samstag|samstags|Sonnabend|sonnabends|samedi
        |samedis|sábado|sábados|sabato|zaterdag|zaterdags"""),
    # "Domingo" and "Domenica" are names, too.
    ("times", "sunday", """sunday|sundays|Sonntag|sonntags|dimanche|dimanches
        |el domingo|en domingo|los domingos|ao domingo|aos domingos|la domenica|di domenica
        |zondag|zondags"""),
    ("times", "saturday|sunday", """weekend|weekends|at the weekend|Wochenende|am Wochenende
        |week-end|fin de semana|fines de semana|fine settimana|nel weekend|fim de semana
        |fins de semana|in het weekend"""),
    ("times", "evening", """evening|evenings|after work|after hours|late opening|open late
        |abends|am Abend|Abend|Abendtermin|Abendtermine|Abendsprechstunde|nach Feierabend
        |nach der Arbeit|soir|le soir|en soirée|après le travail|por la noche|después del trabajo
        |di sera|la sera|serale|orario serale|dopo il lavoro|à noite|pós-laboral
        |depois do trabalho|avond|avonds|avondspreekuur|na het werk"""),
    ("times", "early", """early|early morning|early mornings|before work|before 9|before nine
        |frühmorgens|früh morgens|früh am Morgen|Frühtermin|Frühtermine|vor der Arbeit
        |tôt le matin|avant le travail|a primera hora|primera hora|temprano|antes del trabajo
        |mattina presto|presto la mattina|di mattina presto|prima del lavoro|de manhã cedo
        |cedo|antes do trabalho|vroeg|ochtends vroeg|voor het werk"""),
    ("times", "appointment", """by appointment|by appointment only|appointment only
        |nach Vereinbarung|Termine nach Vereinbarung|nach Absprache|sur rendez-vous
        |con cita previa|cita previa|su appuntamento|com hora marcada|por marcação|op afspraak"""),
    ("fees", "sliding-scale", """cheap|cheaper|cheapest|affordable|inexpensive|economical
        |budget friendly|not expensive|not too expensive|günstige|günstiger|günstiges|günstigen
        |günstigste|billig|billige|billiger|preiswert|preiswerte|preisgünstig|bezahlbar|bezahlbare
        |nicht teuer|bon marché|abordable|pas chère|pas trop cher|peu cher|moins cher|economici
        |economico|economica|barata|baratos|baratas|asequible|no caro|poco costoso|non caro
        |prezzo basso|prezzi bassi|acessível|em conta|betaalbaar|betaalbare|goedkope|niet duur
        |sliding scale|sliding fee|sliding fees|low cost|low-cost|low fee
        |low fees|lower fees|reduced fee|reduced fees|reduced rate|reduced rates|low income
        |concession|concessions|concessionary rates|pay what you can|pay as you can
        |gestaffelte Preise|Sozialtarif|sozial gestaffelt|einkommensabhängig|nach Einkommen
        |ermäßigt|ermäßigter Preis|günstig|tarif réduit|tarifs réduits|tarif solidaire
        |tarif social|tarif dégressif|prix libre|pas cher|tarifa reducida|tarifas reducidas
        |bajo coste|bajo costo|escala móvil|económico|económica|barato|tariffa ridotta
        |tariffe ridotte|basso costo|a basso costo|prezzo ridotto|tariffa sociale|tarifa social
        |baixo custo|preço reduzido|preços reduzidos|sociaal tarief|gereduceerd tarief
        |lager tarief|goedkoop|naar draagkracht"""),
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
        |Medicare|Medicaid|Medi-Cal|Blue Cross|Aetna|Cigna|BUPA|HSA|FSA
        |Krankenkasse|Krankenkassen|Krankenversicherung|Zusatzversicherung|Kassenleistung
        |mutuelle|mutuelles|assurance|assurance maladie|seguro|seguro médico|seguro de salud
        |mutua|assicurazione|assicurazione sanitaria|seguro saúde|plano de saúde|convênio
        |verzekering|zorgverzekering|zorgverzekeraar|insurance receipt|insurance receipts|receipt for insurance
        |receipts for insurance|receipt for my insurance|superbill|superbills
        |Rechnung für die Krankenkasse|Rechnung für die Versicherung|Quittung|Quittungen
        |reçu pour assurance|reçus pour assurance|reçu d'assurance|reçus d'assurance
        |facture pour la mutuelle|recibo para el seguro|factura para el seguro
        |ricevuta per assicurazione|fattura per assicurazione|recibo para o seguro
        |factuur voor verzekering|nota voor de verzekering"""),
    ("online", "1", """online|video|video call|videos call|zoom|skype|facetime|telehealth
        |tele health|tele-health|ehealth|e health|e-health|telemedicine|teletherapy|tele therapy|remote|remotely|virtual
        |virtually|webcam|over the internet|via video|by video|at a distance|from home by video
        |Videosprechstunde|Videoanruf|Fernbehandlung|Onlinetermin
        |en ligne|visio|visioconférence|visioconsultation|téléconsultation|à distance
        |en línea|videollamada|a distancia|videochiamata|a distanza|videochamada|à distância
        |op afstand|videobellen|beeldbellen"""),
    # Whoever practises somewhere is seen there: it narrows nothing, and is said.
    ("in_person", "1", """in person|in person only|in-person|face to face|vor Ort|persönlich
        |en personne|en présentiel|présentiel|en persona|presencial|di persona|in presenza
        |presencialmente|op locatie|in de praktijk"""),
    ("access", "online", "online first talk|first talk online|video first talk"),
    # Whether it is the practitioner or who comes, `genders` tells.
    ("practitioner", "woman", """woman|women|lady|ladies|female|she her|she her hers|Frau|Frauen
        |femme|femmes|mujer|mujeres|donna|donne|mulher|mulheres|vrouw|vrouwen
        |woman therapist|woman practitioner|lady therapist|lady practitioner
        |seen by a woman|by a woman|weiblich|weibliche|weiblicher|weiblichen|von einer Frau
        |femme thérapeute|thérapeute femme|praticienne
        |par une femme|terapeuta mujer|mujer terapeuta|femenina|por una mujer|terapeuta donna
        |donna terapeuta|da una donna|terapeuta mulher|mulher terapeuta|feminina
        |vrouwelijk|vrouwelijke|door een vrouw"""),
    ("practitioner", "man", """man|men|gentleman|gentlemen|male|he him|he him his|Mann|Männer
        |homme|hommes|hombre|hombres|uomo|uomini|homem|homens|mannen|man therapist|man practitioner|male practitioner
        |seen by a man|by a man|männlich|männliche|männlicher|männlichen|von einem Mann
        |homme thérapeute|thérapeute homme|masculin|par un homme|terapeuta hombre
        |hombre terapeuta|masculino|por un hombre|terapeuta uomo|uomo terapeuta|da un uomo
        |terapeuta homem|homem terapeuta|mannelijk|mannelijke|door een man"""),
    ("practitioner", "another", """they them|nonbinary|non binary|non-binary|enby|nichtbinär|nicht binär
        |nichtbinäre|non binaire|no binario|no binaria|non binario|não binário|não binária
        |non-binair|genderqueer"""),
)  # fmt: skip


# What says that somebody is there at a time, and what leads to it: "open on Saturdays".
AT_WORK = each(
    """open opens opening available hours offen geoffnet auf ouvert ouverte ouverts
    abierto abierta abiertos aperto aperta aperti aberto aberta abertos geopend"""
)
BEFORE_TIMES = AT_WORK | each("on in at the am im le les los el il di aos ao op")
