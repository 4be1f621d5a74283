"""Words for people, companies, places and how to reach them."""

from mappings.suggest.synonyms.documents import Words

PARTIES: Words = {
    "supplier": (
        "supplier vendor creditor | leverandør lev kreditor | leverantör lev | "
        "leverandør kreditor lev | toimittaja toimittajan"
    ),
    "customer": (
        "customer client debtor debitor buyer | kunde kjøper | kund köpare | kunde køber | "
        "asiakas asiakkaan"
    ),
    "name": "name | navn | namn | navn | nimi",
    "our": "our | vår vårt | vår vårt | vores | viitteemme",
    "your": "your their | deres din | er ert | jeres deres | teidän",
    "parent": "parent | mor | moder | moder | emo",
    "class": (
        "class category group | klasse kategori gruppe | klass kategori grupp | "
        "klasse kategori gruppe | luokka ryhmä"
    ),
    "branch": "branch | filial | filial | filial | toimipiste",
    "owner": (
        "owner responsible assignee | ansvarlig eier | ansvarig ägare | ansvarlig ejer | "
        "vastuuhenkilö omistaja"
    ),
    "contact": "contact attention | kontakt | kontakt | kontakt | yhteyshenkilö yhteys",
    "person": "person | person | person | person | henkilö",
    "email": "email e-mail mail | epost e-post | epost e-post mejl | email e-mail | sähköposti",
    "phone": (
        "phone telephone tel mobile | telefon tlf mobil | telefon tel mobil | "
        "telefon tlf mobil | puhelin puh"
    ),
    "fax": "fax | faks | fax | fax | faksi",
    "web": (
        "website web site homepage url www | nettside hjemmeside nettsted | "
        "hemsida webbplats webb | hjemmeside | verkkosivu kotisivu verkkosivut"
    ),
    "address": (
        "address street | adresse gate | adress gata gatu | adresse gade vej | osoite katuosoite"
    ),
    "postal": (
        "zip postcode postal zipcode | postnr postnummer | postnr postnummer | "
        "postnr postnummer | postinumero"
    ),
    "city": "city town | by poststed sted | ort stad postort | by | kaupunki postitoimipaikka",
    "country": "country | land | land | land | maa",
    "county": "county region | fylke | län | region | maakunta",
    "organisation": (
        "organisation organization org registration reg | organisasjon orgnr org | "
        "organisation orgnr registrering | cvr | ytunnus y-tunnus"
    ),
    "language": "language | språk | språk | sprog | kieli",
    "employee": (
        "employee employees | ansatt ansatte | anställd anställda anställning | "
        "ansat ansatte medarbejder | työntekijä työntekijät"
    ),
    "firstname": "firstname | fornavn | förnamn | fornavn | etunimi",
    "lastname": "lastname surname | etternavn | efternamn | efternavn | sukunimi",
    "first": "first | | | | ",
    "seller": "salesperson seller | selger | säljare | sælger | myyjä",
    "department": "department dept | avdeling | avdelning | afdeling | osasto",
    "active": "active | aktiv | aktiv | aktiv | aktiivinen käytössä",
    "warehouse": "warehouse store | lager varelager | lager | lager | varasto",
    "carrier": (
        "carrier forwarder | transportør speditør | transportör speditör | "
        "fragtmand speditør | kuljettaja huolitsija"
    ),
    "shipping": "shipping ship shipment freight | frakt forsendelse | frakt | fragt | rahti",
    "receiver": "receiver recipient | mottaker | mottagare | modtager | vastaanottaja",
    "location": "location | lokasjon | plats | lokation | sijainti",
    "fob": "fob |  |  |  | ",
    "incoterms": "incoterms incoterm |  |  |  | ",
}
