"""Meanings of accounts, dimension values, subaccounts, employees and postings."""

from mappings.suggest.meanings.shared import BRANCH, CHANGED, CURRENCY, KEY, Meanings

GL_ACCOUNT: Meanings = {
    **KEY,
    **CHANGED,
    "accountCD": ("account! *0.9", "account! number!", "number! *0.8"),
    "description": ("account name!", "description!", "account description!"),
    "type": ("account type!",),
    "active": ("active!",),
    "accountClass": ("account class!",),
    "currency": CURRENCY,
    "taxCategory": ("vat! class!", "vat! number!"),
}

DIMENSION_VALUE: Meanings = {
    **KEY,
    "lastModified": CHANGED["lastModifiedDateTime"],
    "valueId": ("value! *0.95", "value! number", "number! *0.8"),
    "description": ("description!", "value name!"),
    "active": ("active!",),
    "dimension.id": ("dimension!", "dimension! number"),
    "dimension.description": ("dimension! name!",),
    "segment.description": ("segment!", "segment! name"),
}

SUBACCOUNT: Meanings = {
    **KEY,
    **CHANGED,
    "subaccountNumber": ("costcentre!", "costcentre! number!", "number! *0.8"),
    "description": ("description!", "costcentre name!"),
    "active": ("active!",),
    "segment_values": ("segment! value!",),
}

EMPLOYEE: Meanings = {
    **KEY,
    **CHANGED,
    "employeeNumber": ("employee number!",),
    "employeeName": ("employee! name!", "employee! *0.85", "name! *0.9"),
    "contact.firstName": ("firstname!", "first! name!"),
    "contact.lastName": ("lastname!", "last! name!"),
    "status": ("status!",),
    "department": ("department!",),
    "branch.name": BRANCH,
    "contact.email": ("email!", "email! address!"),
    "contact.phone1": ("phone!", "phone! number"),
    "address.addressLine1": ("address!",),
    "address.postalCode": ("postal! number",),
    "address.city": ("city!",),
    "address.country.id": ("country!", "country! number"),
}

JOURNAL_TRANSACTION: Meanings = {
    **KEY,
    **CHANGED,
    "batchNumber": ("batch! number!", "batch!", "voucher! number!", "number! *0.8"),
    "module": ("module!",),
    "status": ("status!",),
    "transactionDate": ("date!", "posting! date!"),
    "financialPeriod": ("period!", "accounting! period!"),
    "postPeriod": ("posting! period!",),
    "description": ("description!",),
    "branch": ("branch! number!", "branch! *0.9"),
    "currencyId": CURRENCY,
    "exchangeRate": ("exchange! rate!", "rate! *0.9"),
    "debitTotal": ("debit!", "debit! amount!"),
    "debitTotalInCurrency": ("debit! batch! currency!", "debit! currency!"),
    "creditTotal": ("credit!", "credit! amount!"),
    "creditTotalInCurrency": ("credit! batch! currency!", "credit! currency!"),
    "accounts": ("account!",),
    "line_count": ("count! line!",),
    "lines_summary": ("line!",),
}

GL_ENTRY: Meanings = {
    **KEY,
    "batch.batchNumber": ("batch! number!", "batch!", "voucher! number!"),
    "batch.module": ("module!",),
    "batch.status": ("status!",),
    "batch.transactionDate": ("date!", "posting! date!"),
    "batch.financialPeriod": ("period!", "accounting! period!"),
    "batch.currencyId": CURRENCY,
    "batch.lastModifiedDateTime": CHANGED["lastModifiedDateTime"],
    "branch": ("branch! number!", "branch! *0.9"),
    "lineNumber": ("line! number!", "line!"),
    "accountNumber": ("account!", "account! number!"),
    "description": ("account! name!",),
    "subaccount.subaccountNumber": ("costcentre!", "costcentre! number!"),
    "referenceNumber": ("reference! number!", "reference! *0.9", "document! number! *0.9"),
    "transactionDescription": ("description!",),
    "debitAmount": ("debit!", "debit! amount!"),
    "debitAmountInCurrency": ("debit! batch! currency!", "debit! currency!"),
    "creditAmount": ("credit!", "credit! amount!"),
    "creditAmountInCurrency": ("credit! batch! currency!", "credit! currency!"),
    "amount": ("amount!",),
    "amount_in_currency": ("amount! batch! currency!", "amount! currency!"),
    "vatCode.id": ("vat! number!", "vat! class!"),
    "customerSupplier": ("customer! supplier!",),
}
