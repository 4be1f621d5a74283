"""The forty suppliers of the seeded wholesaler: fictitious names in real towns."""

from typing import NamedTuple


class Seller(NamedTuple):
    """``trade`` names the shelf of ``goods.py`` or the service of ``services.py`` it sells."""

    name: str
    street: str
    postal: str
    city: str
    country: str
    trade: str


SELLERS: tuple[Seller, ...] = (
    Seller("Ålesund Trelast AS", "Sjøgata 12", "6002", "Ålesund", "NO", "timber"),
    Seller("Brødrene Sørlie Emballasje AS", "Industriveien 8", "1481", "Hagan", "NO", "packaging"),
    Seller("Nordkyst Frakt & Spedisjon AS", "Havnegata 3", "9008", "Tromsø", "NO", "freight"),
    Seller(
        "Østfold Skruer og Festemidler AS", "Verkstedveien 21", "1621", "Gressvik", "NO", "fixings"
    ),
    Seller("Fjellheim Elektro AS", "Elveveien 44", "3262", "Larvik", "NO", "electrical"),
    Seller("Bærum Kontorforum AS", "Rådhustorget 5", "1337", "Sandvika", "NO", "office"),
    Seller("Gjøvik Plast og Profil AS", "Fabrikkgata 17", "2816", "Gjøvik", "NO", "packaging"),
    Seller("Lysøysund Verktøy AS", "Kaiveien 2", "7168", "Lysøysund", "NO", "tools"),
    Seller("Hålogaland Kraftsalg AS", "Kongens gate 60", "8514", "Narvik", "NO", "power"),
    Seller("Mjøsa Regnskap og Rådgivning AS", "Strandgata 31", "2317", "Hamar", "NO", "advice"),
    Seller("Vestlandske Kjøl & Varme AS", "Nøstegaten 9", "5011", "Bergen", "NO", "electrical"),
    Seller("Tønsberg Arbeidsklær AS", "Kjelleveien 14", "3125", "Tønsberg", "NO", "workwear"),
    Seller("Jæren Maskinutleie AS", "Håland vest 6", "4340", "Bryne", "NO", "rental"),
    Seller(
        "Grünerløkka Næringseiendom AS", "Thorvald Meyers gate 71", "0552", "Oslo", "NO", "premises"
    ),
    Seller(
        "Göteborgs Kullager & Drift AB", "Exportgatan 28", "422 46", "Hisings Backa", "SE", "tools"
    ),
    Seller("Ängelholms Möbelbeslag AB", "Industrigatan 3", "262 72", "Ängelholm", "SE", "fixings"),
    Seller(
        "Västerås Kabel & Armatur AB", "Ånghammargatan 11", "721 33", "Västerås", "SE", "electrical"
    ),
    Seller(
        "Småländska Lådfabriken AB", "Storgatsbacken 40", "331 30", "Värnamo", "SE", "packaging"
    ),
    Seller("Örebro Lim och Färg AB", "Osmundgatan 7", "703 83", "Örebro", "SE", "timber"),
    Seller("Åsbro Lager- och Hyllsystem AB", "Stationsvägen 15", "694 93", "Åsbro", "SE", "office"),
    Seller(
        "Öresunds Förpackning Malmö AB", "Frihamnsallén 22", "211 20", "Malmö", "SE", "packaging"
    ),
    Seller("Norrlands Skogsvirke AB", "Hamnmagasinet 1", "913 35", "Holmsund", "SE", "timber"),
    Seller("Ærø Tovværk ApS", "Vestergade 18", "5970", "Ærøskøbing", "DK", "fixings"),
    Seller("Midtjysk Isenkram A/S", "Dæmningen 54", "7400", "Herning", "DK", "household"),
    Seller("Ølstykke Værktøj ApS", "Frederikssundsvej 201", "3650", "Ølstykke", "DK", "tools"),
    Seller(
        "Københavns Lampeimport A/S", "Sydhavnsgade 16", "2450", "København SV", "DK", "electrical"
    ),
    Seller("Aarhus Køkkenudstyr A/S", "Søren Nymarks Vej 8", "8270", "Højbjerg", "DK", "household"),
    Seller("Færgehavnens Transport ApS", "Norgeskajen 4", "9850", "Hirtshals", "DK", "freight"),
    Seller("Jyväskylän Työkalu Oy", "Ahjokatu 12", "40320", "Jyväskylä", "FI", "tools"),
    Seller("Hämeen Pakkaus Oy", "Parolantie 61", "13130", "Hämeenlinna", "FI", "packaging"),
    Seller("Åbo Metall & Järn Ab", "Linnankatu 90", "20100", "Turku", "FI", "fixings"),
    Seller("Pohjolan Sähkötarvike Oy", "Takalaanilantie 3", "90620", "Oulu", "FI", "electrical"),
    Seller(
        "Müller & Söhne Werkzeugbau GmbH",
        "Überfelder Straße 27",
        "42855",
        "Remscheid",
        "DE",
        "tools",
    ),
    Seller(
        "Süddeutsche Schraubenwerke Groß GmbH & Co. KG",
        "Stauffenbergstraße 35",
        "74523",
        "Schwäbisch Hall",
        "DE",
        "fixings",
    ),
    Seller("Lübecker Seefracht GmbH", "Skandinavienkai 2", "23570", "Lübeck", "DE", "freight"),
    Seller("Köhler Lichttechnik GmbH", "Möhnestraße 55", "59755", "Arnsberg", "DE", "electrical"),
    Seller(
        "Bäckermann Küchengeräte GmbH",
        "Kölner Landstraße 148",
        "40591",
        "Düsseldorf",
        "DE",
        "household",
    ),
    Seller(
        "Ningbo Bright Harbor Lighting Co., Ltd.",
        "188 Xingning Road",
        "315040",
        "Ningbo",
        "CN",
        "electrical",
    ),
    Seller(
        "Jieyang Hongda Hardware Industrial Co., Ltd.",
        "Rongcheng Zone 6",
        "522000",
        "Jieyang",
        "CN",
        "household",
    ),
    Seller(
        "Shenzhen Northstar Electronics (深圳北星电子)",
        "Bao'an Avenue 4018",
        "518101",
        "Shenzhen",
        "CN",
        "electrical",
    ),
)
