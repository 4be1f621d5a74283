"""The way in: signing in as people do."""

from django.contrib.auth.models import User
from playwright.sync_api import Page

from tests.people import PASSWORD


def sign_in(page: Page, user: User) -> None:
    page.goto("/account/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/account/login/" not in address)
