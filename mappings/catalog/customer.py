"""Customers: who is billed, where and on which terms."""

from mappings.catalog.computed import KEY_FIELD
from mappings.catalog.kinds import Entity, Field, Kind
from mappings.catalog.money import document
from mappings.catalog.places import address, contact

STATUSES = ("Active", "OnHold", "CreditHold", "Inactive", "OneTime")
CREDIT_CHECKS = ("Disabled", "DaysPastDue", "CreditLimit", "LimitAndDaysPastDue")

_HEAD = (
    Field("number", "Customer number", Kind.CODE),
    Field("name", "Customer name", Kind.TEXT),
    Field("status", "Status", Kind.CHOICE, choices=STATUSES),
    Field("corporateId", "Organisation number", Kind.CODE),
    Field("vatRegistrationId", "VAT number", Kind.CODE),
    Field("gln", "GLN", Kind.CODE, "The customer's number in electronic trade."),
    Field("accountReference", "Our supplier number", Kind.CODE, "The number they know you by."),
    Field("parentRecord.number", "Parent company number", Kind.CODE),
    Field("parentRecord.name", "Parent company", Kind.TEXT),
    Field("customerClass.id", "Customer class code", Kind.CODE),
    Field("customerClass.description", "Customer class", Kind.TEXT),
    Field("priceClass.id", "Price class code", Kind.CODE),
    Field("priceClass.description", "Price class", Kind.TEXT),
    Field("numberOfEmployees", "Number of employees", Kind.INTEGER),
    Field("createdDateTime", "Created in Visma", Kind.DATETIME),
    Field("lastModifiedDateTime", "Last changed in Visma", Kind.DATETIME),
)
_TERMS = (
    Field("currencyId", "Currency", Kind.CODE),
    Field("creditTerms.id", "Payment terms code", Kind.CODE),
    Field("creditTerms.description", "Payment terms", Kind.TEXT),
    Field("creditVerification", "Credit check", Kind.CHOICE, choices=CREDIT_CHECKS),
    document("creditLimit", "Credit limit"),
    Field("creditDaysPastDue", "Days past due allowed", Kind.INTEGER),
    Field("defaultPaymentMethodId", "Payment method", Kind.CODE),
    Field("vatZone.id", "VAT zone code", Kind.CODE),
    Field("vatZone.description", "VAT zone", Kind.TEXT),
    Field("location.id", "Location code", Kind.CODE),
    Field("location.name", "Location", Kind.TEXT),
    Field("glAccounts.customerLedgerAccount.number", "Receivables account", Kind.CODE),
    Field("glAccounts.salesAccount.number", "Sales account", Kind.CODE),
    Field("excludeDebtCollection", "Kept from debt collection", Kind.BOOLEAN),
)
_SENDING = (
    Field("printInvoices", "Invoices are printed", Kind.BOOLEAN),
    Field("sendInvoicesByEmail", "Invoices by e-mail", Kind.BOOLEAN),
    Field("acceptAutoInvoices", "Electronic invoices", Kind.BOOLEAN),
    Field("sendDunningLettersViaEMail", "Reminders by e-mail", Kind.BOOLEAN),
    Field("printDunningLetters", "Reminders are printed", Kind.BOOLEAN),
    Field("sendStatementsByEmail", "Statements by e-mail", Kind.BOOLEAN),
)

CUSTOMER = Entity(
    name="customer",
    label="Customer",
    plural="Customers",
    fields=(
        KEY_FIELD,
        *_HEAD,
        *address("mainAddress", "Main"),
        *contact("mainContact", "Main", "mainAddress.country.id"),
        *_TERMS,
        *_SENDING,
        *address("invoiceAddress", "Invoice"),
        *contact("invoiceContact", "Invoice", "invoiceAddress.country.id"),
        *address("deliveryAddress", "Delivery"),
        *contact("deliveryContact", "Delivery", "deliveryAddress.country.id"),
    ),
    number="number",
    item_name="{number} {name}",
    help="Who you sell to.",
    party="name",
    number_of_party="number",
    currency="currencyId",
    status="status",
    attributes=True,
)
