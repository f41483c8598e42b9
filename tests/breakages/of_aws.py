"""Break `aws/`: calls, the cache of their answers, and changes."""

from typing import Final

from tests.breakages.breakage import Breakage

BREAKAGES: Final = (
    Breakage(
        id="aws-throttle-does-not-slow",
        file="aws/client/rate_limit.py",
        old="_DECREASE_FACTOR = 0.5",
        new="_DECREASE_FACTOR = 2.0",
        tests=("tests/aws/client/test_rate_limit.py",),
    ),
    Breakage(
        id="aws-background-goes-before-a-person",
        file="aws/client/rate_limit.py",
        old="if waiter.priority.interactive)",
        new="if not waiter.priority.interactive)",
        tests=("tests/aws/client/test_rate_limit.py",),
    ),
    Breakage(
        id="aws-write-is-tried-twice",
        file="aws/client/client.py",
        old="Retries(tries_when_unavailable=1)",
        new="Retries(tries_when_unavailable=2)",
        tests=(
            "tests/aws/client/test_client.py",
            "tests/aws/client/test_client_writes.py",
        ),
    ),
    Breakage(
        id="aws-words-about-rejected-keys-are-told",
        file="aws/client/error_mapping.py",
        old='        words = ""\n',
        new="        words = words[:]\n",
        tests=("tests/aws/client/test_error_mapping.py",),
    ),
    Breakage(
        id="aws-row-on-two-pages-is-listed-twice",
        file="aws/inventory/listings.py",
        old="if row.name not in self._seen:",
        new="if row.name:",
        tests=("tests/aws/inventory/test_listings_pages.py",),
    ),
    Breakage(
        id="aws-max-age-is-not-heard",
        file="aws/inventory/horizon.py",
        old="min(age, max_age)",
        new="max(age, max_age)",
        tests=("tests/aws/inventory/test_horizon.py",),
    ),
    Breakage(
        id="aws-rejected-keys-get-the-last-known",
        file="aws/inventory/describe_cache.py",
        old="if expired or kept is None or",
        new="if kept is None or",
        tests=("tests/aws/inventory/test_describe_cache_failures.py",),
    ),
    Breakage(
        id="aws-deletion-is-forgotten-at-the-next-list",
        file="aws/inventory/row_store.py",
        old="if gone.at + CONSISTENCY_LAG > begun",
        new="if gone.at > begun",
        tests=("tests/aws/inventory/test_row_store.py",),
    ),
    Breakage(
        id="aws-refused-list-keeps-its-rows",
        file="aws/inventory/list_cache.py",
        old="self._deps.on_denied()",
        new="self._store.rows()",
        tests=("tests/aws/inventory/test_list_cache_stale.py",),
    ),
    Breakage(
        id="aws-one-refused-row-fails-the-scan",
        file="aws/inventory/scans.py",
        old="if isinstance(resource, AWSError) and not isinstance(resource, AccessDeniedError):",
        new="if isinstance(resource, AWSError):",
        tests=("tests/aws/inventory/test_scans.py",),
    ),
    Breakage(
        id="aws-scope-in-use-is-closed",
        file="aws/scopes.py",
        old="if not scope.users)",
        new="if scope)",
        tests=("tests/aws/test_scopes.py",),
    ),
    Breakage(
        id="aws-regions-share-a-scope",
        file="aws/scopes.py",
        old="(self.identity, self.account_id, self.endpoint.region)",
        new="(self.identity, self.account_id)",
        tests=("tests/aws/test_scopes.py",),
    ),
    Breakage(
        id="aws-upload-form-takes-any-size",
        file="aws/upload_forms.py",
        old='"content-length-range", 0, max_size_bytes',
        new='"content-length-range", 0, 2**40',
        tests=("tests/aws/test_storage.py",),
    ),
    Breakage(
        id="aws-copy-takes-what-was-sent-meanwhile",
        file="aws/storage.py",
        old="""CopySourceIfMatch=f'"{source.etag}"', IfNoneMatch="*\"""",
        new="""IfNoneMatch="*\"""",
        tests=("tests/aws/test_storage.py",),
    ),
    Breakage(
        id="aws-list-of-ever-new-tokens-never-ends",
        file="aws/client/paging.py",
        old="if len(self._seen) >= MAX_PAGES:",
        new="if len(self._seen) < 0:",
        tests=("tests/aws/client/test_paging.py",),
    ),
    Breakage(
        id="aws-other-content-counts-as-a-repeat",
        file="aws/write/idempotent_create.py",
        old="if digest != creation.digest:",
        new="if not digest:",
        tests=("tests/aws/write/test_idempotent_create.py",),
    ),
    Breakage(
        id="aws-one-instance-above-the-limit-passes",
        file="aws/write/instance_limits.py",
        old="count > most:",
        new="count > most + 1:",
        tests=("tests/aws/write/test_instance_limits.py",),
    ),
    Breakage(
        id="aws-secret-stands-in-a-refusal",
        file="aws/write/request.py",
        old='words = words.replace(spelled, "…")',
        new="words = words.replace(spelled, spelled)",
        tests=("tests/aws/write/test_request.py",),
    ),
)
