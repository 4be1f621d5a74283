"""Everything that can be wrong with a tenant file, each named with its path."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from connector.models import AuditEntry
from connector.sandbox import world
from connector.tenant_file.problems import TenantFileError
from mappings.models import BoardMapping
from tenants.models import Tenant
from tests.connector.tenant_file.conftest import Content, Importer, having, without

M = ("mappings", 0)
P = (*M, "pairs")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'{"tenant": {"slug": "x",}}', "line 1, column 2"),  # 24 or 25, by the version of Python
        (b'{\n  "tenant": \n}', "line 3, column 1"),
        (b'{"tenant": NaN}', "NaN is no number"),
        (b"\xff\xfe{}", "not UTF-8 text (byte 0)"),
        (b"[]", "must hold one JSON object"),
        (b"[" * 100_000, "cannot hold what is in it"),
        (b'{"a": ' + b"9" * 5000 + b"}", "cannot hold what is in it"),
        (b"", "line 1, column 1"),
    ],
    ids=["comma", "nothing", "nan", "utf-16", "list", "deep", "long number", "empty"],
)
def test_what_is_no_json_is_refused_with_its_place(
    importer: Importer, raw: bytes, said: str
) -> None:
    assert said in importer.problems(raw)[""]


@pytest.mark.parametrize(
    ("path", "value", "where", "said"),
    [
        (("tenant",), "nordlys", "tenant", "must be an object"),
        (("tenant", "slug"), "Nord Lys", "tenant.slug", "valid “slug”"),
        (("tenant", "slug"), 7, "tenant.slug", "must be a text"),
        (("tenant", "slug"), "s" * 51, "tenant.slug", "51 characters are too long; at most 50"),
        (("tenant", "name"), "a\0b", "tenant.name", "a character that cannot be stored"),
        (("tenant", "timezone"), "Oslo", "tenant.timezone", "“Oslo” is not a time zone"),
        (("tenant", "colour"), "red", "tenant.colour", "unknown key"),
        (("membrs",), [], "membrs", "unknown key; did you mean “members”?"),
        (("members",), {}, "members", "must be a list"),
        (("members", 0), "alice", "members[0]", "must be an object"),
        (("members", 1, "role"), "boss", "members[1].role", "“boss” is not a choice; there is"),
        (("members", 1, "role"), None, "members[1].role", "missing; choose among owner"),
        (("members", 1, "email"), "bob", "members[1].email", "“bob” is not an e-mail address"),
        (("members", 1, "email"), "", "members[1].email", "missing"),
        (("members", 1, "email"), "ALICE@example.test", "members[1].email", "stands here twice"),
        (("members", 1, "password"), None, "members[1].password", "needs a first password"),
        (("members", 1, "password"), "12345", "members[1].password", "too short"),
        (("members", 0, "role"), "auditor", "members", "there must be an owner"),
        (("visma", 0, "client_secret"), {"env": "NONE"}, "visma[0].client_secret", "“NONE”"),
        (("visma", 0, "client_secret"), {"env": 1}, "visma[0].client_secret", '{"env": "NAME"}'),
        (("visma", 0, "client_secret"), None, "visma[0].client_secret", "“main” is new"),
        (("visma", 0, "client_id"), None, "visma[0].client_id", "“main” is new"),
        (("visma", 0, "company_id"), None, "visma[0].company_id", "“main” is new"),
        (("visma", 0, "secret"), "x", "visma[0].secret", "unknown key; did you mean"),
        (("monday", 0, "token"), None, "monday[0].token", "“main” is new"),
        ((*M, "entity"), "invoices", "mappings[0].entity", "“invoices” is not a choice"),
        ((*M, "entity"), "suplier", "mappings[0].entity", "did you mean “supplier”?"),
        ((*M, "entity"), None, "mappings[0].entity", "missing; choose among supplier_invoice"),
        ((*M, "visma"), "old", "mappings[0].visma", "no connection “old”; there is “main”"),
        ((*M, "monday"), "old", "mappings[0].monday", "no connection “old”; there is “main”"),
        ((*M, "board_id"), None, "mappings[0].board_id", "missing"),
        ((*M, "board_id"), "AP invoices", "mappings[0].board_id", "must be the number"),
        ((*M, "board_id"), True, "mappings[0].board_id", "must be the number"),
        ((*M, "board_id"), "999", "mappings[0].board_id", "does not exist"),
        ((*M, "group_id"), "nope", "mappings[0].group_id", "has no group “nope”"),
        ((*M, "group_id"), "To pay", "mappings[0].group_id", "the id of “To pay” is “topics”"),
        ((*M, "item_name"), "{refNumber}", "mappings[0].item_name", "no field “refNumber”"),
        ((*M, "item_name"), "{referenceNumber", "mappings[0].item_name", "does not stand around"),
        ((*M, "key_column"), "Key", "mappings[0].key_column", "has no column “Key”"),
        ((*M, "key_column"), "Balance", "mappings[0].key_column", "is a numbers column"),
        ((*M, "poll_minutes"), 0, "mappings[0].poll_minutes", "at least 1"),
        ((*M, "poll_minutes"), 99_999, "mappings[0].poll_minutes", "at most 10080"),
        ((*M, "poll_minutes"), 1.5, "mappings[0].poll_minutes", "must be a whole number"),
        ((*M, "poll_minutes"), True, "mappings[0].poll_minutes", "must be a whole number"),
        ((*M, "active"), "yes", "mappings[0].active", "must be true or false"),
        ((*M, "on_leave"), "delete", "mappings[0].on_leave", "“delete” is not a choice"),
        ((*M, "on_leave"), "mark", "mappings[0].on_leave", "needs a column"),
        ((*M, "filter"), {"mark_column": "Due date"}, "mappings[0].filter.mark_column", "a date"),
        ((*M, "filter"), {"colour": 1}, "mappings[0].filter.colour", "is not a filter"),
        ((*M, "filter"), {"date_from": "x"}, "mappings[0].filter.date_from", "takes a date"),
        ((*M, "pairs"), {}, "mappings[0].pairs", "must be a list"),
        ((*P, 0, "field"), "refNumber", "mappings[0].pairs[0].field", "no field “refNumber”"),
        ((*P, 2, "field"), "dueDat", "mappings[0].pairs[2].field", "did you mean “dueDate”?"),
        ((*P, 0, "field"), None, "mappings[0].pairs[0].field", "missing"),
        ((*P, 0, "column"), None, "mappings[0].pairs[0].column", "missing"),
        ((*P, 0, "column"), "Last updated", "mappings[0].pairs[0].column", "by itself"),
        ((*P, 0, "column"), "Visma key", "mappings[0].pairs[0].column", "is the key column"),
        ((*P, 0, "column"), "Supplier card", "mappings[0].pairs[0].link", "connects boards"),
        ((*P, 3, "link"), "Suppliers", "mappings[0].pairs[3].link", "no mapping “Suppliers”"),
        ((*P, 3, "transform"), "shout", "mappings[0].pairs[3].transform", "called “shout”"),
        ((*P, 3, "transform"), "upper", "mappings[0].pairs[3].transform", "not work on amounts"),
        ((*P, 3, "transform"), "round:x", "mappings[0].pairs[3].transform", "round"),
        ((*P, 3, "colum"), "x", "mappings[0].pairs[3].colum", "did you mean “column”?"),
    ],
)
def test_a_wrong_value_is_named_with_its_path(
    importer: Importer,
    content: Content,
    path: tuple[str | int, ...],
    value: Any,
    where: str,
    said: str,
) -> None:
    problems = importer.problems(having(content, value, *path))

    assert list(problems) == [where]
    assert said in problems[where]


def test_a_misspelt_column_is_named_with_the_one_meant(
    importer: Importer, content: Content
) -> None:
    assert importer.problems(having(content, "Dua date", *P, 2, "column")) == {
        "mappings[0].pairs[2].column": (
            "the board “AP invoices” has no column “Dua date”; did you mean “Due date”?"
        )
    }


def test_a_column_that_cannot_hold_the_field_is_refused(
    importer: Importer, content: Content
) -> None:
    problems = importer.problems(having(content, "Invoice date", *P, 3, "column"))

    assert problems["mappings[0].pairs[3].column"] == (
        "“Invoice date” cannot show Amount (amount): a date column cannot hold an amount"
    )


def test_a_column_paired_twice_is_refused(importer: Importer, content: Content) -> None:
    pairs = content["mappings"][0]["pairs"]
    pairs.append({"field": "date", "column": "due DATE"})

    assert importer.problems(content) == {
        "mappings[0].pairs[5].column": "“Due date” already shows “dueDate” (mappings[0].pairs[2])"
    }


def test_two_columns_of_one_title_must_be_named_by_id(
    importer: Importer, content: Content, board_id: Callable[[str], str]
) -> None:
    from connector.clients import monday_on_trial
    from tenants.models import MondayConnection

    client = monday_on_trial(MondayConnection(token=world.MONDAY_TOKEN))
    column = client.create_column(board_id("AP invoices"), "Due date", "date")
    problems = importer.problems(content)

    assert "2 columns are called “Due date”" in problems["mappings[0].pairs[2].column"]
    assert column["id"] in problems["mappings[0].pairs[2].column"]


def test_an_archived_board_is_refused(
    importer: Importer, content: Content, board_id: Callable[[str], str]
) -> None:
    wrong = having(content, board_id("AP invoices 2024"), *M, "board_id")

    assert "is archived" in importer.problems(wrong)["mappings[0].board_id"]


def test_all_problems_are_told_at_once(importer: Importer, content: Content) -> None:
    content["tenant"]["timezone"] = "Oslo"
    content["members"][1]["role"] = "boss"
    content["visma"][0]["company_id"] = "1"
    content["mappings"][0]["pairs"][0]["field"] = "nothing"
    content["mappings"][0]["pairs"][1]["column"] = "Nobody"
    content["mappings"].append({"entity": "receipts", "board_id": "999"})

    assert sorted(importer.problems(content)) == [
        "mappings[0].pairs[0].field",
        "mappings[0].pairs[1].column",
        "mappings[1].board_id",
        "mappings[1].entity",
        "members[1].role",
        "tenant.timezone",
        "visma[0].company_id",
    ]


@pytest.mark.parametrize("missing", [("tenant",), ("tenant", "slug")])
def test_a_file_without_its_tenant_is_refused(
    importer: Importer, content: Content, missing: tuple[str, ...]
) -> None:
    assert "missing" in importer.problems(without(content, *missing))[".".join(missing)]


def test_a_key_that_stands_twice_is_refused(importer: Importer) -> None:
    raw = b'{"tenant": {"slug": "one", "slug": "two"}, "mappings": [{"filter": {"a":1,"a":2}}]}'
    problems = importer.problems(raw)

    assert problems["tenant.slug"] == "stands here twice"
    assert problems["mappings[0].filter.a"] == "stands here twice"


def test_two_mappings_of_one_name_are_refused(importer: Importer, content: Content) -> None:
    content["mappings"].append({"name": "invoices", "entity": "supplier", "board_id": "1"})

    assert "stands here twice" in importer.problems(content)["mappings[1].name"]


def test_two_mappings_of_one_entity_on_one_board_are_refused(
    importer: Importer, content: Content
) -> None:
    twin = having(content, "Other", *M, "name")["mappings"][0]
    content["mappings"].append(twin)

    assert importer.problems(content)["mappings[1].board_id"] == (
        "“Invoices” already shows the same entity of the same company on this board"
    )


def test_one_company_in_two_connections_is_refused(importer: Importer, content: Content) -> None:
    content["visma"].append({**content["visma"][0], "name": "again"})
    content["mappings"][0]["visma"] = "main"

    assert importer.problems(content) == {
        "visma[1].company_id": "company 4021 is read by “main” already"
    }


def test_a_mapping_must_say_which_of_two_connections_it_means(
    importer: Importer, content: Content
) -> None:
    content["monday"].append({"name": "second", "token": world.MONDAY_TOKEN})

    assert importer.problems(content) == {
        "mappings[0].monday": "missing; choose among “main”, “second”"
    }


def test_a_mapping_without_any_connection_is_refused(importer: Importer, content: Content) -> None:
    problems = importer.problems({"tenant": content["tenant"], "mappings": content["mappings"]})

    assert problems == {
        "mappings[0].visma": "missing; the file names no such connection",
        "mappings[0].monday": "missing; the file names no such connection",
    }


def test_a_refused_file_changes_nothing(importer: Importer, content: Content) -> None:
    content["mappings"][0]["key_column"] = "create"
    content["mappings"][0]["board_id"] = "999"
    with pytest.raises(TenantFileError):
        importer.verbs(content)

    stored = (Tenant, User, BoardMapping, AuditEntry)
    assert [model.objects.count() for model in stored] == [0, 0, 0, 0]


def test_no_problem_repeats_a_secret(importer: Importer, content: Content) -> None:
    secret = "canary-secret-77aa"
    content["visma"][0]["client_secret"] = secret
    content["visma"][0]["webhook_key"] = [secret]
    content["monday"][0]["token"] = secret
    content["members"][0]["password"] = {"env": "NONE", "fallback": secret}
    with pytest.raises(TenantFileError) as refused:
        importer.plan(content)

    assert len(refused.value.problems) == 4
    assert secret not in str(refused.value)
    assert secret not in repr(refused.value.problems)
