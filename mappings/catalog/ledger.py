"""Reference data of the general ledger: accounts, dimension values, subaccounts, employees."""

from mappings.catalog.computed import KEY_FIELD, all_of
from mappings.catalog.kinds import Entity, Field, Kind
from mappings.catalog.references import dimension_values

ACCOUNT_TYPES = ("Asset", "Liability", "Income", "Expense")
EMPLOYEE_STATUSES = ("Active", "OnHold", "HoldPayments", "Inactive", "OneTime")

GL_ACCOUNT = Entity(
    name="gl_account",
    label="GL account",
    plural="GL accounts",
    fields=(
        KEY_FIELD,
        Field("accountCD", "Account number", Kind.CODE),
        Field("description", "Account name", Kind.TEXT),
        Field("type", "Account type", Kind.CHOICE, choices=ACCOUNT_TYPES),
        Field("active", "Active", Kind.BOOLEAN),
        Field("accountClass", "Account class", Kind.CODE),
        Field("accountClassDescription", "Account class name", Kind.TEXT),
        Field("accountGroupCD", "Account group", Kind.CODE),
        Field("currency", "Currency", Kind.CODE),
        Field("taxCategory", "VAT category", Kind.CODE),
        Field("cashAccount", "Is a cash account", Kind.BOOLEAN),
        Field("publicCode1", "Public code", Kind.CODE),
        Field("externalCode1Info.number", "External code 1", Kind.CODE),
        Field("externalCode1Info.description", "External code 1 name", Kind.TEXT),
        Field("externalCode2Info.number", "External code 2", Kind.CODE),
        Field("externalCode2Info.description", "External code 2 name", Kind.TEXT),
        Field("analisysCodeInfo.number", "Analysis code", Kind.CODE),
        Field("analisysCodeInfo.description", "Analysis code name", Kind.TEXT),
        Field("controlAccountModule", "Control account of", Kind.CODE),
        Field("allowManualEntry", "Manual entries allowed", Kind.BOOLEAN),
        Field("useDefaultSub", "Uses the default subaccount", Kind.BOOLEAN),
        Field("postOption", "Posting option", Kind.CODE),
        Field("accountID", "Visma's internal number", Kind.INTEGER),
        Field("lastModifiedDateTime", "Last changed in Visma", Kind.DATETIME),
    ),
    number="accountCD",
    item_name="{accountCD} {description}",
    help="The chart of accounts.",
    currency="currency",
    document_type="type",
)

# The client lays a value beside its dimension and segment: {**value, "dimension", "segment"}.
DIMENSION_VALUE = Entity(
    name="dimension_value",
    label="Dimension value",
    plural="Dimension values",
    fields=(
        KEY_FIELD,
        Field("valueId", "Value", Kind.CODE),
        Field("description", "Description", Kind.TEXT),
        Field("active", "Active", Kind.BOOLEAN),
        Field("dimension.id", "Dimension", Kind.CODE),
        Field("dimension.description", "Dimension name", Kind.TEXT),
        Field("segment.segmentId", "Segment number", Kind.INTEGER),
        Field("segment.description", "Segment", Kind.TEXT),
        Field("mappedSegValue", "Mapped value", Kind.CODE, "The value used in consolidation."),
        Field("lastModified", "Last changed in Visma", Kind.DATETIME),
    ),
    number="valueId",
    item_name="{valueId} {description}",
    help="Departments, projects and whatever else your dimensions hold.",
    document_type="dimension.id",
)

SUBACCOUNT = Entity(
    name="subaccount",
    label="Subaccount",
    plural="Subaccounts",
    fields=(
        KEY_FIELD,
        Field("subaccountNumber", "Subaccount number", Kind.CODE),
        Field("description", "Subaccount name", Kind.TEXT),
        Field("active", "Active", Kind.BOOLEAN),
        Field("subaccountId", "Visma's internal number", Kind.INTEGER),
        all_of("segments", "segmentValue", Field("segment_values", "Segment values", Kind.TEXT)),
        all_of(
            "segments",
            "segmentValueDescription",
            Field("segment_names", "Segment value names", Kind.TEXT),
        ),
        Field(
            "dimension_values",
            "Dimension values",
            Kind.TEXT,
            "Keys of the values it is put together from: for links to a board of dimension values.",
            compute=dimension_values,
            reads=("segments.0.segmentId", "segments.0.segmentValue"),
        ),
        Field("lastModifiedDateTime", "Last changed in Visma", Kind.DATETIME),
    ),
    number="subaccountNumber",
    item_name="{subaccountNumber} {description}",
    help="Combinations of dimension values that lines are booked on.",
)

EMPLOYEE = Entity(
    name="employee",
    label="Employee",
    plural="Employees",
    fields=(
        KEY_FIELD,
        Field("employeeNumber", "Employee number", Kind.CODE),
        Field("employeeName", "Employee name", Kind.TEXT),
        Field("contact.firstName", "First name", Kind.TEXT),
        Field("contact.lastName", "Last name", Kind.TEXT),
        Field("status", "Status", Kind.CHOICE, choices=EMPLOYEE_STATUSES),
        Field("department", "Department", Kind.CODE),
        Field("employeeClass.id", "Employee class code", Kind.CODE),
        Field("employeeClass.description", "Employee class", Kind.TEXT),
        Field("branch.number", "Branch number", Kind.CODE),
        Field("branch.name", "Branch", Kind.TEXT),
        Field("contact.email", "E-mail", Kind.EMAIL),
        Field("contact.phone1", "Phone", Kind.PHONE, unit="address.country.id"),
        Field("contact.phone2", "Second phone", Kind.PHONE, unit="address.country.id"),
        Field("address.addressLine1", "Address", Kind.TEXT),
        Field("address.postalCode", "Postal code", Kind.CODE),
        Field("address.city", "City", Kind.TEXT),
        Field("address.country.id", "Country", Kind.COUNTRY),
        Field("employeeLogin", "Visma login", Kind.TEXT),
        Field("calendarID", "Calendar", Kind.CODE),
        Field("lastModifiedDateTime", "Last changed in Visma", Kind.DATETIME),
    ),
    number="employeeNumber",
    item_name="{employeeNumber} {employeeName}",
    help="The people of your company, as Visma knows them.",
    party="employeeName",
    number_of_party="employeeNumber",
    status="status",
    branch="branch.number",
)
