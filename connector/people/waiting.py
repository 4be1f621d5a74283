"""The invitation that a visitor has opened and not yet answered, kept over sign-up and sign-in."""

from django.http import HttpRequest

KEY = "invitation"


def remember(request: HttpRequest, invitation_id: int) -> None:
    """By its number: the code that proved it stays out of the session."""
    request.session[KEY] = invitation_id


def waiting_id(request: HttpRequest) -> int | None:
    found: int | None = request.session.get(KEY)
    return found


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def has_invitation(request: HttpRequest) -> bool:
    return waiting_id(request) is not None
