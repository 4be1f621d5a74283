"""Suppliers: who is paid, where and on which terms."""

from mappings.catalog.computed import KEY_FIELD
from mappings.catalog.kinds import Entity, Field, Kind
from mappings.catalog.places import address, contact

STATUSES = ("Active", "OnHold", "HoldPayments", "Inactive", "OneTime")


_HEAD = (
    Field("number", "Supplier number", Kind.CODE),
    Field("name", "Supplier name", Kind.TEXT),
    Field("status", "Status", Kind.CHOICE, choices=STATUSES),
    Field("corporateId", "Organisation number", Kind.CODE),
    Field("vatRegistrationId", "VAT number", Kind.CODE),
    Field(
        "accountReference",
        "Our customer number",
        Kind.CODE,
        "The number the supplier knows you by.",
    ),
    Field("parentRecord.number", "Parent company number", Kind.CODE),
    Field("parentRecord.name", "Parent company", Kind.TEXT),
    Field("supplierClass.id", "Supplier class code", Kind.CODE),
    Field("supplierClass.description", "Supplier class", Kind.TEXT),
    Field("naceCode", "NACE code", Kind.CODE),
    Field("numberOfEmployees", "Number of employees", Kind.INTEGER),
    Field("documentLanguage", "Document language", Kind.CODE),
    Field("note", "Visma note", Kind.LONG_TEXT, "The note kept on the supplier in Visma."),
    Field("lastModifiedDateTime", "Last changed in Visma", Kind.DATETIME),
)
_PAYING = (
    Field("currencyId", "Currency", Kind.CODE),
    Field("creditTerms.id", "Payment terms code", Kind.CODE),
    Field("creditTerms.description", "Payment terms", Kind.TEXT),
    Field("paymentMethod.id", "Payment method code", Kind.CODE),
    Field("paymentMethod.description", "Payment method", Kind.TEXT),
    Field(
        "accountUsedForPayment",
        "Paid to",
        Kind.CHOICE,
        choices=("IBAN", "BBAN", "BANKGIRO", "PLUSGIRO"),
    ),
    Field("paymentBy", "Paid by", Kind.CHOICE, choices=("DueDate", "DiscountDate")),
    Field("paymentLeadTime", "Payment lead time, days", Kind.INTEGER),
    Field("paySeparately", "Paid separately", Kind.BOOLEAN),
    Field(
        "chargeBearer",
        "Bank charges borne by",
        Kind.CHOICE,
        choices=("Payer", "Beneficiary", "Shared", "ServiceLevel"),
    ),
    Field("cashAccount", "Cash account", Kind.CODE),
    Field("vatZone.id", "VAT zone code", Kind.CODE),
    Field("vatZone.description", "VAT zone", Kind.TEXT),
    Field("glAccounts.supplierAccount.number", "Payables account", Kind.CODE),
    Field("glAccounts.expenseAccount.number", "Expense account", Kind.CODE),
    Field("glAccounts.expenseAccount.description", "Expense account name", Kind.TEXT),
    Field("glAccounts.expenseSubaccount.id", "Expense subaccount", Kind.CODE),
    Field("location.id", "Location code", Kind.CODE),
    Field("location.name", "Location", Kind.TEXT),
    Field("landedCostSupplier", "Landed cost supplier", Kind.BOOLEAN),
    Field("retainageApply", "Retainage applies", Kind.BOOLEAN),
)

SUPPLIER = Entity(
    name="supplier",
    label="Supplier",
    plural="Suppliers",
    fields=(
        KEY_FIELD,
        *_HEAD,
        *address("mainAddress", "Main"),
        *contact("mainContact", "Main", "mainAddress.country.id"),
        *_PAYING,
        *address("remitAddress", "Remittance"),
        *contact("remitContact", "Remittance", "remitAddress.country.id"),
        *address("supplierAddress", "Delivery"),
        *contact("supplierContact", "Delivery", "supplierAddress.country.id"),
    ),
    number="number",
    item_name="{number} {name}",
    help="Who you buy from.",
    party="name",
    number_of_party="number",
    currency="currencyId",
    status="status",
    attributes=True,
)
