"""What is refused at the door, as data: column names that ask for it, and what it looks like in a cell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hypnic.schemas.rules import Rule, RuleId


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# A column is refused where a word of its name is one of these, alone or run together ("lastname", "phone_2").
# The first block is the instrument's own list; the others are its refused things in the words of form tools, German,
# French and Spanish.
DENIED = _listed("""
name surname email mail phone tel mobile ip lat lon lng geo address street city zip postcode dob birth date timestamp
url handle comment note text specify
initials initial forename nickname firstname lastname telephone cell fax whatsapp telegram instagram twitter facebook
tiktok linkedin website homepage link latitude longitude gps coordinate postal zipcode birthday birthdate birthplace
addr age datetime useragent cookie device imei idfa gaid advertising mac employer company school insurance insurer ssn
nhs mrn passport patient iban photo picture image selfie audio voice video recording remark feedback freetext brand
product
vorname nachname familienname telefon handy adresse strasse plz postleitzahl wohnort geburtsdatum geburtstag geburtsort
alter datum zeitstempel kommentar bemerkung krankenkasse arbeitgeber schule
nom prenom courriel ville rue naissance commentaire nombre apellido apellidos correo telefono direccion ciudad fecha
nacimiento edad comentario
usr mob txt dt cmt cmts rmk rmks medrec vname nname sname mname bemerk anm vnaam anaam opm obs oss naiss nasc nac geb
""")
JOINERS = _listed("""
first last middle full family given maiden user my your home work of the and id no nr number code in year month day
free other contact person client agent respondent participant subject proband teilnehmer
""")
# Word by word, these are taken out of a name before it is held against the list.
EXCUSED = ("sex at birth", "sex birth", "birth sex", "gender at birth", "age band", "age group", "age range",
           "age bracket", "age class", "birth control", "contact lens",
           "contact lenses", "contact sports", "date night", "data quality", "data source", "data set", "data complete",
           "data state", "number of pillows", "contact with light", "address the noise", "picture in picture",
           "signature of jerk", "jerk signature", "name of medicine", "name of medication", "name of tablet",
           "name of pill", "name of supplement", "name of sound", "name of sport", "name of drink")  # fmt: skip
# Things of everyday life that have a private name too: harmless where a word says how much of them, or when.
EVERYDAY = (
    (_listed("""phone phones mobile cell telephone smartphone handy video videos photo photos email emails mail text
                texts audio voice website instagram tiktok facebook whatsapp twitter telegram device devices cookie
                cookies"""),
     _listed("""bed bedroom bedside alarm use used using usage min mins minutes hours hrs before off away screen
                scrolling games game light watching watched playing calls messages eaten eat snack snacks"""), 3),
    (_listed("school city street"),
     _listed("""night nights day days noise light stress free work holiday holidays break closed exam exams start starts
                traffic lamp lamps hours week weeks level sounds"""), 1),
    (_listed("email emails mail text texts phone"), _listed("night nights"), 1),
)  # fmt: skip

# Words of harmless answers that stand nowhere in the instrument, so that "Prefer Not To Say" is nobody's name.
ANSWERS = _listed("""
a about above after again all almost also always am an and any applicable approx approximately around at bad beer beers
before below between bit both bottle bottles but can cannot clock coffee coffees cola cups cup daily dag day days diet
difficult do does don dont each east eight either eleven espresso every evening except few fewer five for four from
glass glasses good got had half hardly hour hours hr hrs i in is it just kind know large late least less like little lot
maybe med mg middle midnight min mins minute minutes ml mild month monthly morning more most mostly much na nearly never
night nights nil nine no non none noon normal not nothing now null o occasionally of often ok once one only or other
over pair part per pint please pm prefer quite rarely rather regular say seldom several seven severe shot single six
small so some sometimes somewhat sport still strong sure tea ten than that the them then there three time times to too
twelve twenty twice two under unknown unsure up usual usually very was week weekly weeks well west when wine with
without year yearly years yes zero x yoga
answer category code grade group item level number option phase question score stage step type version day cm kg ounce
ounces oz running walking swimming cycling football tennis gym weights training
session block round wave visit trial arm condition dose cohort placebo control test sample sham active night
vitamin pain noise white pink brown black green red blue ibuprofen paracetamol aspirin melatonin magnesium caffeine
valerian tablet tablets capsule capsules pill pills drops spoon spoons units unit mug mugs can cans energy drink drinks
water juice milk decaf latte cappuccino mocha cola soda iced ice hot cold warm deep heavy short long sleep restless
poor okay fine great terrible awful better worse loud quiet dark bright room window bed sofa couch hotel train plane car
bus home office work house child baby kid kids dog cat snoring partner headache migraine cramp flu fever cough allergy
stomach back neck hand foot knee shoulder toe finger thumb eye eyelid calf thigh whole body upper lower side dream
nightmare stress
""")


# Further words of titles and consents, so that "Sleep Study" is nobody's name.
STUDY = _listed("""
survey study diary diaries research project data dataset open pilot trial cohort volunteers students respondents
participants people laboratory lab clinic demo synthetic jerk jerks starts hypnic our their this these i we they
alle jede jeder die der das eine keine unsere diese ich wir tous toutes nous les todos todas los las
international national european first second third new winter spring summer autumn cc0 umfrage studie tagebuch daten
""")


@dataclass(frozen=True)
class Kind:
    """A kind of private value: `pattern` is searched in a cell (NFKC, invisible characters taken out).

    `only` and `never` name columns; a kind that is not `in_header` says nothing of column names, which may be long and
    wordy (a form export has whole questions there); one that is not `in_sentence` says nothing of titles and consents.
    """

    says: str
    pattern: str
    only: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    in_header: bool = True
    in_sentence: bool = True


_MONTH = (
    r"(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|mar(?:ch|s)?|märz|mrz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)"
)
_YEAR, _DAY, _MON = r"(?:19|20)\d\d", r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w'\u2019]*(?:-\w[\w'\u2019]*)*"
_TOP = "com|org|net|edu|gov|info|biz|app|dev|example|test|invalid|de|at|ch|uk|fr|nl|es|eu|us|ca|au|io|me"
_SITES = "twitter|instagram|insta|facebook|tiktok|snapchat|telegram|whatsapp|linkedin|discord|mastodon|reddit|signal"

# In the order in which they are named where several fit. Sources: section 7 of the instrument (its value checks), the
# written forms of RFC 5322, RFC 4291 and IEEE 802 addresses, UUIDs (RFC 9562), and of post codes (UPU addressing).
KINDS = (
    Kind("an e-mail address", r"(?i)[\w.+-]*[^\W\d][\w.+-]*@[a-z][\w-]*|@\S*\.\w|\w\s*[(\[{]\s*at\s*[)\]}]\s*\w"
                              r"|\w\s+at\s+[\w-]+\s+(?:dot|punkt)\s+\w"),
    Kind("a user agent", r"(?i)\b(?:mozilla|applewebkit|chrome|safari|firefox|edge?|opera|okhttp|dalvik|curl|wget)/\d"),
    Kind("a file of a photo or recording", r"(?i)\w\.(?:jpe?g|png|gif|heic|webp|bmp|mp[34]|m4[av]|wav|ogg|flac|mov"
                                           r"|avi|tiff?|webm|edf|fit|gpx|pdf|docx?|xlsx?)\b"),
    Kind("a web address", rf"(?i)https?:|://|\bwww\.|\b[a-z0-9-]{{2,}}\.(?:{_TOP})(?:/|\s|$)|\bt\.me/"),
    Kind("a social handle", rf"(?i)(?<!\w)@[a-z_][\w.]+|(?<!\w)u/\w{{3,}}|\b(?:{_SITES})\s*[:/=]\s*\S"),
    Kind("a device or advertising id", r"(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
                                       r"|\b(?=\d*[a-f])[0-9a-f]{15,}\b|\b(?=(?:\w*\d){4})(?=(?:[\w-]*[a-z]){4})[\w-]{20,}"),
    Kind("a personal code", r"(?i)\b(?=(?:[a-z]*\d){4})(?=(?:\d*[a-z]){4})[a-z\d]{12,}\b",
         never=frozenset({"participant_id"})),
    Kind("a national or identity card number",  # Finland, India, Germany: of letters too, and short
         r"\b\d{6}[-+A-FU-Y]\d{3}[\dA-FHJ-NPR-Y]\b|\b[A-Z]{5}\d{4}[A-Z]\b"
         r"|\b(?=(?:[A-Z]*\d){4})(?=(?:\d*[A-Z]){2})[A-Z\d]{9,11}\b", never=frozenset({"participant_id"})),
    Kind("an IP or device address", r"(?i)(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|(?<!\w)(?:[0-9a-f]{1,4}:){3,}"
                                    r"|(?<!\w)(?=[\d:]*(?:[a-f]|\d{3}))[0-9a-f]{0,4}(?::[0-9a-f]{1,4})*::[0-9a-f]{0,4}"
                                    r"|\b(?:[0-9a-f]{2}-){5}[0-9a-f]{2}\b|\b(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}\b"),
    Kind("a calendar date", rf"(?i)(?<!\d){_YEAR}\s?[-/.年]\s?{_MON}(?!\d)|(?<![\d.]){_DAY}\s?[-/.]\s?{_DAY}\s?[-/.]\s?"
                            rf"(?:{_YEAR}|\d\d)(?!\d)|(?<![\d.]){_MON}[-/]{_YEAR}(?!\d)|(?<![\d]){_DAY}(?:st|nd|rd|th)?"
                            rf"[\s.,-]*(?:of )?{_MONTH}\b|\b{_MONTH}[\s.,'\u2019-]*\d|\b{_YEAR}[-\s]{_MONTH}\b"),
    Kind("a latitude and longitude", r"\d{1,3}[.,]\d{3,}\s*°?\s*[NSns]?\s*[,;/|\s]\s*[-+\u2212]?\s*\d{1,3}[.,]\d{3,}"
                                     r"|\d\s*°\s*\d|\d\s*°\s*[NSEWO]\b"),
    Kind("a number of 7 or more digits", r"\d(?:[\s().\-/+_\u00b7\u2010-\u2013\u2212]*\d){6}"),
    Kind("a patient or insurance number", r"(?i)\b(?:mrn|ssn|nhs|iban|nino|patient|insurance|policy|passport)\b\W*(?:no"
                                          r"|nr|number|id)?\W*[a-z]?\d{3}|\b[a-z]{2}\s?(?:\d\d\s?){3}[a-z]\b"),
    Kind("a phone number", r"(?i)(?:\+|\b00)\d[\d\s-]{2,}|\b(?:tel|phone|call|mobile|handy)\b\W*\d{3}"
                             r"|\b1?-?8\d\d-[a-z]{4,}"),
    Kind("a post code", r"^\d{5}$|\b\d{5}\s+[A-Z][a-zß-ÿ]|^(?i:[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2})$"
                        r"|^(?i:[a-z]\d[a-z]\s?\d[a-z]\d)$|^\d{4}\s?(?!AM|PM|MG|ML|CL)[A-Z]{2}$", in_header=False),
    Kind("an address", r"(?i)\b\d+\s?[a-z]?,?\s+(?:[^\W\d]+\.?\s+){1,3}(?:street|st|road|rd|avenue|ave|lane|drive|blvd"
                       r"|boulevard|court|square)\b|(?:stra(?:ss|ß)e|str\.|weg|platz|gasse|allee)\s+\d"
                       r"|\b(?:rue|via|calle|avenida)\s[^\d]+\d|(?i:\d,?\s+(?:rue|via|calle|chemin|avenue|boulevard|quai)\b)"),
    Kind("an employer or school", r"\b(?:GmbH|AG|Ltd|LLC|Inc|PLC|e\.V)\b"
                                    r"|(?i:\b(?:university|school|college|hospital)\s+of)"),
    Kind("an exact age", r"^\d{1,4}$", only=frozenset({"age_band"}), in_header=False),
    Kind("an exact age", r"(?i)\b(?:\d{1,3}[\s-]*(?:years?[\s-]*old|y\.?/?o\.?\b|jahre alt|ans\b)|aged?\W*\d)",
         in_header=False, in_sentence=False),
    Kind("somebody's initials", r"^(?!(?i:[ap]\.?\s?m\b|n\.?\s?a\b))"
                                r"[A-ZÄÖÜ]\.\s?-?(?:[A-ZÄÖÜ]\.\s?-?){0,3}[A-ZÄÖÜ]?\.?$",
         never=frozenset({"country_code"}), in_header=False),
    Kind("somebody's name", rf"(?i:\b(?:mr|mrs|ms|mx|dr|prof|herr|frau|mme|señora?|dott|sig|pani?)\b)\.?\s+{_CAPITAL}"
                            rf"|^(?:[A-ZÄÖÜ]\.\s?)+{_CAPITAL}$",
         never=frozenset({"country_code"}), in_header=False),
)  # fmt: skip
# These are told by what the words are, not only by how they look: each word is held against the
# instrument's own words and `ANSWERS`, except the last.
_BETWEEN = r"(?:(?:van|von|zu|de|der|den|del|des|du|dos|la|di|da|bin|al|and|und|et|y|e|&)\s+|[A-ZÄÖÜ]\.\s?)*"
NAME = Kind("somebody's name", rf"^{_CAPITAL}(?:,?\s+{_BETWEEN}{_CAPITAL}){{1,3}}\.?$",
            never=frozenset({"country_code"}), in_header=False)  # fmt: skip
PLACE = Kind("an address", rf"^\d{{1,5}}[a-z]?,?\s+(?:{_CAPITAL}[,.]?(?:\s|$)){{2,}}"
                           rf"|^{_CAPITAL}(?:\s+\w+){{0,3}},?\s+\d{{1,4}}[a-z]?\b",
             in_header=False)  # fmt: skip
# Within a sentence: a handle, a short link, a number of papers, a post code, and two strange words with a capital.
_APPS = r"(?i:\b(?:ig|insta|fb|snap|tg|vk|wechat|line)\b\W{0,2}[a-z]+[._\d])"
HANDLE = Kind("an e-mail address or a handle", rf"@|(?<![\w/])#\w*[^\W\d]|\w#\d{{3}}|{_APPS}")
LINK = Kind("a web address", r"(?i)\b[a-z0-9-]{2,}\.[a-z]{2,6}/[\w?=-]")
LOGIN = Kind(
    "a social handle",
    r"\b(?!v\d|cc0)(?:[a-z]{3,}[._][a-z]+[._]?\d{1,4}|[a-z]{4,}_?\d{2,4}"
    r"|[a-z]{3,}_[a-z]{3,})\b",
)
# Of a cell, where `#` begins the error of a formula.
LOGGED_IN = Kind("a social handle", rf"\b[a-z]{{3,}}[._][a-z]+[._]?\d{{1,4}}\b|\w#\d{{3}}|{_APPS}")
NEAR = Kind(
    "an address",
    rf"^(?i:near|nahe|pr\u00e8s de|cerca de|vicino a|perto de|n\u00e4ra|n\u00e6r|in der n\u00e4he von)\s{_CAPITAL}$",
)
NUMBERED = Kind(
    "a passport or patient number",
    r"\b(?!20\d\dQ|ISO|EN\d|DIN|RFC)(?=[A-Z]+\d|\d+[A-Z])(?=(?:\w*\d){5})"
    r"[A-Z\d]{6,}\b|\b[A-Z]{1,3}[- ]\d{6}\b",
)
POSTAL = Kind(
    "a post code",
    r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b|\b[A-Z]\d[A-Z]\s\d[A-Z]\d\b"
    r"|\b\d{4}\s?(?!AM|PM|MG|ML|CL|UK|EU|US|CC|QR|CE|AD|BC|BY)[A-Z]{2}\b|\b\d\d-\d{3}\b"
    r"|\b[A-Z]{1,2}-\d{4,5}\b|\b(?i:zip|plz|cap|cep|psc|post\s?code|postal code)\W{0,2}\d{4}"
    r"|\b(?:in|from|near|aus|nahe|de|\u00e0|fra|fr\u00e5n|z|w|uit|van)\s"
    r"(?!19\d\d\b|20\d\d\b)\d{4}\d?\s?(?:[A-Z]|$)"
    r"|\b(?!19\d\d|20\d\d)\d{3}\s\d\d\s[A-Z]|\b\d{5}[,.]?\s[A-Z]|\b\d{4}-\d{3}\b"
    r"|\b[A-Z]{2}\s\d{5}\b|\b(?:in|from|near)\s\d{5}\b",
)
WORDY = (HANDLE, LINK, LOGIN, NUMBERED, POSTAL)
# What a consent may name: registers of trials, and the laws and licences it goes by.
PUBLIC = re.compile(
    r"\b(?:NCT|DRKS|ISRCTN|ACTRN|EUCTR)[\d-]+\b|\bCC[ -]?BY(?:-[A-Z]{2})*(?:[ -]\d(?:\.\d)?)?"
    r"|\bCC0(?:[ -]1\.0)?|(?i:\bart(?:icle|\.|ikel)?\s*\d+(?:\s*\(\w\))*|declaration of helsinki"
    r"|\(?EU\)?\s2016/679)"
)
PAIR = re.compile(rf"(?=(?<![\w'\u2019-])({_CAPITAL}\s|[A-ZÄÖÜ]\.)\s*{_BETWEEN}({_CAPITAL}))")
PROSE = Kind("free text", r"(?:[^\W\d_]+[^\w]+){3,}[^\W\d_]+", in_header=False)
LONGEST = 64  # characters of an honest answer
LONG = Kind("free text", rf"(?s)^.{{{LONGEST + 1},}}|\S\s*[\r\n]\s*\S", in_header=False)

PRIVACY = (
    Rule(
        RuleId.PV1, "error", "No column asks for what is private",
        bad={"header": "(a name such as first_name, e-mail, StartDate)"}, good={"header": "sex_at_birth"},
    ),
    Rule(
        RuleId.PV2, "error", "No cell holds what is private",
        bad={"(any column)": "(an e-mail address, a phone number, a date, free text)"}, good={"unusual_night": "other"},
    ),
)  # fmt: skip
PRIVATE = tuple(rule.id for rule in PRIVACY)
OUTSIDE = Rule(
    RuleId.PV3, "warning", "A workbook names nobody outside its cells",
    bad={"properties": "(an author, a comment, a sheet called after somebody)"}, good={"properties": "(none)"},
)  # fmt: skip
