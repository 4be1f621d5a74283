"""The pages about entities say what the catalogue says today, no more and no less."""

from pathlib import Path

import pytest

from connector.management.entity_pages import pages
from mappings.catalog import ENTITIES

FOLDER = Path(__file__).parents[2] / "docs" / "entities"


def test_there_is_a_page_for_each_entity_and_no_other() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {"README.md", *(f"{n}.md" for n in ENTITIES)}


@pytest.mark.parametrize("name", ["README", *ENTITIES])
def test_a_page_is_current(name: str) -> None:
    written = (FOLDER / f"{name}.md").read_text(encoding="utf-8")

    assert written == pages()[f"{name}.md"], "run manage.py entity_pages"


@pytest.mark.parametrize("name", ENTITIES)
def test_every_field_stands_on_its_page_with_its_kind(name: str) -> None:
    head = (FOLDER / f"{name}.md").read_text(encoding="utf-8").partition("## Fields of a line")[0]
    lines = head.splitlines()

    rows = {line.split("`")[1]: line for line in lines if line.startswith("| `")}
    for field in ENTITIES[name].fields:
        assert f"| {field.label} | {field.kind.value} |" in rows[field.path]
