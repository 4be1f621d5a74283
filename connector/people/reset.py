"""A new password by e-mail, which proves the mailbox as well."""

from allauth.account.forms import ResetPasswordKeyForm
from allauth.account.models import EmailAddress


class ResetPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]
    """Whoever opened the link reads the mailbox: no second letter asks for the same."""

    def save(self) -> None:
        super().save()
        row, _ = EmailAddress.objects.get_or_create(
            user=self.user, email=self.user.email.lower(), defaults={"primary": True}
        )
        row.set_verified()
