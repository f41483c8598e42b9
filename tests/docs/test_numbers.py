"""Numbers in the pages are the code's: each phrase below stands on its page with the number that the code has."""

import re
from inspect import signature

import pytest
from starlette.applications import Starlette

from auth.caller import MAX_GROUPS, MAX_NAME_CHARACTERS
from auth.permissions import Permission
from auth.tokens import alb, jwks_cache, verification, verification_keys
from aws.client import rate_limit, retries
from aws.inventory import list_cache, listings, tag_cache
from aws.inventory.horizon import RUNTIME_SECONDS
from aws.write import training_jobs
from gateway import middleware, server, webhooks
from registry import job_links
from resolvers.assets import changes, contents
from resolvers.mutations import abandoned
from schema.limits.overlapping_fields import MAX_COMPARISONS
from tests.docs.test_pages import ROOT
from workflows.approvals.debounce import Debouncer
from workflows.approvals.jira import decision_poller, late_duplicates
from workflows.approvals.jira.config import JiraTimeouts
from workflows.deployments import comparator_form, output_rows
from workflows.deployments import deps as deployment_deps
from workflows.durable import context
from workflows.durable.engine import EngineTimings

MINUTE, HOUR = 60, 3600
FIRST_PAUSE = context.WorkflowContext.__dataclass_fields__["pause"].default
ARCHITECTURE, CONFIGURATION, MUTATIONS, JIRA, DEPLOYMENTS, OPERATIONS, REHEARSALS = (
    f"docs/{name}.md"
    for name in ("architecture", "configuration", "mutations", "jira", "deployments", "operations", "rehearsals")
)
WORDS = {"a": 1, "an": 1, "half": 0.5, "two": 2, "three": 3, "eight": 8, "nine": 9, "ten": 10, "hundred": 100}
# The page, the phrase with {} for its number, and the number in the phrase's own unit.
PHRASES = [
    ("README.md", "{} permissions say", len(Permission)),
    (ARCHITECTURE, "with {} minutes of overlap", list_cache.OVERLAP.total_seconds() / MINUTE),
    (ARCHITECTURE, "runtimes also after {} s and while they change", RUNTIME_SECONDS),
    (ARCHITECTURE, "GetResources gives a {} for one call", tag_cache._MAX_ARNS),
    (ARCHITECTURE, "brings a {} records for one call", listings.PAGE_SIZE),
    (ARCHITECTURE, "grows by {} a call a second", rate_limit._INCREASE_PER_SECOND),
    (CONFIGURATION, "at most {} visible characters", MAX_NAME_CHARACTERS),
    (CONFIGURATION, "at most {} groups", MAX_GROUPS),
    (CONFIGURATION, "clocks may differ by {} seconds", verification.LEEWAY_SECONDS),
    (CONFIGURATION, "RSA of {} bits or more", verification_keys.MIN_RSA_BITS),
    (CONFIGURATION, "again in the background after {} minutes", jwks_cache.REFRESH_SECONDS / MINUTE),
    (CONFIGURATION, "at most every {} seconds", jwks_cache.MIN_READ_INTERVAL_SECONDS),
    (CONFIGURATION, "those that are known count for {} hour", jwks_cache.MAX_STALE_SECONDS / HOUR),
    (CONFIGURATION, "At most {} key ids that were never seen before", alb.MAX_NEW_KEYS_PER_MINUTE),
    (CONFIGURATION, "must have arrived whole within {} seconds", middleware.BODY_SECONDS),
    (CONFIGURATION, "may take {} comparisons of fields", MAX_COMPARISONS),
    (
        MUTATIONS,
        "{} minute and a half after its lease has ended",
        (EngineTimings().dead_after + abandoned.INTERVAL_SECONDS) / MINUTE - 0.5,
    ),
    (MUTATIONS, "of a training job `File`, {} GB, a day", training_jobs._DEFAULTS["volume_size_in_gb"][1]),
    (MUTATIONS, "of a training job `File`, 30 GB, {} day", training_jobs._DAY / 24 / HOUR),
    (MUTATIONS, "more than {} assets of a registration", changes.MAX_ASSETS),
    (MUTATIONS, "A registration has {} at most", changes.MAX_ASSETS),
    (MUTATIONS, "more than {} links by hand", job_links.MAX_LINKS),
    (MUTATIONS, "A registration has {} links at most", job_links.MAX_LINKS),
    (MUTATIONS, "and a group {} in one region", job_links.MAX_LINKS_OF_GROUP),
    (MUTATIONS, "up to {} bytes, kept in the registry", contents.MAX_TEXT_BYTES),
    (MUTATIONS, "good for {} minutes", changes.UPLOAD_FORM_SECONDS / MINUTE),
    (MUTATIONS, "{} hour after the form's end", changes._GRACE.total_seconds() / HOUR),
    (JIRA, "looked at every {} minutes", decision_poller._CHECK_INTERVAL / MINUTE),
    (JIRA, "for {} minutes *not found* means nothing", JiraTimeouts().search_lag / MINUTE),
    (JIRA, "for {} day within ten minutes", late_duplicates._MAX_INDEX_LAG.days),
    (JIRA, "for a day within {} minutes", late_duplicates._SEARCH_INTERVAL / MINUTE),
    (JIRA, "a body of at most {} MB", webhooks.MAX_WEBHOOK_BYTES / 10**6),
    (JIRA, "at most every {} seconds", signature(Debouncer).parameters["min_interval"].default),
    (DEPLOYMENTS, "tries again after {} second at first", FIRST_PAUSE),
    (DEPLOYMENTS, "at least once {} minute", context._MAX_PAUSE / MINUTE),
    (DEPLOYMENTS, "a verification after {} hour", deployment_deps.DeploymentIntervals().verify / HOUR),
    (DEPLOYMENTS, "a launch after {} hours", deployment_deps.DeploymentIntervals().launch / HOUR),
    (DEPLOYMENTS, "{} hours at most", deployment_deps.DeploymentIntervals().launch / HOUR),
    (OPERATIONS, "taken up by another {} minute after its lease has ended", EngineTimings().dead_after / MINUTE),
    (OPERATIONS, "did not arrive whole within {} seconds", middleware.BODY_SECONDS),
    (OPERATIONS, "after {} tries each", retries.TRIES_WHEN_THROTTLED),
    (OPERATIONS, "and {} more seconds", server.create_server(Starlette(), "", 0, 0).config.timeout_graceful_shutdown),
    (REHEARSALS, "of {} kB at most", comparator_form.MAX_COMPARATOR_BYTES / 1024),
    (REHEARSALS, "at most {} files", output_rows.MAX_FILES),
    (REHEARSALS, "files and {} MB together", output_rows.MAX_BYTES / 1024**2),
    (REHEARSALS, "with {} values", output_rows.MAX_VALUES),
    (REHEARSALS, "Metrics are {} at most", comparator_form.Comparator.model_fields["metrics"].metadata[0].max_length),
]


def read(word: str) -> float:
    """A number as pages write it. Raises KeyError for a word that is none."""
    digits = word.replace(",", "")
    return float(digits) if re.fullmatch(r"[\d.]+", digits) else WORDS[word.lower()]


@pytest.mark.parametrize(("page", "phrase", "number"), PHRASES, ids=str)
def test_a_page_has_the_number_of_the_code(page: str, phrase: str, number: float | None) -> None:
    text = re.sub(r"\s+", " ", (ROOT / page).read_text(encoding="utf-8"))
    result = re.findall(re.escape(phrase).replace(r"\{\}", r"([\w.,]+)"), text)
    assert {read(word) for word in result} == {number}
