"""Words for documents, their numbers and what stands in them."""

# Concept -> its words in English | Norwegian | Swedish | Danish | Finnish.
Words = dict[str, str]

DOCUMENTS: Words = {
    "invoice": (
        "invoice inv bill | "
        "faktura fakt fakturaer fakturerings | "
        "faktura fakt fakturor fakturerings | "
        "faktura fakturaer regning | "
        "lasku laskut laskutus"
    ),
    "voucher": "voucher | bilag | verifikat | bilag | tosite",
    "batch": "batch | bunt | bunt | bunke | nippu",
    "module": "module | modul | modul | modul | moduuli",
    "debit": "debit | debet | debet | debet | debet",
    "order": (
        "order po | ordre bestilling | order beställning | ordre bestilling | tilaus tilauksen"
    ),
    "purchase": "purchase procurement po | innkjøp | inköp | indkøb | osto hankinta",
    "sales": "sales | salg salgs | försäljning sälj | salg | myynti",
    "receipt": (
        "receipt receipts grn | varemottak mottak | inleverans | varemodtagelse | saapuminen"
    ),
    "credit": "credit | kredit kreditt | kredit | kredit | hyvitys luotto",
    "requisition": "requisition | rekvisisjon | rekvisition | rekvisition | hankintaehdotus",
    "document": "document doc | dokument | dokument | dokument | asiakirja",
    "number": (
        "number numbers no nr num id code # | nummer nr kode | nummer nr kod | "
        "nummer nr kode | numero nro koodi tunnus"
    ),
    "reference": "reference ref | referanse ref | referens ref | reference ref | viite viitteenne",
    "payref": " | kid | ocr | fik | viitenumero maksuviite viite",
    "type": "type kind | type | typ | type | tyyppi laji",
    "description": (
        "description descr subject | "
        "beskrivelse tekst | "
        "beskrivning benämning | "
        "beskrivelse tekst | "
        "kuvaus selite teksti"
    ),
    "note": (
        "note notes comment comments remark remarks | notat kommentar merknad | "
        "anteckning kommentar anmärkning | note bemærkning kommentar | "
        "huomautus huomio muistiinpano lisätiedot"
    ),
    "line": "line lines row rows | linje linjer | rad rader | linje linjer | rivi rivit",
    "item": (
        "item items product products article sku | vare varer artikkel | "
        "artikel artiklar vara | vare varer | nimike tuote"
    ),
    "deliverynote": " | følgeseddel pakkseddel | följesedel | følgeseddel | lähete",
    "dunning": (
        "dunning reminder | purring purre | påminnelse krav | rykker | muistutus maksumuistutus"
    ),
    "level": "level | nivå | nivå | niveau | taso",
    "dimension": "dimension dimensions | dimensjon | dimension | dimension | dimensio",
    "segment": "segment | segment | segment | segment | segmentti",
    "value": "value values | verdi | värde | værdi | arvo arvot",
    "count": "count | antallet | antalet | antallet | lukumäärä",
    "key": "key | nøkkel | nyckel | nøgle | avain",
    "visma": "visma erp |  |  |  | ",
    "project": "project projects | prosjekt | projekt | projekt | projekti",
}
