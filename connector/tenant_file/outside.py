"""What an import asks of Visma and monday, each thing once."""

from __future__ import annotations

from typing import Any

from connector.clients import monday_on_trial, visma_on_trial
from connector.errors import ConnectorError
from connector.monday.boards import Board
from connector.sync import probes
from tenants.models import MondayConnection, VismaConnection


class Outside:
    """Works with connections that are not stored yet. Raises ConnectorErrors only."""

    def __init__(self) -> None:
        self._boards: dict[tuple[str, str], Board | ConnectorError] = {}

    def visma_facts(self, connection: VismaConnection) -> dict[str, str]:
        company = visma_on_trial(connection).company()
        return {"company_name": str(company.get("name") or "")}

    def monday_facts(self, connection: MondayConnection) -> dict[str, str]:
        """Refuses a viewer's token: a connection is there to write."""
        me = monday_on_trial(connection).me()
        probes.refuse_viewer(me)
        return probes.monday_facts(me)

    def board(self, connection: MondayConnection, board_id: str) -> Board:
        """Read once for all mappings on it, also when the answer was an error."""
        known = (connection.name, board_id)
        if known not in self._boards:
            try:
                self._boards[known] = monday_on_trial(connection).board(board_id)
            except ConnectorError as error:
                self._boards[known] = error
        found = self._boards[known]
        if isinstance(found, ConnectorError):
            raise found
        return found

    def create_column(
        self, connection: MondayConnection, board_id: str, title: str, column_type: str
    ) -> dict[str, Any]:
        return monday_on_trial(connection).create_column(board_id, title, column_type)
