"""A web server on the other end of webhooks, for tests."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


class Receiver:
    """A web server that echoes challenges and keeps what it is sent."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.status = 200
        self.echo = True
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                answer = receiver.take(dict(self.headers), body)
                self.send_response(receiver.status)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/hook"
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    def take(self, headers: dict[str, str], body: dict[str, Any]) -> bytes:
        if "challenge" in body:
            return json.dumps(body if self.echo else {}).encode()
        self.calls.append((headers, body["event"]))
        return b"{}"

    @property
    def types(self) -> list[str]:
        return [event["type"] for _, event in self.calls]
