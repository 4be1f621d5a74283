"""The tenants app, and the checks that run whenever it starts."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_delete


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Tenants"

    def ready(self) -> None:
        from allauth.mfa.models import Authenticator

        from tenants.checks import encrypted_fields_are_ours, keys_are_random
        from tenants.sealing import forget_with_factor

        register(encrypted_fields_are_ours, Tags.models)
        register(keys_are_random, Tags.security)
        post_delete.connect(forget_with_factor, sender=Authenticator)
