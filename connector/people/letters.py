"""E-mails of our own; those about accounts are allauth's."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from tenants.models import Invitation


def send_invitation(invitation: Invitation, code: str) -> None:
    """Raises SMTPException or OSError where it cannot be sent."""
    link = settings.PUBLIC_URL + reverse("people:invitation_link", args=[code])
    context = {"invitation": invitation, "link": link}
    send_mail(
        subject=f"{invitation.tenant} invites you to ml-connector",
        message=render_to_string("account/email/invitation.txt", context),
        from_email=None,
        recipient_list=[invitation.email],
    )
