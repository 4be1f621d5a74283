"""SecretTextField: each way in which the stock field leaks or destroys a secret, closed."""

import json
import pickle

import pytest
from cryptography.fernet import Fernet
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat, Lower
from django.forms import ModelForm, model_to_dict, modelform_factory
from django.test.utils import CaptureQueriesContext
from encrypted_model_fields import fields as encrypted

from tenants.fields import REDACTED, DecryptionError
from tenants.models import MondayConnection, Tenant, VismaConnection
from tests.tenants.conftest import CANARY, UseKeys, make_visma, new_key, overwrite, stored

SecretForm: "type[ModelForm[MondayConnection]]" = modelform_factory(
    MondayConnection, fields=["name", "token"]
)


def raw_secret(connection: VismaConnection) -> str:
    return stored("tenants_vismaconnection", "client_secret", connection.pk)


def test_a_secret_reads_back_and_is_sealed_in_its_row(visma: VismaConnection) -> None:
    found = VismaConnection.objects.get(pk=visma.pk)

    assert found.client_secret == CANARY
    assert CANARY not in raw_secret(visma)


def test_a_wrong_key_raises_and_shows_no_ciphertext(
    visma: VismaConnection, use_keys: UseKeys
) -> None:
    use_keys(new_key())
    found = VismaConnection.objects.get(pk=visma.pk)

    with pytest.raises(DecryptionError) as caught:
        found.client_secret  # noqa: B018  reading it is what opens it

    assert "tenants.VismaConnection.client_secret" in str(caught.value)
    assert "gAAAA" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_wrong_key_never_seals_a_ciphertext_again(
    visma: VismaConnection, use_keys: UseKeys
) -> None:
    before = raw_secret(visma)
    use_keys(new_key())

    with pytest.raises(DecryptionError), transaction.atomic():
        VismaConnection.objects.get(pk=visma.pk).save()

    assert raw_secret(visma) == before


def test_what_was_loaded_stays_sealed_until_it_is_read(
    visma: VismaConnection, use_keys: UseKeys
) -> None:
    use_keys(new_key())
    found = VismaConnection.objects.select_related("tenant").get(pk=visma.pk)

    assert found.name == "main"
    assert CANARY not in repr(vars(found))
    assert "gAAAA" not in repr(vars(found))


def test_a_row_that_travels_between_processes_carries_no_plain_secret(
    visma: VismaConnection,
) -> None:
    found = VismaConnection.objects.get(pk=visma.pk)
    packed = pickle.dumps(found)

    assert CANARY.encode() not in packed
    assert pickle.loads(packed).client_secret == CANARY  # noqa: S301  our own


def test_plain_text_in_the_column_is_refused_not_handed_out(visma: VismaConnection) -> None:
    overwrite("UPDATE tenants_vismaconnection SET client_secret = 'plain'")

    with pytest.raises(DecryptionError):
        VismaConnection.objects.get(pk=visma.pk).client_secret  # noqa: B018


def test_bulk_update_keeps_the_secret(visma: VismaConnection) -> None:
    other = make_visma(visma.tenant, name="other", company="4022")
    visma.client_secret, other.client_secret = "first", "second"

    VismaConnection.objects.bulk_update([visma, other], ["client_secret"])

    assert [row.client_secret for row in VismaConnection.objects.order_by("pk")] == [
        "first",
        "second",
    ]
    assert "CASE" not in raw_secret(visma)


def test_update_of_plain_text_is_sealed(visma: VismaConnection) -> None:
    VismaConnection.objects.filter(pk=visma.pk).update(client_secret="renewed")

    visma.refresh_from_db()
    assert visma.client_secret == "renewed"
    assert "renewed" not in raw_secret(visma)


@pytest.mark.parametrize(
    "expression",
    [
        F("name"),
        F("webhook_key"),
        Lower(Value("x")),
        Concat(Value("x"), Value("y")),
        Value("plain"),
        Case(When(name="main", then=F("name"))),
        Case(When(name="main", then=Value("plain"))),
        Case(default=F("name")),
    ],
    ids=str,
)
def test_an_expression_is_refused_and_the_secret_survives(
    visma: VismaConnection, expression: object
) -> None:
    before = raw_secret(visma)

    with pytest.raises(FieldError), transaction.atomic():
        VismaConnection.objects.filter(pk=visma.pk).update(client_secret=expression)

    assert raw_secret(visma) == before


def test_an_expression_is_refused_on_create(tenant: Tenant) -> None:
    with pytest.raises(FieldError):
        MondayConnection.objects.create(tenant=tenant, token=Value("plain"))  # type: ignore[misc]


def test_bulk_create_with_conflicts_seals_the_new_secret(visma: VismaConnection) -> None:
    visma.client_secret = "renewed"

    VismaConnection.objects.bulk_create(
        [visma],
        update_conflicts=True,
        unique_fields=["tenant", "name"],
        update_fields=["client_secret"],
    )

    visma.refresh_from_db()
    assert visma.client_secret == "renewed"
    assert "renewed" not in raw_secret(visma)


@pytest.mark.parametrize(
    "lookup",
    ["client_secret", "client_secret__contains", "client_secret__in", "client_secret__gt"],
)
def test_searching_for_a_secret_is_refused(visma: VismaConnection, lookup: str) -> None:
    with pytest.raises(FieldError):
        VismaConnection.objects.filter(**{lookup: CANARY}).exists()


def test_whether_a_secret_is_null_may_be_asked(visma: VismaConnection) -> None:
    assert VismaConnection.objects.filter(client_secret__isnull=False).count() == 1


def test_an_empty_secret_stays_empty(visma: VismaConnection) -> None:
    assert VismaConnection.objects.get(pk=visma.pk).webhook_key == ""
    assert stored("tenants_vismaconnection", "webhook_key", visma.pk) == ""


def test_a_secret_that_is_itself_a_sealed_text_survives(visma: VismaConnection) -> None:
    tricky = encrypted.encrypt_str("inner").decode()
    visma.client_secret = tricky
    visma.full_clean()
    visma.save()

    assert VismaConnection.objects.get(pk=visma.pk).client_secret == tricky


def test_a_long_secret_with_nordic_letters_survives(visma: VismaConnection) -> None:
    text = "æøå€ 🙂=" * 2000
    visma.client_secret = text
    visma.save()

    assert VismaConnection.objects.get(pk=visma.pk).client_secret == text


def test_a_ciphertext_moved_to_another_column_does_not_open(visma: VismaConnection) -> None:
    overwrite("UPDATE tenants_vismaconnection SET webhook_key = client_secret")

    with pytest.raises(DecryptionError, match="sealed for another column"):
        VismaConnection.objects.get(pk=visma.pk).webhook_key  # noqa: B018


def test_a_ciphertext_copied_to_another_tenant_does_not_open_there(
    visma: VismaConnection, foreign_tenant: Tenant
) -> None:
    theirs = make_visma(foreign_tenant)
    overwrite(
        "UPDATE tenants_vismaconnection SET client_secret = "  # noqa: S608
        f"(SELECT client_secret FROM tenants_vismaconnection WHERE id = {visma.pk})"
    )

    assert VismaConnection.objects.get(pk=visma.pk).client_secret == CANARY
    with pytest.raises(DecryptionError, match="sealed for another tenant"):
        VismaConnection.objects.get(pk=theirs.pk).client_secret  # noqa: B018


def test_a_secret_sealed_for_its_row_is_known_as_the_tenants(
    visma: VismaConnection, foreign_tenant: Tenant
) -> None:
    sealed = visma.sealed("access_token", "issued")
    VismaConnection.objects.update(access_token=sealed)
    theirs = VismaConnection.objects.get(pk=visma.pk)
    theirs.tenant_id = foreign_tenant.pk

    assert VismaConnection.objects.get(pk=visma.pk).access_token == "issued"
    with pytest.raises(DecryptionError, match="sealed for another tenant"):
        theirs.access_token  # noqa: B018


def test_saving_under_a_new_first_key_moves_the_secret_to_it(
    visma: VismaConnection, use_keys: UseKeys
) -> None:
    old, new = new_key(), new_key()
    use_keys(old)
    visma.save()
    use_keys(new, old)
    VismaConnection.objects.get(pk=visma.pk).save()
    use_keys(new)

    assert VismaConnection.objects.get(pk=visma.pk).client_secret == CANARY
    assert Fernet(new).decrypt(raw_secret(visma))


@pytest.mark.parametrize("form", ["json", "xml", "python", "jsonl"])
def test_a_dump_holds_no_secret(visma: VismaConnection, form: str) -> None:
    dump = str(serializers.serialize(form, VismaConnection.objects.all()))

    assert CANARY not in dump
    assert "gAAAA" not in dump


def test_loading_a_dump_is_refused_before_it_overwrites_a_secret(visma: VismaConnection) -> None:
    dump = serializers.serialize("json", [visma])

    with pytest.raises(serializers.base.DeserializationError):
        list(serializers.deserialize("json", dump))


def test_a_dump_tells_an_empty_secret_from_a_stored_one(visma: VismaConnection) -> None:
    fields = json.loads(serializers.serialize("json", [visma]))[0]["fields"]

    assert (fields["client_secret"], fields["webhook_key"]) == (REDACTED, "")


def test_repr_str_and_model_to_dict_hold_no_secret(visma: VismaConnection) -> None:
    shown = f"{visma!r} {visma} {model_to_dict(visma)}"

    assert CANARY not in shown


def test_a_form_never_shows_the_secret(monday: MondayConnection) -> None:
    html = SecretForm(instance=monday).as_p()

    assert CANARY not in html
    assert 'type="password"' in html
    assert 'autocomplete="new-password"' in html


def test_a_refused_form_does_not_show_what_was_typed(monday: MondayConnection) -> None:
    form = SecretForm({"name": "", "token": "just-typed"}, instance=monday)

    assert not form.is_valid()
    assert "just-typed" not in form.as_p()


def test_an_empty_post_keeps_the_stored_secret(monday: MondayConnection) -> None:
    form = SecretForm({"name": "renamed", "token": ""}, instance=monday)
    form.save()

    monday.refresh_from_db()
    assert (monday.name, monday.token) == ("renamed", CANARY)
    assert form.changed_data == ["name"]


def test_a_posted_secret_replaces_the_stored_one(monday: MondayConnection) -> None:
    form = SecretForm({"name": "main", "token": " renewed "}, instance=monday)
    form.save()

    monday.refresh_from_db()
    assert monday.token == "renewed"
    assert form.changed_data == ["token"]


def test_a_new_connection_needs_its_secret(tenant: Tenant) -> None:
    form = SecretForm({"name": "main", "token": ""}, instance=MondayConnection(tenant=tenant))

    assert form.errors["token"] == ["This field is required."]


def test_the_redaction_mark_is_not_a_secret(monday: MondayConnection) -> None:
    form = SecretForm({"name": "main", "token": REDACTED}, instance=monday)

    assert "token" in form.errors


def test_no_statement_sent_to_the_database_holds_the_plain_text(tenant: Tenant) -> None:
    with CaptureQueriesContext(connection) as sent:
        row = make_visma(tenant)
        VismaConnection.objects.bulk_update([row], ["client_secret"])
        VismaConnection.objects.filter(pk=row.pk).update(client_secret=CANARY)

    statements = " ".join(query["sql"] for query in sent.captured_queries)
    assert "gAAAA" in statements
    assert CANARY not in statements


def test_a_migration_names_the_field_by_its_own_path(visma: VismaConnection) -> None:
    field = VismaConnection._meta.get_field("client_secret")

    assert field.deconstruct()[1] == "tenants.fields.SecretTextField"
