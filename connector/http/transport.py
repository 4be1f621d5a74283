"""gql over our sessions."""

from collections.abc import Mapping
from typing import Any

from gql import GraphQLRequest
from gql.transport.requests import RequestsHTTPTransport
from graphql import ExecutionResult

from .session import DEADLINE, make_session


class WholeAnswerTransport(RequestsHTTPTransport):
    """gql over our session; hands up the whole HTTP answer as ``extensions["answer"]``.

    gql's own reading drops the status when the body has ``errors`` and keeps the headers on the
    transport, where threads race for them. The client judges the answer, in one place.
    """

    def __init__(self, url: str, user_agent: str, timeout: float = DEADLINE) -> None:
        super().__init__(url=url, retries=0)
        self.user_agent = user_agent
        self.seconds = timeout

    def connect(self) -> None:
        self.session = make_session(self.user_agent)

    def execute(
        self,
        request: GraphQLRequest,
        timeout: float | None = None,
        extra_args: dict[str, Any] | None = None,
        upload_files: bool = False,
    ) -> ExecutionResult:
        """``extra_args``: ``headers`` and the frozen ``body`` of this call."""
        arguments: Mapping[str, Any] = extra_args or {}
        if self.session is None:
            self.connect()
        assert self.session is not None  # noqa: S101  for mypy; connect sets it
        answer = self.session.post(
            self.url,
            data=arguments["body"],
            headers=arguments["headers"],
            timeout=timeout or self.seconds,
        )
        return ExecutionResult(data={}, extensions={"answer": answer})
