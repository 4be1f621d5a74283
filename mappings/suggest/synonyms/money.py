"""Words for amounts, taxes, currencies, payment and booking."""

from mappings.suggest.synonyms.documents import Words

MONEY: Words = {
    "amount": (
        "amount total sum | beløp sum total totalt | belopp summa totalt total | "
        "beløb sum total | summa yhteensä loppusumma"
    ),
    "balance": (
        "balance remaining outstanding unpaid | "
        "saldo rest restbeløp gjenstår gjenstående utestående ubetalt | "
        "saldo rest restbelopp kvar kvarstående utestående obetalt | "
        "saldo rest restbeløb udestående ubetalt | saldo avoin avoinna maksamatta jäljellä"
    ),
    "open": "open | åpen åpent | öppen öppet | åben åbent | avoin",
    "vat": "vat tax gst | mva moms avgift | moms | moms | alv arvonlisävero vero",
    "net": (
        "net excl excluding ex before | netto eks ekskl eksklusive uten | "
        "netto exkl exklusive utan | netto ekskl eksklusive uden | netto veroton ilman"
    ),
    "gross": (
        "gross incl including | brutto inkl inklusive med | brutto inkl inklusive med | "
        "brutto inkl inklusive med | brutto verollinen sis sisältäen"
    ),
    "taxable": (
        "taxable | avgiftspliktig mvagrunnlag | skattepliktig momsunderlag | "
        "momspligtig momsgrundlag | verotettava"
    ),
    "exempt": "exempt | avgiftsfri mvafri | momsfri | momsfri | verovapaa",
    "discount": "discount rebate | rabatt | rabatt | rabat | alennus",
    "limit": "limit | grense | gräns | grænse | raja",
    "price": "price | pris | pris | pris | hinta",
    "applied": "applied | | | | ",
    "cash": "cash | kontant | kassa | kontant | käteis kassa",
    "rounding": (
        "rounding | avrunding øreavrunding | avrundning öresavrundning | afrunding | pyöristys"
    ),
    "difference": "difference diff | differanse | differens | difference | ero",
    "withholding": "withholding | kildeskatt | källskatt | kildeskat | lähdevero",
    "control": "control | kontroll | kontroll | kontrol | tarkistus",
    "currency": "currency curr cur ccy | valuta | valuta | valuta | valuutta",
    "rate": "rate | kurs | kurs | kurs | kurssi",
    "exchange": "exchange fx | veksling | växel växling | veksel | vaihto",
    "company": (
        "company base own | selskap firma regnskapsvaluta | företag bolag | "
        "selskab firma virksomhed | yritys yhtiö"
    ),
    "pay": (
        "payment pay paying | betaling betal betale | betalning betal betala | "
        "betaling betal betale | maksu maksun maksaa"
    ),
    "terms": (
        "terms term conditions | betingelser vilkår betingelse | villkor | "
        "betingelser vilkår | ehto ehdot"
    ),
    "method": "method | måte metode | sätt metod | måde metode | tapa",
    "message": "message | melding | meddelande | meddelelse | viesti",
    "selected": "selected | valgt | vald | valgt | valittu",
    "account": "account accounts acct gl | konto | konto | konto | tili tilit",
    "ledger": "ledger | hovedbok hovedboks | huvudbok huvudboks | finans | pääkirja",
    "costcentre": (
        "costcenter costcentre subaccount subaccounts | kostnadssted kostnadsbærer | "
        "kostnadsställe underkonto | omkostningssted | kustannuspaikka"
    ),
    "cost": "cost costs | kostnad | kostnad | omkostning | kustannus",
    "centre": "centre center |  |  |  | ",
    "bank": "bank | bank | bank | bank | pankki",
    "expense": "expense | utgift | utgift | udgift | kulu",
    "quantity": (
        "quantity qty pcs units | antall mengde | antal kvantitet | antal mængde | määrä kpl"
    ),
}
