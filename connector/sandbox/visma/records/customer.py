"""A customer as `CustomerDto`."""

from decimal import Decimal
from typing import Any

from connector.sandbox.visma.money import ZERO
from connector.sandbox.visma.records.countries import CURRENCY_OF
from connector.sandbox.visma.records.references import account, terms
from connector.sandbox.visma.records.supplier import VAT_ZONES, Partner, address, contact

# What is sent to whom: the same for every customer of this company.
HABITS = {
    "printInvoices": False,
    "sendDunningLettersViaEMail": True,
    "printDunningLetters": False,
    "printStatements": False,
    "sendStatementsByEmail": True,
    "printMultiCurrencyStatements": False,
    "statementType": "OpenItem",
}


def customer(
    partner: Partner, *, created: str, status: str = "Active", limit: Decimal = ZERO
) -> dict[str, Any]:
    internal = int(partner.number) - 9_000
    place, person = address(partner, internal), contact(partner, internal)
    zone, zone_name = VAT_ZONES.get(partner.country, VAT_ZONES[""])
    home = partner.country == "NO"
    return {
        "internalId": internal,
        "number": partner.number,
        "name": partner.name,
        "status": status,
        "mainAddress": place,
        "mainContact": person,
        "accountReference": "",
        "parentRecord": {"number": partner.number, "name": partner.name},
        "customerClass": {"id": "1" if home else "2", "description": "Butikker"},
        "creditTerms": terms("30" if home else "45"),
        "currencyId": CURRENCY_OF[partner.country],
        "creditVerification": "CreditLimit" if limit else "Disabled",
        "creditLimit": limit,
        "creditDaysPastDue": 0,
        "invoiceAddress": place,
        "invoiceContact": person,
        **HABITS,
        "acceptAutoInvoices": home,
        "sendInvoicesByEmail": not home,
        "deliveryAddress": place,
        "deliveryContact": person,
        "vatRegistrationId": partner.vat_id,
        "corporateId": partner.corporate_id,
        "gln": "",
        "vatZone": {"id": zone, "description": zone_name, "defaultVatCategory": "1"},
        "location": {"countryId": partner.country, "id": "Main", "name": "Primary Location"},
        "attributes": [],
        "createdDateTime": created,
        "directDebitLines": [],
        "priceClass": {"id": "A", "description": "Forhandler"},
        "glAccounts": {
            "customerLedgerAccount": account("1500"),
            "salesAccount": account("3000"),
            "salesExportAccount": account("3100"),
        },
        "invoiceToDefaultLocation": True,
        "paymentMethods": [{"paymentMethodId": "1", "isDefault": True}],
        "defaultPaymentMethodId": "1",
        "numberOfEmployees": None,
        "excludeDebtCollection": False,
    }
