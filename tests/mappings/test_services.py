"""Mappings are made, drafted, applied and kept version by version."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from connector.sync.activate import activate, apply_draft, deactivate, replan
from mappings import services
from mappings.content import Content, Pairing
from mappings.models import BoardMapping, MappingDraft, MappingVersion
from tests.world import Connections

pytestmark = pytest.mark.django_db


def _create(connections: Connections, board_id: str = "1", name: str = "AP") -> BoardMapping:
    return services.mapping_create(
        tenant=connections.visma.tenant,
        visma=connections.visma,
        monday=connections.monday,
        entity="supplier_invoice",
        board_id=board_id,
        board_name=name,
        by="alice@example.test",
    )


PAIRING = Pairing("amount", "n1", "Amount", "numbers", "round:2")


def test_a_new_mapping_is_a_draft_that_does_nothing(connections: Connections) -> None:
    mapping = _create(connections)

    assert mapping.is_draft
    assert not mapping.pairings.exists()
    assert mapping.draft.changed_by == "alice@example.test"


def test_two_boards_of_one_name_get_two_mapping_names(connections: Connections) -> None:
    names = [_create(connections, board_id=board, name="AP").name for board in ("1", "2", "3")]

    assert names == ["AP", "AP 2", "AP 3"]


def test_the_same_records_go_to_a_board_once(connections: Connections) -> None:
    _create(connections)

    with pytest.raises(ValidationError, match="already brings these records"):
        _create(connections)


def test_a_draft_is_applied_and_gone(connections: Connections) -> None:
    mapping = _create(connections)
    services.draft_pair(mapping.draft, pairing=PAIRING, by="alice")

    with transaction.atomic():
        services.draft_apply(mapping)

    pair = mapping.pairings.get()
    assert (pair.field, pair.column_id, pair.transform) == ("amount", "n1", "round:2")
    assert not MappingDraft.objects.exists()


def test_a_transform_that_is_none_is_refused(connections: Connections) -> None:
    mapping = _create(connections)

    with pytest.raises(ValidationError, match="no transform called"):
        services.draft_pair(mapping.draft, pairing=replace(PAIRING, transform="shout"), by="a")

    assert not Content.load(mapping.draft.content).pairs


def test_two_devices_change_a_draft_without_losing_each_other(connections: Connections) -> None:
    mapping = _create(connections)
    first, second = (MappingDraft.objects.get(mapping=mapping) for _ in range(2))

    services.draft_pair(first, pairing=PAIRING, by="laptop")
    services.draft_pair(second, pairing=Pairing("note", "t1"), by="phone")

    stored = Content.load(MappingDraft.objects.get(mapping=mapping).content)
    assert [pair.column_id for pair in stored.pairs] == ["n1", "t1"]


def test_a_version_never_changes(connections: Connections) -> None:
    mapping = _create(connections)
    services.version_keep(mapping, by="alice")
    mapping.item_name = "{supplier.name}"

    services.version_keep(mapping, by="bob")

    version = MappingVersion.objects.get(mapping=mapping)
    assert version.made_by == "alice"
    assert version.content["item_name"] == ""


def test_going_live_keeps_version_one_and_a_change_makes_version_two(
    connections: Connections,
) -> None:
    mapping = _create(connections)
    services.draft_pair(mapping.draft, pairing=PAIRING, by="alice")
    apply_draft(mapping, by="alice")
    activate(mapping, by="alice")

    services.draft_pair(
        services.draft_open(mapping, by="bob"), pairing=Pairing("note", "t1"), by="b"
    )
    apply_draft(mapping, by="bob")

    found = [(row.number, row.made_by) for row in mapping.versions.order_by("number")]
    assert found == [(1, "alice"), (2, "bob")]
    old, new = (services.version_content(mapping, number) for number in (1, 2))
    assert old is not None
    assert new is not None
    changes = services.version_diff(mapping, old=old, new=new)
    assert [change.after for change in changes] == ["Visma note"]


def test_a_change_from_elsewhere_keeps_its_version_too(connections: Connections) -> None:
    mapping = _create(connections)
    activate(mapping)

    replan(mapping, by="tenant_import")

    assert [row.number for row in mapping.versions.all()] == [2, 1]


def test_what_was_live_is_paused_and_never_a_draft_again(connections: Connections) -> None:
    mapping = _create(connections)
    activate(mapping)
    deactivate(mapping)

    mapping.refresh_from_db()
    assert not mapping.is_draft
    with pytest.raises(ValidationError, match="Pause it instead"):
        services.mapping_remove(mapping)


def test_a_copy_for_trying_out_leaves_the_mapping_alone(connections: Connections) -> None:
    mapping = _create(connections)

    trial = services.mapping_as(mapping, Content(item_name="{supplier.name}"))

    assert trial.item_name == "{supplier.name}"
    assert mapping.item_name == ""
