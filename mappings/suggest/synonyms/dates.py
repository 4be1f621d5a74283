"""Words for dates and for how far a document has come."""

from mappings.suggest.synonyms.documents import Words

DATES: Words = {
    "date": "date day | dato dag | datum dag | dato dag | päivä päivämäärä päiväys pvm",
    "due": (
        "due deadline maturity | forfall forf | förfallo förfall förf | forfald forf | "
        "erä eräpvm erääntyy"
    ),
    "delivery": "delivery eta arrival | levering | leverans | levering | toimitus",
    "promised": (
        "promised expected | lovet forventet | utlovat utlovad förväntad | lovet forventet | "
        "luvattu odotettu"
    ),
    "requested": (
        "requested wanted | ønsket etterspurt | önskad önskat | ønsket | toivottu pyydetty"
    ),
    "ordered": "ordered | bestilt | beställt beställd | bestilt | tilattu",
    "received": (
        "received | mottatt | mottaget mottagen inlevererat | modtaget | vastaanotettu saapunut"
    ),
    "created": "created registered | opprettet registrert | skapad registrerad | oprettet | luotu",
    "modified": (
        "modified changed updated | endret oppdatert | ändrad uppdaterad | "
        "ændret opdateret | muokattu päivitetty"
    ),
    "last": "last latest | sist siste | senast sista | senest sidst | viimeksi viimeisin",
    "period": "period | periode | period | periode | kausi jakso",
    "posting": (
        "posting post posted | bokføring bokførings postering | bokföring bokförings | "
        "bogføring bogførings | kirjaus"
    ),
    "accounting": (
        "accounting fiscal financial | regnskap regnskaps | räkenskap räkenskaps | "
        "regnskab regnskabs | tili kirjanpito"
    ),
    "original": "original | opprinnelig | ursprunglig | oprindelig | alkuperäinen",
    "status": "status state | status | status | status | tila status",
    "approval": (
        "approval approved approve | godkjenning attestering godkjent | "
        "attest godkännande attestering godkänd | godkendelse attestering godkendt | "
        "hyväksyntä hyväksytty"
    ),
    "hold": "hold | parkert | parkerad | parkeret | pidossa",
    "printed": "printed | skrevet utskrevet | utskriven | udskrevet | tulostettu",
    "all": "all fully everything complete | alt helt | allt helt | alt helt | kaikki kokonaan",
}
