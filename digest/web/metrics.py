"""`/metrics` for Prometheus: there for whoever has the key, and for nobody where none is set.

What is read is read at the scrape, from the store, so that any process tells of all of them.
"""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import APIRouter, Header, HTTPException
from fastapi.responses import Response

from digest.web.site import Here

router = APIRouter()


@router.get("/metrics")
def metrics(site: Here, authorization: Annotated[str, Header()] = "") -> Response:
    """404 without a key in the settings: a stranger need not know that there is something here."""
    key = site.app.settings.web.metrics_key
    if not key:
        raise HTTPException(404)
    if not hmac.compare_digest(authorization.encode(), f"Bearer {key}".encode()):
        raise HTTPException(401, headers={"www-authenticate": "Bearer"})
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.exposition import CONTENT_TYPE_LATEST

    from digest.web.prometheus import Metrics

    registry = CollectorRegistry()
    registry.register(Metrics(site.app, site.clock()))
    return Response(generate_latest(registry), headers={"content-type": CONTENT_TYPE_LATEST})
