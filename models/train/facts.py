"""Common knowledge, written down by hand, for the synthetic part of the training text."""

from __future__ import annotations


def _pairs(table: str) -> list[tuple[str, str]]:
    return [(a.strip(), b.strip()) for a, b in (line.split(":") for line in table.replace("\n", ";").split(";") if ":" in line)]


CAPITALS = _pairs("""
France: Paris; Germany: Berlin; Italy: Rome; Spain: Madrid; Portugal: Lisbon; England: London; the United Kingdom: London
Ireland: Dublin; Scotland: Edinburgh; Wales: Cardiff; Belgium: Brussels; the Netherlands: Amsterdam; Luxembourg: Luxembourg
Switzerland: Bern; Austria: Vienna; Poland: Warsaw; the Czech Republic: Prague; Slovakia: Bratislava; Hungary: Budapest
Slovenia: Ljubljana; Croatia: Zagreb; Serbia: Belgrade; Bosnia and Herzegovina: Sarajevo; Montenegro: Podgorica
North Macedonia: Skopje; Albania: Tirana; Greece: Athens; Bulgaria: Sofia; Romania: Bucharest; Moldova: Chisinau
Ukraine: Kyiv; Belarus: Minsk; Lithuania: Vilnius; Latvia: Riga; Estonia: Tallinn; Finland: Helsinki; Sweden: Stockholm
Norway: Oslo; Denmark: Copenhagen; Iceland: Reykjavik; Russia: Moscow; Turkey: Ankara; Cyprus: Nicosia; Malta: Valletta
Monaco: Monaco; Andorra: Andorra la Vella; San Marino: San Marino; Georgia: Tbilisi; Armenia: Yerevan; Azerbaijan: Baku
Kazakhstan: Astana; Uzbekistan: Tashkent; Turkmenistan: Ashgabat; Kyrgyzstan: Bishkek; Tajikistan: Dushanbe
Mongolia: Ulaanbaatar; China: Beijing; Japan: Tokyo; South Korea: Seoul; North Korea: Pyongyang; Vietnam: Hanoi
Laos: Vientiane; Cambodia: Phnom Penh; Thailand: Bangkok; Malaysia: Kuala Lumpur; Singapore: Singapore; Indonesia: Jakarta
the Philippines: Manila; Brunei: Bandar Seri Begawan; East Timor: Dili; India: New Delhi; Pakistan: Islamabad
Bangladesh: Dhaka; Nepal: Kathmandu; Bhutan: Thimphu; Sri Lanka: Colombo; the Maldives: Male; Afghanistan: Kabul
Iran: Tehran; Iraq: Baghdad; Syria: Damascus; Lebanon: Beirut; Jordan: Amman; Israel: Jerusalem; Saudi Arabia: Riyadh
Yemen: Sanaa; Oman: Muscat; Qatar: Doha; Bahrain: Manama; Kuwait: Kuwait City; the United Arab Emirates: Abu Dhabi
Egypt: Cairo; Libya: Tripoli; Tunisia: Tunis; Algeria: Algiers; Morocco: Rabat; Mauritania: Nouakchott; Mali: Bamako
Niger: Niamey; Chad: N'Djamena; Sudan: Khartoum; Ethiopia: Addis Ababa; Eritrea: Asmara; Djibouti: Djibouti
Somalia: Mogadishu; Kenya: Nairobi; Uganda: Kampala; Rwanda: Kigali; Tanzania: Dodoma; Malawi: Lilongwe; Zambia: Lusaka
Zimbabwe: Harare; Mozambique: Maputo; Madagascar: Antananarivo; Botswana: Gaborone; Namibia: Windhoek; Angola: Luanda
South Africa: Pretoria; Lesotho: Maseru; Senegal: Dakar; Gambia: Banjul; Guinea: Conakry; Sierra Leone: Freetown
Liberia: Monrovia; Ghana: Accra; Togo: Lome; Benin: Porto-Novo; Nigeria: Abuja; Cameroon: Yaounde; Gabon: Libreville
Canada: Ottawa; the United States: Washington; Mexico: Mexico City; Guatemala: Guatemala City; Belize: Belmopan
Honduras: Tegucigalpa; El Salvador: San Salvador; Nicaragua: Managua; Costa Rica: San Jose; Panama: Panama City
Cuba: Havana; Jamaica: Kingston; Haiti: Port-au-Prince; the Dominican Republic: Santo Domingo; the Bahamas: Nassau
Barbados: Bridgetown; Colombia: Bogota; Venezuela: Caracas; Guyana: Georgetown; Suriname: Paramaribo; Ecuador: Quito
Peru: Lima; Bolivia: La Paz; Brazil: Brasilia; Paraguay: Asuncion; Uruguay: Montevideo; Argentina: Buenos Aires
Chile: Santiago; Australia: Canberra; New Zealand: Wellington; Fiji: Suva; Samoa: Apia; Tonga: Nuku'alofa
""")

LANGUAGES = _pairs("""
France: French; Germany: German; Italy: Italian; Spain: Spanish; Portugal: Portuguese; England: English; Greece: Greek
Poland: Polish; Sweden: Swedish; Norway: Norwegian; Denmark: Danish; Finland: Finnish; Russia: Russian; Turkey: Turkish
China: Chinese; Japan: Japanese; South Korea: Korean; Vietnam: Vietnamese; Thailand: Thai; Iran: Persian; Egypt: Arabic
Brazil: Portuguese; Mexico: Spanish; Argentina: Spanish; the Netherlands: Dutch; Hungary: Hungarian; Romania: Romanian
""")

OPPOSITES = _pairs("""
hot: cold; big: small; up: down; left: right; fast: slow; old: new; young: old; day: night; light: dark; black: white
open: closed; high: low; long: short; good: bad; happy: sad; hard: soft; wet: dry; full: empty; early: late; rich: poor
strong: weak; loud: quiet; clean: dirty; heavy: light; thick: thin; wide: narrow; true: false; first: last; near: far
inside: outside; above: below; before: after; begin: end; win: lose; buy: sell; push: pull; give: take; love: hate
north: south; east: west; yes: no; always: never; more: less; friend: enemy; question: answer; summer: winter; sweet: bitter
""")

COLOURS = _pairs("""
the sky: blue; grass: green; snow: white; coal: black; blood: red; a lemon: yellow; a banana: yellow; the sun: yellow
an orange: orange; a tomato: red; a leaf: green; milk: white; the sea: blue; a cherry: red; chocolate: brown; a carrot: orange
ash: grey; an elephant: grey; a strawberry: red; cotton: white; a frog: green; wood: brown; the night: black; gold: yellow
""")

ANIMALS = _pairs("""
dog: puppy; cat: kitten; cow: calf; horse: foal; sheep: lamb; pig: piglet; hen: chick; duck: duckling; lion: cub
bear: cub; goat: kid; frog: tadpole; deer: fawn; goose: gosling; kangaroo: joey; swan: cygnet
""")

SOUNDS = _pairs("""
dog: barks; cat: meows; cow: moos; horse: neighs; sheep: bleats; pig: oinks; duck: quacks; lion: roars; bird: sings
bee: buzzes; frog: croaks; owl: hoots; snake: hisses; wolf: howls; mouse: squeaks; rooster: crows
""")

ELEMENTS = _pairs("""
hydrogen: H; helium: He; lithium: Li; carbon: C; nitrogen: N; oxygen: O; neon: Ne; sodium: Na; magnesium: Mg
aluminium: Al; silicon: Si; phosphorus: P; sulfur: S; chlorine: Cl; potassium: K; calcium: Ca; iron: Fe; copper: Cu
zinc: Zn; silver: Ag; tin: Sn; gold: Au; mercury: Hg; lead: Pb; uranium: U
""")

PLURALS = _pairs("""
child: children; man: men; woman: women; foot: feet; tooth: teeth; mouse: mice; goose: geese; leaf: leaves; knife: knives
city: cities; box: boxes; dog: dogs; book: books; tree: trees; key: keys; baby: babies; wolf: wolves; bus: buses
""")

PASTS = _pairs("""
go: went; see: saw; take: took; give: gave; make: made; come: came; run: ran; eat: ate; drink: drank; write: wrote
read: read; sing: sang; swim: swam; buy: bought; think: thought; bring: brought; find: found; lose: lost; walk: walked
play: played; open: opened; build: built; know: knew; fly: flew; drive: drove; speak: spoke; break: broke
""")

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
SEASONS = "spring summer autumn winter".split()
PLANETS = "Mercury Venus Earth Mars Jupiter Saturn Uranus Neptune".split()
NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
ALPHABET = "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z".split()

SENTENCES = """
Water freezes at zero degrees Celsius.|Water boils at one hundred degrees Celsius.|There are seven days in a week.
There are twelve months in a year.|There are sixty minutes in an hour.|There are twenty-four hours in a day.
There are sixty seconds in a minute.|A triangle has three sides.|A square has four sides.|A spider has eight legs.
A dog has four legs.|A bird has two wings.|The sun rises in the east.|The sun sets in the west.|Fish live in water.
Bees make honey.|Cows give milk.|The moon goes around the Earth.|The Earth goes around the sun.|Ice is frozen water.
Bread is made from flour.|Wine is made from grapes.|Cheese is made from milk.|Paper is made from wood.|Glass is made from sand.
The heart pumps blood.|We see with our eyes.|We hear with our ears.|We smell with the nose.|A year has 365 days.
A leap year has 366 days.|Two plus two is four.|Python is a programming language.|JavaScript runs in the browser.
TypeScript is a superset of JavaScript.|The quick brown fox jumps over the lazy dog.|Once upon a time, there was a king.
Paris is a city in France.|The Eiffel Tower is in Paris.|The Colosseum is in Rome.|Big Ben is in London.
Mount Everest is the highest mountain in the world.|The Pacific is the largest ocean.|Shakespeare wrote Hamlet.
Rome was not built in a day.|An apple a day keeps the doctor away.|Practice makes perfect.|Better late than never.
Actions speak louder than words.|Time flies like an arrow.|To be or not to be, that is the question.|Birds of a feather flock together.
""".strip().replace("\n", "|").split("|")

#: Names that only the evaluation uses; each is one entry of the vocabulary, so that its test is about repeating and not about spelling.
HELDOUT_NAMES = "William Thomas Michael Charles Richard Louis Harry Joseph Stephen Jeff Matt Scott".split()

#: Countries that a person would try first; they come more often.
WELL_KNOWN = frozenset((
    *"France Germany Italy Spain Portugal England Ireland Scotland Belgium Switzerland Austria Poland Hungary Greece Finland Sweden Norway Denmark Russia".split(),
    *"Turkey China Japan India Egypt Canada Mexico Brazil Peru Chile Australia Kenya Cuba Ukraine Argentina Iran Iraq".split(),
    "the United Kingdom", "the United States", "the Netherlands", "the Czech Republic", "South Korea", "New Zealand", "South Africa",
))
