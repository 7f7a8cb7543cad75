"""What the stages of a search take, as the site itself counts them."""

from collections.abc import Mapping
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from directory.measured import STAGES

SEARCHES = "stillpoint_search_seconds"
REQUESTS = "stillpoint_request_seconds"
# Of a request what is no stage of its search: parameters, headers, what was kept.
REST = "rest"
# The sum of seconds, and how many there were.
Total = tuple[float, float]


def total(address: str) -> Mapping[str, Total]:
    """Of each stage, and of whole requests, all so far."""
    with urlopen(f"{address}/metrics") as answer:
        families = text_string_to_metric_families(answer.read().decode())
        samples = [sample for family in families for sample in family.samples]
    found = dict.fromkeys((*STAGES, REST), (0.0, 0.0))
    for sample in samples:
        name, _, part = sample.name.rpartition("_")
        stage = {SEARCHES: sample.labels.get("stage", ""), REQUESTS: REST}.get(name, "")
        searches = stage != REST or "search" in sample.labels.get("endpoint", "")
        if stage in found and searches and part in ("sum", "count"):
            seconds, many = found[stage]
            value = sample.value
            found[stage] = (seconds + value, many) if part == "sum" else (seconds, many + value)
    return found


def each(before: Mapping[str, Total], after: Mapping[str, Total]) -> Mapping[str, float]:
    """Milliseconds of each stage of a request, on average, between two looks."""
    requests = after[REST][1] - before[REST][1] or 1.0
    took = {
        stage: 1000 * (after[stage][0] - before[stage][0]) / requests for stage in (*STAGES, REST)
    }
    return took | {REST: took[REST] - sum(took[stage] for stage in STAGES)}
