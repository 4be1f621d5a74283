"""Who buys from the wholesaler: fictitious shops in real towns."""

from connector.sandbox.visma.seed.suppliers import Seller

# Town, postal code, country; a shop is a kind of shop in a town.
TOWNS = (
    ("Alta", "9510", "NO"), ("Arendal", "4836", "NO"), ("Bodø", "8006", "NO"),
    ("Drammen", "3015", "NO"), ("Egersund", "4370", "NO"), ("Førde", "6800", "NO"),
    ("Gol", "3550", "NO"), ("Hønefoss", "3510", "NO"), ("Jessheim", "2050", "NO"),
    ("Kragerø", "3770", "NO"), ("Lillehammer", "2609", "NO"), ("Mosjøen", "8656", "NO"),
    ("Notodden", "3674", "NO"), ("Rørvik", "7900", "NO"), ("Steinkjer", "7713", "NO"),
    ("Vadsø", "9800", "NO"), ("Åndalsnes", "6300", "NO"), ("Kiruna", "981 31", "SE"),
    ("Sundsvall", "852 30", "SE"), ("Växjö", "352 30", "SE"), ("Ödeshög", "599 31", "SE"),
    ("Aalborg", "9000", "DK"), ("Rønne", "3700", "DK"), ("Sønderborg", "6400", "DK"),
    ("Hämeenlinna", "13100", "FI"), ("Kemijärvi", "98100", "FI"), ("Flensburg", "24937", "DE"),
    ("Göttingen", "37073", "DE"),
)  # fmt: skip
KINDS = {
    "NO": ("Jernvare AS", "Byggtorg AS", "Elektro og Lys AS", "Kjøkken & Hjem AS", "Landhandel"),
    "SE": ("Järnaffär AB", "Bygghandel AB", "Hem & Hushåll AB"),
    "DK": ("Isenkram ApS", "Byggecenter A/S", "Køkkenhus ApS"),
    "FI": ("Rautakauppa Oy", "Kodintarvike Oy"),
    "DE": ("Haushaltswaren GmbH", "Baumarkt Öhler GmbH"),
}
STREETS = {
    "NO": "Storgata",
    "SE": "Storgatan",
    "DK": "Algade",
    "FI": "Kauppakatu",
    "DE": "Große Straße",
}
OWNERS = ("", "Nye ", "Gamle ", "Østre ", "Brødrene Bråtens ", "Søstrene Lærums ")


def shop(place: int) -> Seller:
    """Every number gives another shop."""
    town, postal, country = TOWNS[place % len(TOWNS)]
    kinds = KINDS[country]
    round_ = place // len(TOWNS)
    kind = kinds[round_ % len(kinds)]
    owner = OWNERS[round_ // len(kinds) % len(OWNERS)]
    again = round_ // (len(kinds) * len(OWNERS))
    name = f"{owner}{town} {kind}" + (f" {again + 1}" if again else "")
    return Seller(name, f"{STREETS[country]} {1 + place * 7 % 90}", postal, town, country, "shop")
