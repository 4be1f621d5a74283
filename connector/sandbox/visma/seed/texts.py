"""Descriptions that trip callers up: lengths around 255, emoji, markup, formulas, other scripts."""

_LONG = (
    "Samlefaktura for leveranser til Alnabru, Åsane og Tromsø havn i henhold til rammeavtale "
    "2026/118, inkludert bunkerstillegg, ventetid ved lossing, ompakking av skadde kolli og "
    "returfrakt av europaller; spesifikasjon per følgeseddel er vedlagt, spørsmål rettes til "
    "økonomiavdelingen, Kjærsti Østgård-Ångström, innen fjorten dager etter fakturadato. "
    "Merk: priser på kjølevarer følger ukentlig prisliste fra Süddeutsche Großhandel, "
    "og avvik over to prosent avregnes på neste faktura som egen kreditnota."
)


def of_length(count: int) -> str:
    return (_LONG + " ")[:count].rstrip().ljust(count, ".")


AWKWARD: tuple[str, ...] = (
    "Julebord-pynt 🎄 og gløgg til butikkene 🇳🇴",
    of_length(250),
    of_length(255),
    of_length(256),
    of_length(400),
    "Blåbærsyltetøy, røkt ål & sjømat: ÆØÅ æøå ÄÖÜ äöü ß",
    'Skruer 5" <b>ikke</b> & \'andre\' "beslag"',
    "=SUM(A1:A9) står slik på leverandørens faktura",
    "Linje en\nLinje to\tmed tabulator",
    "Cafe\u0301 Ma\u0308larstrand, dekomponerte tegn",
    "שלום, prøveforsendelse fra Haifa",
    "深圳北星电子 LED-moduler, 第3批",
    "   Mellomrom foran og bak   ",
)
