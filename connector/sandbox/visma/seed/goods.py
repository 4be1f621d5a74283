"""What the wholesaler buys: goods per trade with a cost in kroner, and services without stock."""

from decimal import Decimal
from typing import NamedTuple


class Good(NamedTuple):
    """``cost`` is in NOK per unit; small things cost fractions of an øre, hence four decimals."""

    number: str
    name: str
    uom: str
    cost: Decimal


class Service(NamedTuple):
    """``account`` is the expense account; ``low`` and ``high`` bound a usual amount in NOK."""

    text: str
    account: str
    low: int
    high: int


def _shelf(*lines: str) -> tuple[Good, ...]:
    parts = (line.split(" | ") for line in lines)
    return tuple(Good(number, name, uom, Decimal(cost)) for number, name, uom, cost in parts)


GOODS: dict[str, tuple[Good, ...]] = {
    "fixings": _shelf(
        "SKR-0425 | Treskrue 4,2×25 senkhode, elforsinket | STK | 0.1875",
        "SKR-0650 | Treskrue 6,0×50 senkhode, A2 syrefast | STK | 0.7342",
        "BLT-M10 | Gjengestang M10 × 1000 mm, varmforsinket | STK | 38.4500",
        "MUT-M08 | Sekskantmutter M8, boks à 500 | PK | 164.9000",
        "PLG-0840 | Nylonplugg 8×40, boks à 200 | PK | 71.2500",
        "BSL-VIN90 | Vinkelbeslag 90×90×65, galvanisert | STK | 11.3825",
        "TAU-12PP | Tauverk polypropylen 12 mm, blå | M | 6.1250",
        "KJT-06LL | Kjetting langlenket 6 mm, trommel | M | 24.8900",
    ),
    "electrical": _shelf(
        "LED-A60-9 | LED-pære A60 9 W E27 2700 K dimbar | STK | 27.6400",
        "LED-PAN60 | LED-panel 60×60 36 W 4000 K | STK | 312.5000",
        "KBL-PR3G25 | Kabel PR 3G2,5 halogenfri, snelle 100 m | SNL | 1489.0000",
        "STK-DBL16 | Stikkontakt dobbel jordet 16 A, hvit | STK | 54.9750",
        "AUT-C16-2P | Jordfeilautomat C16 2-polt 30 mA | STK | 398.0000",
        "VRM-1000W | Panelovn 1000 W med Wi-Fi | STK | 689.5000",
        "SKJ-10M | Skjøteledning 10 m, utendørs IP44 | STK | 143.2500",
        "BAT-AAA24 | Batteri alkalisk AAA, brett à 24 | PK | 62.3333",
    ),
    "tools": _shelf(
        "DRL-18V | Slagdrill 18 V med to batterier 5,0 Ah | STK | 1874.0000",
        "BOR-HSS19 | Borsett HSS-G 1–10 mm, 19 deler | SET | 218.7500",
        "HAM-SNK16 | Snekkerhammer 16 oz, glassfiberskaft | STK | 132.4000",
        "TNG-KOMB | Kombinasjonstang 180 mm, 1000 V | STK | 187.9500",
        "MAL-5M | Målebånd 5 m, magnetisk krok | STK | 43.8750",
        "LGR-6204 | Kulelager 6204-2RS C3 | STK | 39.1275",
        "SAG-BLD210 | Sagblad 210×30 mm, 48 tenner | STK | 241.0000",
    ),
    "packaging": _shelf(
        "KRT-403030 | Bølgepappeske 400×300×300, brun | STK | 9.4625",
        "STR-23MY | Strekkfilm 23 my, 500 mm × 300 m | RLL | 74.5000",
        "PLL-EUR | Europall EPAL, ny | STK | 189.0000",
        "TAP-48BR | Pakketape 48 mm brun, lavstøy | RLL | 12.7350",
        "BOB-1200 | Bobleplast 1200 mm × 100 m | RLL | 286.2500",
        "POS-ZIP80 | Lynlåspose 80×120, pakke à 1000 | PK | 96.1200",
    ),
    "timber": _shelf(
        "TRE-48198 | Konstruksjonsvirke 48×198 C24, justert | M | 67.4500",
        "TRE-TERR28 | Terrassebord 28×120 impregnert | M | 31.2875",
        "PLT-OSB11 | OSB-plate 11 mm 1220×2440 | STK | 219.0000",
        "LIM-TRE1 | Trelim D3, 0,75 l | STK | 88.6000",
        "MAL-HV10 | Veggmaling hvit matt, 10 l | SPN | 742.5000",
    ),
    "household": _shelf(
        "KJL-STEK28 | Stekepanne 28 cm, støpejern | STK | 264.5000",
        "KAF-FILT4 | Kaffefilter nr. 4, pakke à 100 | PK | 13.3275",
        "BST-PIZZA | Pizzahjul rustfritt stål | STK | 37.9000",
        "GRY-5L | Gryte med lokk 5 l, emaljert grønn | STK | 319.0000",
        "HND-MIKRO | Mikrofiberklut, brett à 10 | PK | 44.1600",
        "OST-HVL | Ostehøvel, bjørkeskaft | STK | 58.7500",
    ),
    "office": _shelf(
        "PAP-A4-80 | Kopipapir A4 80 g, kasse à 5 ris | KRT | 238.0000",
        "HYL-LAG180 | Lagerreol 1800×900×400, 175 kg/hylle | STK | 879.0000",
        "PRM-A4 | Ringperm A4 75 mm, blå | STK | 22.9875",
        "ETK-LBL10 | Etikettrull 102×150, 500 stk | RLL | 81.7500",
    ),
    "workwear": _shelf(
        "VRN-S3-43 | Vernesko S3 str. 43 | PAR | 794.0000",
        "HNS-NIT9 | Arbeidshanske nitril str. 9 | PAR | 18.2450",
        "VST-SYN-L | Refleksvest klasse 2 str. L | STK | 47.5000",
        "HJL-HVIT | Vernehjelm hvit med øreklokker | STK | 436.9000",
    ),
}

SERVICES: dict[str, tuple[Service, ...]] = {
    "freight": (
        Service("Frakt Oslo–Tromsø, dagligvareterminal", "4360", 1800, 14500),
        Service("Sjøfrakt 40' container, losset", "4360", 21000, 64000),
        Service("Tollklarering og spedisjon", "4370", 850, 3900),
    ),
    "power": (
        Service("Strøm lager Alnabru, spotpris", "6340", 9000, 41000),
        Service("Nettleie inkl. effektledd", "6340", 3500, 12500),
    ),
    "advice": (
        Service("Regnskapsbistand, løpende timer", "6705", 6000, 38000),
        Service("Årsoppgjør, delfakturering", "6700", 15000, 52000),
    ),
    "rental": (
        Service("Leie av truck 2,5 t, måned", "6400", 5200, 9800),
        Service("Leie av lift, 15 m", "6400", 2100, 6400),
    ),
    "premises": (
        Service("Husleie butikk og kontor, måned", "6300", 48000, 92000),
        Service("Felleskostnader, akonto", "6320", 8000, 15500),
    ),
}
