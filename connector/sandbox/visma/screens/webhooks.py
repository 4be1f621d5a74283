"""Subscriptions of the Developer Portal: whom Visma calls when something changes."""

from connector.sandbox.visma.people.developer import DeveloperDesk
from connector.sandbox.visma.screens.parts import acted, page
from connector.sandbox.wire import Request, Response

HERE = "/company/webhooks/"


def webhooks(desk: DeveloperDesk, request: Request) -> Response:
    if request.method == "POST":
        return acted(lambda form: _do(desk, form), request.form(), back=HERE)
    rows = [
        {"id": each.id, "url": each.url, "signed": "yes" if each.key else "no"}
        for each in desk.portal.subscriptions.values()
    ]
    return page("webhooks.html", request, rows=rows)


def _do(desk: DeveloperDesk, form: dict[str, str]) -> str:
    if form.get("act") == "remove":
        desk.remove_subscription(form.get("subscription", ""))
        return "The subscription is removed."
    desk.add_subscription(form.get("url", "").strip(), form.get("key", "").strip())
    return "The subscription is made. Change something to cause a call."
