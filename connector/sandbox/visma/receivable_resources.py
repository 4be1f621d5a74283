"""Customers and their documents, the ledger's reference data: where and how they are read.

Three addresses read the same documents: the ledger (all types, headers only), the invoices and
the credit notes (with lines).
"""

from connector.sandbox.visma.query import Contains, DateBound, Equal, Filter, Released
from connector.sandbox.visma.resources import Resource

CLAIM_TYPES = (
    "Invoice", "DebitNote", "CreditNote", "Payment", "VoidPayment", "Prepayment", "Refund",
    "FinCharge", "SmallBalanceWo", "SmallCreditWo", "CashSale", "CashReturn", "Undefined",
    "NoUpdate",
)  # fmt: skip
CLAIM_STATUSES = (
    "Hold", "Balanced", "Voided", "Scheduled", "Open", "Closed", "PendingPrint", "PendingEmail",
    "CreditHold", "CcHold", "Reserved",
)  # fmt: skip
UNRELEASED = ("Hold", "Balanced", "PendingPrint", "PendingEmail", "CreditHold", "Scheduled")
CUSTOMER_STATUSES = ("Active", "OnHold", "CreditHold", "Inactive", "OneTime")

# What `CustomerDocumentDto` has: headers of the ledger, of every type, without lines.
LEDGER_FIELDS = frozenset((
    "documentDueDate", "branch", "customer", "documentType", "referenceNumber", "postPeriod",
    "financialPeriod", "closedFinancialPeriod", "documentDate", "origInvoiceDate", "status",
    "currencyId", "amount", "amountInCurrency", "balance", "balanceInCurrency", "cashDiscount",
    "cashDiscountInCurrency", "paymentMethod", "customerRefNumber", "invoiceText",
    "lastModifiedDateTime", "createdDateTime", "note", "vatTotal", "vatTotalInCurrency",
    "location", "branchNumber", "cashAccount", "project", "account", "subaccount",
    "customerProject", "errorInfo",
))  # fmt: skip

_CLAIM_FILTERS: tuple[Filter, ...] = (
    Equal("customer", "customer.number"),
    Equal("status", "status", CLAIM_STATUSES),
    Equal("branch", "branchNumber.number"),
    Equal("financialPeriod", "financialPeriod"),
    Equal("closedFinancialPeriod", "closedFinancialPeriod"),
    Equal("externalReference", "externalReference"),
    Equal("paymentReference", "paymentReference"),
    Equal("customerRefNumber", "customerRefNumber"),
    Equal("project", "project.id"),
    Released(UNRELEASED),
    DateBound("documentDate", "documentDate"),
    DateBound("documentDueDate", "documentDueDate"),
    DateBound("createdDateTime", "createdDateTime"),
)
_CLAIM_EXPANDS = (
    ("applications", "expandApplications"),
    ("attachments", "expandAttachments"),
    ("taxDetails", "expandTaxDetails"),
    ("invoiceAddress", "expandInvoiceAddress"),
    ("dunningLetterDate", "expandDunningInformation"),
    ("dunningLetterLevel", "expandDunningInformation"),
)
_BRANCH_EXPANDS = (
    ("mainAddress", "expandAddress"), ("mainContact", "expandContact"),
    ("currency", "expandCurrency"), ("vatZone", "expandVatZone"), ("ledger", "expandLedger"),
    ("industryCode", "expandIndustryCode"), ("deliveryAddress", "expandDeliveryAddress"),
    ("deliveryContact", "expandDeliveryContact"), ("defaultCountry", "expandDefaultCountry"),
    ("bankSettings", "expandBankSettings"),
)  # fmt: skip

RESOURCES: tuple[Resource, ...] = (
    Resource(
        "customer",
        "v1/customer",
        (
            Contains("name", "name"),
            Equal("status", "status", CUSTOMER_STATUSES),
            Equal("corporateId", "corporateId"),
            Equal("vatRegistrationId", "vatRegistrationId"),
            Equal("email", "mainContact.email"),
            Equal("phone", "mainContact.phone1"),
            DateBound("createdDateTime", "createdDateTime"),
        ),
        expands=(
            ("glAccounts", "expandAccountInformation"),
            ("paymentMethods", "expandPaymentMethods"),
            ("directDebitLines", "expandDirectDebit"),
        ),
    ),
    Resource(
        "customer_document",
        "v1/customerdocument",
        (Equal("documentType", "documentType", CLAIM_TYPES), *_CLAIM_FILTERS),
        keys=(),
        fields=LEDGER_FIELDS,
    ),
    Resource(
        "customer_document",
        "v1/customerinvoice",
        _CLAIM_FILTERS,
        _CLAIM_EXPANDS,
        only="Invoice",
        without=("branch",),
    ),
    Resource(
        "customer_document",
        "v1/customercreditnote",
        _CLAIM_FILTERS,
        _CLAIM_EXPANDS,
        only="CreditNote",
        without=("branch", "excludeDebtCollection"),
        names=(("invoiceLines", "lines"),),
    ),
    Resource(
        "account",
        "v1/account",
        (
            Equal("active", "active", ("true", "false")),
            Equal("publicCode", "publicCode1"),
            Equal("externalCode1", "externalCode1Info.number"),
            Equal("externalCode2", "externalCode2Info.number"),
            Equal("analysisCode", "analisysCodeInfo.number"),
        ),
        expands=(("accountClassDescription", "includeAccountClassDescription"),),
        cap=0,
    ),
    Resource("subaccount", "v1/subaccount", (Equal("active", "active", ("true", "false")),)),
    Resource("employee", "v1/employee"),
    Resource("branch", "v1/branch", expands=_BRANCH_EXPANDS, cap=0, without=("timeStamp",)),
)
