"""Our own line icons on a grid of 16, drawn in the colour of the text beside them."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# One path each; stroked, never filled.
PATHS = {
    "arrow": "M3 8h10M9.5 4.5 13 8l-3.5 3.5",
    "audit": "M4 2.5h8v11H4zM6 5.5h4M6 8h4M6 10.5h2.5",
    "back": "M13 8H3M6.5 4.5 3 8l3.5 3.5",
    "board": "M2.5 3h11v10h-11zM2.5 6.3h11M6.5 6.3V13",
    "check": "m3 8.5 3.3 3.3L13 4.8",
    "chevron": "m4.5 6.3 3.5 3.5 3.5-3.5",
    "circle": "M8 2.7a5.3 5.3 0 1 1 0 10.6A5.3 5.3 0 0 1 8 2.7",
    "clock": "M8 2.3a5.7 5.7 0 1 1 0 11.4A5.7 5.7 0 0 1 8 2.3M8 5v3.2l2.2 1.4",
    "cross": "m4 4 8 8M12 4l-8 8",
    "download": "M8 2.5v7.3M5 7l3 3 3-3M3 13.2h10",
    "external": "M9.5 3H13v3.5M13 3 7.5 8.5M11 9.5V13H3V5h3.5",
    "filter": "M2.5 3.5h11L9.5 8.3v4.2l-3-1.3V8.3z",
    "gauge": "M2.8 11.8a6 6 0 1 1 10.4 0M8 9.5l2.6-3.2",
    "home": "M2.5 7.3 8 2.8l5.5 4.5M4 6.3v6.9h8V6.3",
    "inbox": "M2.5 9.3 4.3 3h7.4l1.8 6.3v3.9h-11zM2.5 9.3h3l1 1.7h3l1-1.7h3",
    "info": "M8 2.3a5.7 5.7 0 1 1 0 11.4A5.7 5.7 0 0 1 8 2.3M8 7.4v3.4M8 5.1v.1",
    "list": "M5.8 4h7.7M5.8 8h7.7M5.8 12h7.7M2.7 4h.2M2.7 8h.2M2.7 12h.2",
    "lock": "M4 7.3h8v6H4zM5.5 7.3V5.2a2.5 2.5 0 0 1 5 0v2.1",
    "mapping": "M2.5 4.3h4v3h-4zM9.5 8.7h4v3h-4zM6.5 5.8h2.6v4.4h.4",
    "menu": "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
    "pause": "M5.5 3.5v9M10.5 3.5v9",
    "pencil": "m3 13 .8-3.2 7.1-7.1 2.4 2.4-7.1 7.1z",
    "people": "M6 7.8a2.4 2.4 0 1 1 0-4.8 2.4 2.4 0 0 1 0 4.8M1.8 13.3a4.2 4.2 0 0 1 8.4 0"
    "M10.6 3.3a2.3 2.3 0 0 1 0 4.3M11.8 9.6a4.2 4.2 0 0 1 2.5 3.7",
    "person": "M8 7.8a2.6 2.6 0 1 1 0-5.2 2.6 2.6 0 0 1 0 5.2M3.4 13.5a4.6 4.6 0 0 1 9.2 0",
    "play": "M5 3.2 12.5 8 5 12.8z",
    "plug": "M6 2.5v3M10 2.5v3M4.3 5.5h7.4v2.2a3.7 3.7 0 0 1-7.4 0zM8 11.4v2.4",
    "plus": "M8 3v10M3 8h10",
    "question": "M5.7 6a2.4 2.4 0 1 1 3.4 2.2c-.8.4-1.1.8-1.1 1.6M8 12.2v.2",
    "repeat": "M13 6.2A5.3 5.3 0 0 0 3.4 5M3 2.6v2.8h2.8"
    "M3 9.8A5.3 5.3 0 0 0 12.6 11M13 13.4v-2.8h-2.8",
    "run": "M2.5 8.2h2.8l1.7-4.4 2.4 8.4 1.6-4h2.5",
    "search": "M7 2.7a4.3 4.3 0 1 1 0 8.6 4.3 4.3 0 0 1 0-8.6M10.2 10.2l3.2 3.2",
    "send": "M13.5 2.5 2.8 7l4 2.2 2.2 4zM6.8 9.2l3-3",
    "setup": "M3 4.5h5.5M11.5 4.5H13M3 11.5h1.5M7.5 11.5H13M10 3v3M6 10v3",
    "warning": "M8 2.7 14 13H2zM8 6.6v3M8 11.3v.1",
}


def icon(name: str, label: str = "") -> SafeString:
    """An icon; without a label it is decoration, and screen readers pass over it."""
    spoken = format_html(' role="img" aria-label="{}"', label) if label else ""
    hidden = "" if label else format_html_join("", ' {}="true"', [("aria-hidden",)])
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16"{}{}><path d="{}"/></svg>',
        spoken,
        hidden,
        PATHS[name],
    )
