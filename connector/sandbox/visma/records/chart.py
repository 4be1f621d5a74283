"""The chart of accounts, after the Norwegian standard NS 4102; a minus marks a closed account."""

_TEXT = """
1000 Forskning og utvikling, ervervet
1020 Konsesjoner, patenter, lisenser
1070 Utsatt skattefordel
1080 Goodwill
1100 Bygninger
1120 Bygningsmessige anlegg
1150 Tomter og andre grunnarealer
1200 Maskiner og anlegg
1230 Varebiler
1236 Lastebiler
1240 Trucker og lagerutstyr
1250 Inventar
1270 Verktøy o.l.
1280 Kontormaskiner
1350 Investeringer i aksjer og andeler
1370 Fordringer på eiere
1390 Andre fordringer, langsiktig
1400 Råvarer og innkjøpte halvfabrikata
1460 Innkjøpte varer for videresalg
1480 Forskuddsbetaling til leverandører
1500 Kundefordringer
1530 Opptjente, ikke fakturerte inntekter
1570 Andre kortsiktige fordringer
1580 Avsetning tap på kundefordringer
1700 Forskuddsbetalt leiekostnad
1749 Andre forskuddsbetalte kostnader
1900 Kontanter, NOK
1920 Bankinnskudd
1921 Bankinnskudd, EUR
1922 Bankinnskudd, SEK
1930 Bankinnskudd, USD
1950 Bankinnskudd for skattetrekk
2000 Aksjekapital
2020 Overkurs
2050 Annen egenkapital
2120 Utsatt skatt
2180 Andre avsetninger for forpliktelser
2220 Gjeld til kredittinstitusjoner, langsiktig
2380 Kassekreditt
2400 Leverandørgjeld
2410 Mottatt, ikke fakturert
2500 Betalbar skatt, ikke fastsatt
2600 Forskuddstrekk
2700 Utgående merverdiavgift, høy sats
2701 Utgående merverdiavgift, middels sats
2705 Utgående mva. innførsel av varer
2710 Inngående merverdiavgift, høy sats
2711 Inngående merverdiavgift, middels sats
2715 Inngående mva. innførsel av varer
2740 Oppgjørskonto merverdiavgift
2770 Skyldig arbeidsgiveravgift
2780 Påløpt arbeidsgiveravgift
2900 Forskudd fra kunder
2910 Gjeld til ansatte
2930 Skyldig lønn
2940 Skyldige feriepenger
2960 Påløpte kostnader
3000 Salgsinntekt, avgiftspliktig, høy sats
3010 Salgsinntekt, varer, nettbutikk
3020 Salgsinntekt, frakt
3030 Salgsinntekt, avgiftspliktig, middels sats
3090 Opptjent, ikke fakturert inntekt
3100 Salgsinntekt, avgiftsfri
3110 Salgsinntekt, utførsel av varer
3600 Leieinntekt fast eiendom
3900 Annen driftsrelatert inntekt
4300 Innkjøp av varer for videresalg, høy sats
4310 Innkjøp av varer fra utlandet
4330 Innkjøp av varer, middels sats
4360 Frakt, toll og spedisjon
4370 Tollklarering
4390 Beholdningsendring
4500 Fremmedytelser og underentreprise
4990 Svinn
5000 Lønn til ansatte
5020 Feriepenger
5090 Påløpt, ikke utbetalt lønn
5251 Gruppelivsforsikring
5290 Motkonto for gruppe 52
5330 Godtgjørelse til styret
5400 Arbeidsgiveravgift
5405 Arbeidsgiveravgift av feriepenger
5420 Innberetningspliktig pensjonskostnad
5800 Refusjon av sykepenger
5900 Gaver til ansatte
5945 Pensjonsforsikring for ansatte
6000 Avskrivning på bygninger
6010 Avskrivning på transportmidler
6015 Avskrivning på maskiner
6017 Avskrivning på inventar
6100 Frakt, transport ved salg
6300 Leie lokaler
6320 Renovasjon, vann, avløp
6340 Lys, varme
6360 Renhold
6400 Leie maskiner
6410 Leie inventar
6420 Leie datasystemer
6430 Leie kontormaskiner
6540 Inventar
6551 Datautstyr
6552 Programvare, anskaffelse
6560 Rekvisita
6570 Arbeidsklær og verneutstyr
6620 Reparasjon og vedlikehold utstyr
6700 Revisjonshonorar
6705 Regnskapshonorar
6720 Honorar for økonomisk rådgivning
6790 Annen fremmed tjeneste
6800 Kontorrekvisita
-6820 Trykksaker
6860 Møte, kurs, oppdatering
6900 Telefon
6907 Datakommunikasjon
6940 Porto
7000 Drivstoff
7020 Vedlikehold transportmidler
7040 Forsikring transportmidler
7100 Bilgodtgjørelse, oppgavepliktig
7140 Reisekostnad, ikke oppgavepliktig
7320 Reklamekostnad
7350 Representasjon, fradragsberettiget
7400 Kontingent, fradragsberettiget
7500 Forsikringspremie
7601 Lisensavgifter
7770 Bank- og kortgebyr
7771 Øreavrunding
7790 Annen kostnad
7830 Konstatert tap på fordringer
-7840 Inngått på tidligere nedskrevne fordringer
8050 Annen renteinntekt
8060 Valutagevinst (agio)
8070 Annen finansinntekt
8150 Annen rentekostnad
8160 Valutatap (disagio)
8179 Annen finanskostnad
8300 Betalbar skatt
8320 Endring utsatt skatt
8960 Overføringer annen egenkapital
"""

_INCOME_AMONG_FINANCE = ("8050", "8060", "8070")


def _kind(number: str) -> str:
    if number in _INCOME_AMONG_FINANCE or number.startswith("3"):
        return "Income"
    return {"1": "Asset", "2": "Liability"}.get(number[0], "Expense")


_LINES = [line.partition(" ") for line in _TEXT.strip().splitlines()]
CLOSED = frozenset(number[1:] for number, _, _ in _LINES if number.startswith("-"))
# Number -> type and name.
CHART = {number.lstrip("-"): (_kind(number.lstrip("-")), name) for number, _, name in _LINES}
