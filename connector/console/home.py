"""Home: is everything across, what needs me, what is about to break."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from connector.console.blockades import blockades_of
from connector.console.causes import causes_of
from connector.console.outlook import outlook_of
from connector.console.receiving import receipt_causes_of
from connector.console.tiles import Tile, tiles_of
from tenants.access import TenantRequest, tenant_required


@dataclass(frozen=True)
class Across:
    """The sum over all tiles. What the filters leave out is meant to be left out."""

    total: int
    delivered: int
    unsent: int
    failed: int
    uncertain: int
    excluded: int

    @classmethod
    def of(cls, tiles: list[Tile]) -> "Across":
        return cls(
            *(
                sum(getattr(tile, name) for tile in tiles)
                for name in ("total", "delivered", "unsent", "failed", "uncertain", "excluded")
            )
        )

    @property
    def wanted(self) -> int:
        return self.total - self.excluded

    @property
    def is_all(self) -> bool:
        return self.delivered == self.wanted


@tenant_required
def page(request: TenantRequest) -> HttpResponse:
    return render(request, "console/home.html", _context(request))


def _context(request: TenantRequest) -> dict[str, Any]:
    tenant = request.tenant
    tiles = tiles_of(tenant)
    return {
        "tiles": tiles,
        "across": Across.of(tiles),
        "needs": [*blockades_of(tenant), *causes_of(tenant), *receipt_causes_of(tenant)],
        "outlook": outlook_of(tenant, tiles),
    }
