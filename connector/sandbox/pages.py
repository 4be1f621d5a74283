"""Pages for people: templates without a request, the sandbox's own style sheet, no script."""

from pathlib import Path
from typing import Any

from django.template import Context, Engine

from connector.sandbox.wire import Response, html_response

TEMPLATES = Path(__file__).with_name("templates")
_ENGINE = Engine(dirs=[str(TEMPLATES)], autoescape=True)


def render(template: str, context: dict[str, Any], status: int = 200) -> Response:
    """Numbers are shown as they are: give text where a format matters."""
    return html_response(_ENGINE.get_template(template).render(Context(context)), status)


def stylesheet() -> Response:
    body = (TEMPLATES / "sandbox.css").read_bytes()
    return Response(200, {"Content-Type": "text/css; charset=utf-8"}, body)
