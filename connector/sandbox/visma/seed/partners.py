"""Addresses people write to and numbers authorities give out, made up with correct check digits."""

import unicodedata
from random import Random

from connector.sandbox.visma.records.countries import DIAL_CODE
from connector.sandbox.visma.records.supplier import Partner
from connector.sandbox.visma.seed.suppliers import Seller

FIRST_NAMES = (
    "Astrid", "Bjørn", "Camilla", "Einar", "Elsa", "Håkon", "Ilse", "Jørgen",
    "Kaisa", "Lars", "Märta", "Nils", "Øystein", "Päivi", "Ragnhild", "Sølvi",
    "Tuomas", "Åse",
)  # fmt: skip
LAST_NAMES = (
    "Aas", "Björk", "Christensen", "Dahl", "Ekström", "Fjeld", "Grønlie", "Hämäläinen",
    "Jäger", "Kjær", "Lindström", "Møller", "Nygård", "Ødegård", "Sjöberg", "Vik",
)  # fmt: skip
_SPECIAL = str.maketrans(
    {"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "ß": "ss", "å": "a", "Å": "A", "ð": "d"}
)


def partner(number: str, seller: Seller, random: Random) -> Partner:
    corporate = corporate_id(seller.country, random)
    person = f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"
    return Partner(
        number=number,
        name=seller.name,
        street=seller.street,
        postal=seller.postal,
        city=seller.city,
        country=seller.country,
        email=f"faktura@{host(seller.name)}",
        phone=phone(seller.country, random),
        corporate_id=corporate,
        vat_id=vat_id(seller.country, corporate),
        attention=person,
    )


def host(name: str) -> str:
    """A domain under ``.example``, which nobody can own."""
    plain = unicodedata.normalize("NFKD", name.translate(_SPECIAL))
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in plain.lower()).split()
    return "-".join(words[:3]) + ".example"


def phone(country: str, random: Random) -> str:
    start, middle, end = random.randint(20, 79), random.randint(100, 999), random.randint(100, 999)
    return f"+{DIAL_CODE[country]} {start} {middle} {end}"


def corporate_id(country: str, random: Random) -> str:
    if country == "NO":
        return norwegian_id(random)
    if country == "SE":
        return f"55{random.randint(1000, 9999)}-{random.randint(1000, 9999)}"
    if country == "FI":
        return f"{random.randint(1000000, 2999999)}-{random.randint(0, 9)}"
    if country == "DE":
        return f"HRB {random.randint(1000, 99999)}"
    if country == "CN":
        return f"9133{random.randint(10**13, 10**14 - 1)}"
    return f"{random.randint(10_000_000, 39_999_999)}"


def vat_id(country: str, corporate: str) -> str:
    digits = "".join(filter(str.isdigit, corporate))
    if country == "NO":
        return f"NO{digits}MVA"
    if country == "SE":
        return f"SE{digits}01"
    if country == "DE":
        return f"DE{digits.zfill(9)}"
    return "" if country == "CN" else f"{country}{digits}"


def norwegian_id(random: Random) -> str:
    """Nine digits, the last by modulus 11 with the weights of Brønnøysundregistrene."""
    weights = (3, 2, 7, 6, 5, 4, 3, 2)
    while True:
        digits = [9] + [random.randint(0, 9) for _ in range(7)]
        check = -sum(w * d for w, d in zip(weights, digits, strict=True)) % 11
        if check < 10:
            return "".join(map(str, [*digits, check]))


def payment_reference(country: str, base: str) -> str:
    """KID in Norway and OCR in Sweden end in a modulus 10 digit, RF in Finland is ISO 11649."""
    if country in ("NO", "SE", "DK"):
        return base + luhn_digit(base)
    if country == "FI":
        rest = int(f"{base}271500") % 97
        return f"RF{98 - rest:02d}{base}"
    return ""


def luhn_digit(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
