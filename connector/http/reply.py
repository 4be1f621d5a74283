"""One HTTP answer as the error tables read it: status, headers, and words that hold no secret."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime

import requests

DETAIL = 500  # characters of the other side's own words, as Explanation promises
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True)
class Reply:
    """``hidden`` are the secrets of this call; they are struck out of everything quoted."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, response: requests.Response, *hidden: str) -> "Reply":
        return cls(response.status_code, response.headers, response.content, hidden)

    def quote(self, text: str) -> str:
        """``text`` on one line, without secrets, at most DETAIL characters."""
        for secret in self.hidden:
            text = text.replace(secret, "•••") if secret else text
        return _UNPRINTABLE.sub(" ", text).strip()[:DETAIL]

    def snippet(self) -> str:
        """The body for a person when it is no JSON we know: tags and blank space removed."""
        text = self.body[: 20 * DETAIL].decode("utf-8", "replace")
        if "<" in text:
            text = html.unescape(_TAGS.sub(" ", text))
        return self.quote(f"HTTP {self.status}: {text}")

    @property
    def retry_after(self) -> float | None:
        """Seconds the Retry-After header asks for; a date counts from the answer's own Date."""
        said = self.headers.get("Retry-After", "").strip()
        if re.fullmatch(r"\d{1,9}(\.\d+)?", said):
            return float(said)
        try:
            until = parsedate_to_datetime(said) - parsedate_to_datetime(self.headers["Date"])
        except (KeyError, TypeError, ValueError):
            return None
        return max(0.0, until.total_seconds())


def wait(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
