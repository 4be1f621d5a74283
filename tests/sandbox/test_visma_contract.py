"""Every field the sandbox sends is one of Visma's published contract, and of its type."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connector.sandbox.visma.receivable_resources import RESOURCES as RECEIVABLES
from connector.sandbox.visma.resources import RESOURCES as PAYABLES
from tests.sandbox.visma_caller import VismaCaller

FOLDER = Path(__file__).parents[3] / "shared" / "contracts" / "visma"
FILE, PATHS = FOLDER / "dto-fields.json", FOLDER / "openapi-subset.json"
pytestmark = pytest.mark.skipif(
    not FILE.exists(), reason="the published contract is not beside the repository"
)
LISTS = {
    "/v1/supplierInvoice": "SupplierInvoiceDto",
    "/v1/purchaseorder": "PurchaseOrderDto",
    "/v2/PurchaseReceipt": "PurchaseReceiptDto",
    "/v1/supplier": "SupplierDto",
    "/v1/organization": "ExtendedOrganizationDto",
    "/v1/branch": "BranchDto",
    "/v1/customer": "CustomerDto",
    "/v1/customerdocument": "CustomerDocumentDto",
    "/v1/customerinvoice": "CustomerInvoiceDto",
    "/v1/customerCreditNote": "CustomerCreditNoteDto",
    "/v1/account": "AccountDto",
    "/v1/subaccount": "SubAccountDto",
    "/v1/employee": "EmployeeDto",
    "/v2/journaltransaction": "JournalTransactionDto",
    "/v1/GeneralLedgerTransactions": "GeneralLedgerTransactionDetailsDto",
}
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, Decimal),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
}
Operations = dict[tuple[str, str], set[str]]
# Lists that answer nothing without these.
MANDATORY = {
    "/v2/journaltransaction": {"lastModifiedDateTime": "2020-01-01"},
    "/v1/GeneralLedgerTransactions": {"ledger": "1"},
}


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text())["dtos"]
    return found


def differences(value: Any, spec: dict[str, Any], dtos: dict[str, Any], where: str) -> list[str]:
    """Where a value is not what the specification says; null is allowed everywhere."""
    if value is None:
        return []
    if type(value) not in TYPES[spec["type"]]:
        return [f"{where}: {value!r} is no {spec['type']}"]
    if spec["type"] == "array":
        return [
            d for each in list(value) for d in differences(each, spec["items"], dtos, f"{where}[]")
        ]
    if spec["type"] == "object":
        return _of_fields(value, spec.get("fields") or dtos.get(spec.get("dto", "")), dtos, where)
    if "enum" in spec and value not in spec["enum"]:
        return [f"{where}: {value!r} is none of the enumeration"]
    return []


def _of_fields(value: Any, fields: Any, dtos: dict[str, Any], where: str) -> list[str]:
    if fields is None:
        return [f"{where}: not in the contract file"]
    unknown = [f"{where}.{name}: unknown" for name in value if name not in fields]
    known = [name for name in value if name in fields]
    deeper = [d for n in known for d in differences(value[n], fields[n], dtos, f"{where}.{n}")]
    return unknown + deeper


@pytest.fixture(scope="module")
def operations() -> Operations:
    """(method, path with braces emptied) -> names of the query parameters."""
    paths: dict[str, Any] = json.loads(PATHS.read_text())["paths"]
    return {
        (method.upper(), bare(path)): {
            each["name"].lower() for each in found.get("parameters", []) if each["in"] == "query"
        }
        for path, methods in paths.items()
        for method, found in methods.items()
        if method != "parameters"
    }


def bare(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path.strip("/")).lower()


def expanded(operations: Operations, path: str) -> dict[str, Any]:
    """Everything that may be asked for, so that every field comes."""
    params = operations["GET", bare(path)]
    asked = [each for each in params if each.startswith(("expand", "include"))]
    return dict.fromkeys(asked, "true") | MANDATORY.get(path, {})


@pytest.mark.parametrize("path", sorted(LISTS))
def test_every_field_of_a_list_is_in_the_contract(
    visma: VismaCaller, contract: dict[str, Any], operations: Operations, path: str
) -> None:
    dto = LISTS[path]
    rows = visma.rows(path, **expanded(operations, path))

    found = {d for row in rows for d in _of_fields(row, contract[dto], contract, dto)}

    assert rows
    assert not found


@pytest.mark.parametrize("path", sorted(LISTS))
def test_most_of_the_contract_is_there(
    visma: VismaCaller, contract: dict[str, Any], operations: Operations, path: str
) -> None:
    row = visma.rows(path, **expanded(operations, path))[0]

    assert len(row) >= 0.55 * len(contract[LISTS[path]])


def test_dimensions_are_in_the_contract(visma: VismaCaller, contract: dict[str, Any]) -> None:
    names = visma.get("/v1/dimension").body
    found = [visma.get(f"/v1/dimension/{name}", expandSegmentsValues="true").body for name in names]
    part = visma.get("/v1/dimension/SUBACCOUNT/1").body

    differing = [
        d for one in found for d in _of_fields(one, contract["DtoDimension"], contract, "")
    ]
    assert "SUBACCOUNT" in names
    assert differing + _of_fields(part, contract["DtoSegment"], contract, "") == []


def test_every_route_is_a_published_operation(visma: VismaCaller, operations: Operations) -> None:
    offered = {(route.method, bare(route.pattern)) for route in visma.sandbox.routes}

    assert offered <= set(operations)


def test_every_filter_is_a_published_parameter(
    operations: Operations,
) -> None:
    unknown = [
        (resource.path, param)
        for resource in PAYABLES + RECEIVABLES
        for param in [
            *(getattr(each, "param", "released") for each in resource.filters),
            *(param for _, param in resource.expands),
        ]
        if param.lower() not in operations["GET", bare(resource.path)]
    ]

    assert unknown == []
