"""The integration's developer, in Visma's Developer Portal."""

import uuid
from collections.abc import Iterable
from urllib.parse import urlsplit

from connector.sandbox.visma.company import Company
from connector.sandbox.visma.portal import Portal, Subscription


class DeveloperDesk:
    company: Company
    portal: Portal

    def add_subscription(self, url: str, key: str = "", *, events: Iterable[str] = ()) -> str:
        """Calls to ``url``, signed with ``key``; no events named is all of them. Returns its id.

        It takes the place of an earlier one to the same address. The real portal insists on
        https; a sandbox is often called on the same machine.
        """
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise ValueError(f"'{url}' is no web address")
        with self.company.lock:
            made = Subscription(str(uuid.uuid4()), url, key, tuple(events))
            others = self.portal.subscriptions.values()
            self.portal.subscriptions = {each.id: each for each in others if each.url != url}
            self.portal.subscriptions[made.id] = made
        return made.id

    def remove_subscription(self, subscription: str) -> None:
        with self.company.lock:
            if self.portal.subscriptions.pop(subscription, None) is None:
                raise KeyError(f"there is no subscription {subscription}")
