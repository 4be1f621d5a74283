"""What every other way of writing invoices to a board needs: Visma's pages, and one cell each.

Plain requests and nothing of the product; the cells are those that its mapping writes.
"""

import json
from collections.abc import Iterator
from typing import Any

import requests

from connector.sandbox import world

PAGE = 1_000
BOARD = "AP invoices"
TEXTS = {"referenceNumber": "Invoice no", "supplierReference": "Supplier reference"}
DATES = {"date": "Invoice date", "dueDate": "Due date"}
NUMBERS = {"amount": "Amount", "balanceInCurrency": "Balance"}


class Outsider:
    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.calls = 0
        found = self.monday(
            "query ($name: ID!) { boards(ids: [$name]) { id columns { id title } } }",
            {"name": self._board_id()},
        )["boards"][0]
        self.board = found["id"]
        self.columns = {column["title"]: column["id"] for column in found["columns"]}

    def _board_id(self) -> str:
        boards = self.monday("query { boards(limit: 25) { id name } }", {})["boards"]
        return str(next(board["id"] for board in boards if board["name"] == BOARD))

    def invoices(self) -> Iterator[dict[str, Any]]:
        token = self.session.post(
            f"{self.url}/visma/connect/token",
            data={
                "grant_type": "client_credentials",
                "client_id": world.VISMA_CLIENT_ID,
                "client_secret": world.VISMA_CLIENT_SECRET,
                "tenant_id": world.VISMA_COMPANY_TENANT_ID,
            },
        ).json()["access_token"]
        headers = {
            "Authorization": f"Bearer {token}",
            "ipp-company-id": world.VISMA_COMPANY_ID,
            "ipp-application-type": "Visma.net Financials",
        }
        number = 1
        while True:
            page = self.session.get(
                f"{self.url}/visma/v1/supplierInvoice",
                params={"pageNumber": str(number), "pageSize": str(PAGE)},
                headers=headers,
            ).json()
            yield from page
            if len(page) < PAGE:
                return
            number += 1

    def key(self, row: dict[str, Any]) -> str:
        return f"{row['documentType']}:{row['referenceNumber']}"

    def name(self, row: dict[str, Any]) -> str:
        return f"{row['referenceNumber']} {row['supplier']['name']}"

    def cells(self, row: dict[str, Any]) -> str:
        column = self.columns
        cells: dict[str, Any] = {
            column["Visma key"]: self.key(row),
            column["Supplier"]: row["supplier"]["name"],
            column["Description"]: {"text": row.get("description") or ""},
        }
        cells |= {column[title]: row.get(field) or "" for field, title in TEXTS.items()}
        cells |= {column[t]: {"date": row[f][:10]} for f, t in DATES.items() if row.get(f)}
        cells[column["Status"]] = {"label": row["status"]}
        cells[column["Currency"]] = {"labels": [row["currencyId"]]}
        cells |= {column[t]: str(row[f]) for f, t in NUMBERS.items() if row.get(f) is not None}
        return json.dumps(cells)

    def monday(self, text: str, variables: dict[str, Any], key: str = "") -> dict[str, Any]:
        """One call; whatever is not a clean answer ends the measurement."""
        self.calls += 1
        headers = {"Authorization": world.MONDAY_TOKEN, "API-Version": "2026-10"}
        answer = self.session.post(
            f"{self.url}/monday/v2",
            json={"query": text, "variables": variables},
            headers=headers | ({"Idempotency-Key": key} if key else {}),
        ).json()
        if answer.get("errors"):
            raise RuntimeError(json.dumps(answer["errors"])[:500])
        found: dict[str, Any] = answer["data"]
        return found
