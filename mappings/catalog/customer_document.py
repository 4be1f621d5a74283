"""Customer documents: the receivables ledger's headers of every type, without lines."""

from mappings.catalog.computed import KEY_FIELD
from mappings.catalog.kinds import Entity
from mappings.catalog.receivables import AGEING_FIELDS, BOOKING, DATES, HEAD, MONEY

CUSTOMER_DOCUMENT = Entity(
    name="customer_document",
    label="Customer document",
    plural="Customer documents",
    fields=(KEY_FIELD, *HEAD, *DATES, *AGEING_FIELDS, *MONEY, *BOOKING),
    number="referenceNumber",
    item_name="{referenceNumber} {customer.name}",
    help="Invoices, credit notes and payments of customers: all of the receivables ledger.",
    party="customer.name",
    number_of_party="customer.number",
    amount="amountInCurrency",
    currency="currencyId",
    status="status",
    date="documentDate",
    document_type="documentType",
    branch="branchNumber.number",
)
