"""The words that demo people are made of. Every person, place of work and sentence is invented."""

FIRST_NAMES: dict[str, tuple[str, ...]] = {
    "en": (
        *("Rowan", "Imogen", "Fern", "Marlow", "Tamsin", "Ellis", "Juniper", "Caleb", "Hazel"),
        *("Silas", "Maeve", "Declan", "Nora", "Owen", "Piper", "Wren", "Jonah", "Odette"),
        *("Callum", "Bronwyn", "Thea", "Gareth", "Isla", "Robin", "Sage", "Tobias", "Willa"),
        *("Ainsley", "Greer", "Linden", "Rosalind", "Quentin", "Della", "Hollis", "Marnie"),
    ),
    "de": (
        *("Anneke", "Lorenz", "Friederike", "Jannik", "Mechthild", "Valentin", "Saskia"),
        *("Ottilie", "Konstantin", "Wiebke", "Rainer", "Liesl", "Korbinian", "Hedwig"),
    ),
    "fr": (
        *("Mireille", "Élodie", "Théo", "Solène", "Bastien", "Capucine", "Gaël", "Noémie"),
        *("Léonie", "Anatole", "Maëlle", "Thibault", "Apolline"),
    ),
    "es": ("Inés", "Rocío", "Joaquín", "Marisol", "Iker", "Paloma", "Nicolás", "Amaya", "Ximena"),
    "it": ("Fiammetta", "Ottavia", "Lapo", "Ginevra", "Tullio", "Serafina", "Corrado", "Nives"),
    "nl": ("Marijke", "Joost", "Floor", "Sjoerd", "Lotte", "Wouter", "Femke", "Maarten"),
    "nordic": (
        *("Astrid", "Signe", "Leif", "Solveig", "Torben", "Ylva", "Maja", "Henrik", "Linnea"),
        *("Aksel", "Ingrid", "Søren"),
    ),
    "pt": ("Beatriz", "Thiago", "Luísa", "Rui", "Iracema", "Caetano", "Graça", "Joana"),
    "ja": ("Haruka", "Ren", "Sayuri", "Daichi", "Michiko", "Sora", "Kaede"),
    "world": (
        *("Amara", "Priya", "Te Ariki", "Yara", "Omar", "Leilani", "Kofi", "Zofia", "Nadia"),
        *("Eun-ji", "Arjun", "Mei", "Tariq", "Ngaire", "Ife", "Milan", "Anahera", "Dilara"),
        *("Rivka", "Thandiwe", "Sione", "Ludmila", "Aylin", "Chidi", "Noor", "Keala"),
    ),
}
LAST_NAMES: dict[str, tuple[str, ...]] = {
    "en": (
        *("Testerly", "Sample", "Example", "Placeholder", "Fictive", "Alderwick", "Ashenfold"),
        *("Bellhollow", "Birchmoor", "Brackenshore", "Brambleford", "Briarstone", "Calderwynd"),
        *("Cloverdune", "Cobblewick", "Copperfern", "Dewhollow", "Dovecotter", "Elderfen"),
        *("Emberlow", "Fallowmere", "Fernhythe", "Foxlinden", "Gladewright", "Goosemarsh"),
        *("Greycombe", "Harebellow", "Hazelthorne", "Heathermoss", "Hollowbrook", "Inkpenny"),
        *("Ivorydell", "Jasperfen", "Kestrelby", "Larkmoor", "Lavenderby", "Lindenmere"),
        *("Mallowbright", "Marlowick", "Meadowhithe", "Moonbeck", "Mossgrave", "Nettlecombe"),
        *("Oakenreed", "Orchardby", "Pebblewright", "Pennywhistle", "Pipistrel", "Plumwood"),
        *("Quailbridge", "Quillfeather", "Ravenscote", "Reedwater", "Rookwillow", "Rowanmoor"),
        *("Saffronby", "Sedgewater", "Silverbeck", "Skylarke", "Sorrelton", "Starlingford"),
        *("Stillwaterby", "Sundewell", "Tamariske", "Tansyford", "Teaselworth", "Thimblewick"),
        *("Thistledown", "Tumblebrook", "Umberfield", "Vetchling", "Wagtailer", "Willowmere"),
        *("Windlestraw", "Wrenhollow", "Yarrowby", "ap Enghraifft", "Ó Samplaigh", "Mac Triail"),
    ),
    "de": (
        *("Beispiel", "Fiktiv", "Musterfrau", "Ahornthaler", "Bachlinde", "Federklang"),
        *("Haselgrund", "Himmelbach", "Lindenquell", "Moosleiten", "Nebelthal", "Quellenried"),
        *("Rosenfink", "Silbertann", "Sternmoos", "Tannenruh", "Wiesenklang", "Zaunkönigl"),
    ),
    "fr": (
        *("Démo", "Exemplaire", "Fictif", "Boisclairet", "Champlune", "Fauvetelle"),
        *("Fontclairet", "Grandlilas", "Pierrelune", "Ruisselou", "Trèflebois", "Ventdoux"),
    ),
    "es": (
        *("Ejemplar", "Ficticio", "Brisamarina", "Campoalondra", "Floralba", "Montelirio"),
        *("Rioclarete", "Torrealondra", "Valdelunar"),
    ),
    "it": ("Esempio", "Fittizi", "Montefelce", "Pratolungone", "Roccalunare", "Valtiglio"),
    "nl": ("Voorbeeldsma", "van der Proef", "Lindehoeve", "Rietzanger", "Wilgenbeek", "Zilvermeer"),
    "nordic": (
        *("Eksempel", "Testqvist", "Björkdahlin", "Granlyng", "Havtorne", "Ljungkvistel"),
        *("Prøveholm", "Skogsmyr", "Solbakkelund", "Stjernfjell"),
    ),
    "pt": ("Exemplar", "Fictício", "Campolindo", "Montelua", "Riobrando", "Serralva"),
    "ja": ("Mihonda", "Tameshino", "Kumohara", "Reibana", "Tsukimorita"),
    "world": (
        *("Tauiraroa", "Udaharan", "Namunaji", "Mithali", "Przykładowska", "Testowski"),
        *("Ukázková", "Örnekoğlu", "Paradeigma", "Dugmani", "Yesiwon", "Shiliang"),
        *("Mfanowe", "Apẹẹrẹola", "Příkladný", "Contohwati"),
    ),
}

PRACTICE_NAMES = (
    *("Quiet Room", "Alder House Rooms", "Riverbend Practice", "The Garden Room", "North Light"),
    *("Two Chairs Clinic", "Lantern Practice", "Stone and Feather", "The Old Bakery Rooms"),
    *("Harbour Bodywork", "Linden Practice", "The Slow Hour", "Open Palm Studio", "Wren House"),
    *("Willow Rooms", "The Long Table", "Hillside Studio", "Blue Door Practice", "Moss and Linen"),
    *("Copper Kettle Rooms", "The Upstairs Room", "Kitefield Clinic", "Low Tide Practice"),
)

# How a street line looks: {n} a number, {name} a tree or bird.
STREETS: dict[str, tuple[str, ...]] = {
    "en": (
        "{n} Alder St",
        "{n} Larkspur Ave",
        "{n} Juniper Lane",
        "{n} Heron Rd",
        "{n} Quince Way",
    ),
    "de": ("Lindenweg {n}", "Amselgasse {n}", "Am Mühlbach {n}", "Ahornstraße {n}"),
    "fr": ("{n} rue des Lilas", "{n} allée des Merles", "{n} chemin du Verger"),
    "es": ("Calle del Olivo {n}", "Calle Golondrina {n}", "Paseo del Tilo {n}"),
    "it": ("Via dei Tigli {n}", "Via del Merlo {n}", "Vicolo degli Ulivi {n}"),
    "nl": ("Lindelaan {n}", "Merelstraat {n}", "Wilgenpad {n}"),
    "nordic": ("Björkvägen {n}", "Lindevej {n}", "Rognveien {n}"),
    "pt": ("Rua das Oliveiras {n}", "Rua do Melro {n}", "Travessa da Tília {n}"),
    "ja": ("{n}-3 Sakura-machi", "{n}-1 Matsu-dori"),
}

# Bios: one sentence of each in turn. {years}, {town}, {a_trade}, {terms} and {since} are filled in.
OPENINGS = (
    "I have worked as {a_trade} in {town} for {years} years, and light touch has slowly become the "
    "centre of my work.",
    "My practice in {town} is small on purpose: one room, one table, and enough time between two "
    "people that nobody is hurried.",
    "After {years} years as {a_trade} I still find it remarkable how much can be felt when hands "
    "simply rest and wait.",
    "People in {town} mostly find me through a friend, and many of them have never had a session "
    "of this kind before.",
    "I came to this work late, after another career, and opened my door in {town} in {since}.",
    "You will find my room on a calm street in {town}, where I have been seeing clients since "
    "{since}.",
)
# For those who came to this work from another trade.
SECOND_CALLINGS = (
    "Since {since} I have offered craniosacral sessions in {town}, beside my work as {a_trade}.",
    "As {a_trade} I was trained to look for what is wrong; craniosacral work taught me to begin "
    "with what is already going well.",
)
SESSIONS = (
    "A session lasts about an hour; you lie on a padded table, fully clothed, while I rest my hands "
    "lightly on your feet, back or head.",
    "I work with very little pressure, about the weight of a coin, and you can ask me to pause or "
    "to change position at any moment.",
    "We begin with a short talk about how you are today, and then most of the hour is quiet.",
    "Some people talk, some doze, and both are welcome; there is nothing that you have to do.",
    "The first visit takes a little longer, so that there is time for your questions and for a "
    "cup of tea.",
    "My hands stay still for long moments, listening for small movements and following them "
    "without any force.",
    "I explain what I am doing as I go, and I always ask before I touch a new area.",
    "You are welcome to bring someone with you, or to sit in a chair if lying down is not "
    "comfortable.",
)
WORK_WITH = (
    "People often write to me about {terms}; I work alongside the care of their own doctor and "
    "never instead of it.",
    "I have a particular interest in {terms}, and I keep learning from every person I see.",
    "When people first write to me they often mention {terms}, and we take things from there, one "
    "visit at a time.",
    "Among the things that bring people here are {terms}, usually beside the care of a doctor or "
    "another practitioner.",
)
WITH_FAMILIES = (
    "Babies and children are welcome here, and a feed or a cuddle in the middle of a session is "
    "never a problem.",
    "With the youngest clients I follow their lead: they may stay in a parent's arms, play on the "
    "floor, or nap.",
    "Parents stay in the room throughout, and I am glad to show them a few gentle ways to hold "
    "their child at home.",
)
WITH_ADULTS = (
    "My clients are of every age and shape, from students to great-grandparents.",
    "Most people come for a handful of visits spread over a few weeks, and then whenever they feel "
    "like an hour for themselves.",
    "Many come simply for deep relaxation and an hour in which nothing is asked of them.",
    "Some clients work at desks, some on farms and some on stages; all of them value an unhurried "
    "hour.",
)
TRAINING = (
    "I completed my first craniosacral course in {since} and have gone back for further study "
    "almost every year.",
    "My training combined long residential courses with supervised practice, and I meet two "
    "colleagues each month to reflect on our work.",
    "I keep up my learning through regular supervision, reading and exchanges with colleagues.",
    "Before this I studied anatomy for the pleasure of it, and I still read about it most evenings.",
    "I have assisted on courses for new practitioners, which keeps me honest about the basics.",
)
CLOSINGS = (
    "If you are not sure whether this is for you, ring me and we can talk it over without any "
    "obligation.",
    "If something you tell me should be seen by a doctor first, I will say so plainly.",
    "The room is warm, there is a kettle, and the street outside is quiet after five.",
    "Evening appointments are possible on two days a week, and I answer messages by the next "
    "working day.",
    "Please tell me beforehand about recent injuries or operations, so that we can decide together "
    "what is sensible.",
    "I keep a few places each week at a lower fee for anyone who needs one.",
    "Outside the practice I sing badly in a good choir and grow too many tomatoes.",
)
