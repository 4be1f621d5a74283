"""Every path and parameter we use stands in Visma's published interface."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from connector.errors import TryAgain
from connector.visma.resources import RESOURCES, Resource
from connector.wizard.samples import USUAL

from .conftest import Visma

PUBLISHED = Path(__file__).parents[4] / "shared" / "contracts" / "visma" / "openapi-subset.json"
LISTED = sorted(name for name, each in RESOURCES.items() if each.filtered)
SINGLE = sorted(name for name, each in RESOURCES.items() if each.single_path)
# The receivables ledger's rows carry no version; the values of dimensions are tested apart.
VERSIONED = sorted({*LISTED} - {"customer_document"})


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    if not PUBLISHED.exists():
        pytest.skip(f"Visma's published interface is not on this machine: {PUBLISHED}")
    found: dict[str, Any] = json.loads(PUBLISHED.read_text())
    return found


def _operation(published: dict[str, Any], path: str) -> dict[str, Any]:
    """The GET at ``path``, whatever its path parameters are called."""
    wanted = re.sub(r"\{[^}]*\}", "{}", path)
    for name, methods in published["paths"].items():
        if re.sub(r"\{[^}]*\}", "{}", name) == wanted:
            operation: dict[str, Any] = methods["get"]
            return operation
    raise AssertionError(f"{path} is not published")


def _schema(published: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    contents = operation["responses"]["200"]["content"]
    schema = next(iter(contents.values()))["schema"]
    schema = schema.get("items", schema)
    found: dict[str, Any] = published["components"]["schemas"][schema["$ref"].split("/")[-1]]
    return found


@pytest.mark.parametrize("entity", LISTED)
def test_the_parameters_sent_are_published(
    visma: Visma, published: dict[str, Any], entity: str
) -> None:
    visma.answers_with([])
    list(visma.client.pages(RESOURCES[entity], since="2026-11-20T10:00:00"))

    operation = _operation(published, visma.paths[0])
    known = {each["name"] for each in operation["parameters"] if each["in"] == "query"}

    sent = visma.requests[0].args
    assert set(sent) <= known
    assert "lastModifiedDateTime" in sent
    assert sent.get("lastModifiedDateTimeCondition") == (
        ">=" if "lastModifiedDateTimeCondition" in known else None
    )


@pytest.mark.parametrize("entity", SINGLE)
def test_the_single_path_is_published(published: dict[str, Any], entity: str) -> None:
    assert _operation(published, RESOURCES[entity].single_path)


@pytest.mark.parametrize("entity", LISTED)
def test_key_and_timestamp_are_published_fields(published: dict[str, Any], entity: str) -> None:
    resource = RESOURCES[entity]
    fields = _schema(published, _operation(published, resource.path))["properties"]

    own = {field.removeprefix("batch.") for field in resource.key_fields} - {"lineNumber"}
    wanted = {*own, resource.modified_field, "metadata"}
    assert wanted | ({"timeStamp"} if entity in VERSIONED else set()) <= set(fields)


def test_dimensions_are_read_at_published_addresses(
    visma: Visma, published: dict[str, Any]
) -> None:
    visma.answers_with(["SUBACCOUNT"])
    visma.answers_with({"id": "SUBACCOUNT", "segments": []})
    list(visma.client.pages(RESOURCES["dimension_value"], since=None))

    assert visma.paths == ["/v1/dimension", "/v1/dimension/SUBACCOUNT"]
    published_parameters = _operation(published, "/v1/dimension/{}")["parameters"]
    assert "expandSegmentsValues" in {each["name"] for each in published_parameters}
    value = set(published["components"]["schemas"]["DtoSegmentValue"]["properties"])
    assert {"valueId", "lastModified", "timeStamp"} <= value


@pytest.mark.parametrize("answer", [[], {"id": "X"}, {"id": "X", "segments": ["y"]}, "X"])
def test_an_answer_that_is_no_dimension_is_not_a_dimension_without_values(
    visma: Visma, answer: Any
) -> None:
    visma.answers_with(["X"])
    visma.answers_with(answer)

    with pytest.raises(TryAgain):
        list(visma.client.pages(RESOURCES["dimension_value"], since=None))


def test_the_connection_check_is_published(visma: Visma, published: dict[str, Any]) -> None:
    visma.answers_with([{"name": "Nordlys"}])
    visma.client.company()

    assert _operation(published, visma.paths[0])


@pytest.mark.parametrize("entity", SINGLE)
def test_a_key_reads_back_into_its_path(entity: str) -> None:
    resource = RESOURCES[entity]
    payload = {field: f"{field}-1" for field in resource.key_fields}

    parts = resource.path_parts(resource.key_of(payload))

    assert parts == [f"{field}-1" for field in resource.path_fields or resource.key_fields]


def test_a_number_may_contain_a_colon() -> None:
    invoice = RESOURCES["supplier_invoice"]

    assert invoice.path_parts("Invoice:A:1") == ["Invoice", "A:1"]


@pytest.mark.parametrize("missing", [{}, {"number": None}, {"number": ""}])
def test_a_row_without_its_key_has_none(missing: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        RESOURCES["supplier"].key_of(missing)


def test_a_key_of_zero_is_a_key() -> None:
    numbered = Resource("x", "/x", "/x/{}", ("number",))

    assert numbered.key_of({"number": 0}) == "0"


@pytest.mark.parametrize("entity", SINGLE)
def test_a_number_alone_is_enough_to_look_a_record_up(entity: str) -> None:
    resource = RESOURCES[entity]

    parts = resource.path_parts(USUAL.get(entity, "") + "000101")

    assert parts[-1] == "000101"
