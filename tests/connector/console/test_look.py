"""The look keeps its promises: contrast in both modes, and nothing inline."""

import re
from pathlib import Path

import pytest
from django.test import Client

from connector.wording import BADGES
from tests.connector.console.conftest import Workspace

ROOT = Path(__file__).resolve().parents[3]
CSS = (ROOT / "connector" / "static" / "connector" / "ml-connector.css").read_text()
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TONES = ("good", "warn", "bad", "unsure")


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


LIGHT = tokens(CSS[: CSS.index("@media")])
DARK = LIGHT | tokens(CSS[CSS.index("@media (prefers-color-scheme: dark)") :])


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT_ON = [
    *((ink, on) for ink in ("ink", "ink-2", "ink-3") for on in ("paper", "surface", "sunken")),
    *((ink, on) for ink in ("accent", "accent-strong") for on in ("paper", "surface", "sunken")),
    ("accent", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    *((tone, f"{tone}-soft") for tone in TONES),
    *(("ink", f"{tone}-soft") for tone in (*TONES, "accent")),
    *((tone, on) for tone in TONES for on in ("paper", "surface")),
]


@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read_on_its_ground(mode: dict[str, str], text: str, ground: str) -> None:
    assert contrast(mode[text], mode[ground]) >= 4.5


@pytest.mark.parametrize("mode", [LIGHT, DARK], ids=["light", "dark"])
def test_the_edge_of_a_field_can_be_seen(mode: dict[str, str]) -> None:
    assert contrast(mode["edge"], mode["surface"]) >= 3


def test_every_state_has_a_word_and_an_icon() -> None:
    assert [name for name, badge in BADGES.items() if not (badge.word and badge.icon)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_brings_a_style_or_a_script_of_its_own(path: Path) -> None:
    text = path.read_text()

    assert not re.search(
        r"""<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=["']|javascript:""", text
    )


@pytest.mark.django_db
def test_the_policy_allows_nothing_inline_and_nobody_else(
    workspace: Workspace, owner: Client
) -> None:
    policy = owner.get("/t/nordlys/")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
