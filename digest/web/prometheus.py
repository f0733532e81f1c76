"""The service in figures, as Prometheus takes them: docs/metrics.md says what each is good for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from digest import __version__
from digest.schedule.due import next_morning
from digest.store.latency import latency

if TYPE_CHECKING:
    from digest.model import Newsletter, StoredEdition
    from digest.wiring import App

BOUNDS = (10, 60, 300, 900, 1800, 3600, 14400)  # seconds from the morning to the inbox


Values = dict[tuple[str, ...], float]  # under the values of its labels


class Metrics(Collector):
    """Everything at one moment."""

    def __init__(self, app: App, now: datetime) -> None:
        self._app = app
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Every metric. The newest edition's deliveries are counted one by one, everything else is small."""
        newest = {one: self._app.editions.latest(one, 1) for one in self._app.newsletters}
        editions = {newsletter: found[0] for newsletter, found in newest.items() if found}
        yield _gauge("digest_info", "Which version this is.", {(__version__,): 1}, "version")
        yield from self._newsletters()
        yield from self._editions(editions)
        yield from self._queue()
        yield from self._sources()
        kinds: Values = {}
        for incident in self._app.incidents.current():
            kinds[incident.kind,] = kinds.get((incident.kind,), 0) + 1
        yield _gauge("digest_incidents", "Open incidents.", kinds, "kind")

    def _newsletters(self) -> Iterator[Metric]:
        readers: Values = {
            (one.slug, state): count
            for one in self._app.newsletters
            for state, count in self._app.readers.counts(one.slug).items()
        }
        coming: Values = {(one.slug,): _next(one, self._now) for one in self._app.newsletters}
        yield _gauge("digest_subscriptions", "Subscriptions by state.", readers, "newsletter", "state")
        yield _gauge("digest_next_issue_timestamp_seconds", "When it is due next.", coming, "newsletter")
        yield _gauge("digest_stories", "Stored stories.", {(): self._app.stories.count()})

    def _editions(self, editions: Mapping[Newsletter, StoredEdition]) -> Iterator[Metric]:
        deliveries: Values = {}
        states: Values = {}
        cutoffs: Values = {}
        took = HistogramMetricFamily(
            "digest_delivery_seconds",
            "From a reader's moment to acceptance, in the newest edition.",
            labels=["newsletter"],
        )
        for newsletter, edition in editions.items():
            slug = newsletter.slug
            states[slug, str(edition.state)] = 1.0
            cutoffs[slug,] = edition.cutoff.timestamp()
            for outcome, count in self._app.deliveries.counts(edition.id)._asdict().items():
                deliveries[slug, outcome] = float(count)
            found = latency(self._app.database, edition.id, BOUNDS)
            buckets = [(str(bound), float(n)) for bound, n in zip(BOUNDS, found.within, strict=True)]
            took.add_metric([slug], [*buckets, ("+Inf", found.mails)], found.seconds)
        yield _gauge("digest_edition_state", "The newest edition's state: 1.", states, "newsletter", "state")
        yield _gauge(
            "digest_edition_cutoff_timestamp_seconds", "The newest edition's cut-off.", cutoffs, "newsletter"
        )
        told = "The newest edition's deliveries by what became of them."
        yield _gauge("digest_deliveries", told, deliveries, "newsletter", "outcome")
        yield took

    def _queue(self) -> Iterator[Metric]:
        due = self._app.deliveries.next_due()
        late = max(0.0, (self._now - due).total_seconds()) if due else 0.0
        yield _gauge(
            "digest_queue_late_seconds", "How long the oldest delivery that is due waits.", {(): late}
        )
        waiting, pauses = self._app.outbox.waiting(), len(self._app.pauses.standing(self._now))
        yield _gauge("digest_outbox_waiting", "Single mails that wait.", {(): waiting})
        yield _gauge("digest_pauses", "Pauses of all, an edition or a domain.", {(): pauses})

    def _sources(self) -> Iterator[Metric]:
        visits = self._app.visits.every()
        known = {one.name: visits[one.name][0] for one in self._app.sources if one.name in visits}
        failures: Values = {(name,): float(state.failures) for name, state in known.items()}
        answered: Values = {
            (name,): state.last_success.timestamp() for name, state in known.items() if state.last_success
        }
        yield _gauge("digest_source_failures", "Failed visits in a row.", failures, "source")
        yield _gauge("digest_source_success_timestamp_seconds", "When it answered last.", answered, "source")


def _next(newsletter: Newsletter, now: datetime) -> float:
    return next_morning(newsletter, now).at.timestamp()


def _gauge(name: str, told: str, values: Values, *labels: str) -> Metric:
    family = GaugeMetricFamily(name, told, labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family
