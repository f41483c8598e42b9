"""Break `aws/`: calls, the cache of their answers, and changes."""

from typing import Final

from tests.breakages.breakage import Breakage

BREAKAGES: Final = (
    Breakage(
        id="aws-throttle-does-not-slow",
        file="aws/brake.py",
        old="_AFTER_THROTTLE = 0.5",
        new="_AFTER_THROTTLE = 2.0",
        tests=("tests/aws/test_brake.py",),
    ),
    Breakage(
        id="aws-background-goes-before-a-person",
        file="aws/brake.py",
        old="if waiter.urgency.person_waits)",
        new="if not waiter.urgency.person_waits)",
        tests=("tests/aws/test_brake.py",),
    ),
    Breakage(
        id="aws-write-is-tried-twice",
        file="aws/calls.py",
        old="(operation, parameters, 1)",
        new="(operation, parameters, 2)",
        tests=("tests/aws/test_calls.py", "tests/aws/test_writes.py"),
    ),
    Breakage(
        id="aws-words-about-rejected-keys-are-told",
        file="aws/refusals.py",
        old='        words = ""\n',
        new="        words = words[:]\n",
        tests=("tests/aws/test_refusals.py",),
    ),
    Breakage(
        id="aws-row-on-two-pages-is-listed-twice",
        file="aws/inventory/listings.py",
        old="if row.name not in self._seen:",
        new="if row.name:",
        tests=("tests/aws/inventory/test_pages.py",),
    ),
    Breakage(
        id="aws-max-age-is-not-heard",
        file="aws/inventory/ages.py",
        old="min(age, max_age)",
        new="max(age, max_age)",
        tests=("tests/aws/inventory/test_ages.py",),
    ),
    Breakage(
        id="aws-rejected-keys-get-the-last-known",
        file="aws/inventory/shelves.py",
        old="if expired or kept is None or",
        new="if kept is None or",
        tests=("tests/aws/inventory/test_failed_descriptions.py",),
    ),
    Breakage(
        id="aws-deletion-is-forgotten-at-the-next-list",
        file="aws/inventory/books.py",
        old="if gone.at + SETTLING > begun",
        new="if gone.at > begun",
        tests=("tests/aws/inventory/test_books.py",),
    ),
    Breakage(
        id="aws-refused-list-keeps-its-rows",
        file="aws/inventory/rolls.py",
        old="self._means.denied()",
        new="self._book.rows()",
        tests=("tests/aws/inventory/test_last_known_rows.py",),
    ),
    Breakage(
        id="aws-one-refused-row-fails-the-scan",
        file="aws/inventory/scans.py",
        old="if isinstance(what, AWSError) and not isinstance(what, AccessDeniedError):",
        new="if isinstance(what, AWSError):",
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
        old="(self.identity, self.account_id, self.connection.region)",
        new="(self.identity, self.account_id)",
        tests=("tests/aws/test_scopes.py",),
    ),
    Breakage(
        id="aws-upload-form-takes-any-size",
        file="aws/storage.py",
        old='"content-length-range", 0, max_size_bytes',
        new='"content-length-range", 0, 2**40',
        tests=("tests/aws/test_storage.py",),
    ),
    Breakage(
        id="aws-other-content-counts-as-a-repeat",
        file="aws/writing/creating.py",
        old="if digest != creation.digest:",
        new="if not digest:",
        tests=("tests/aws/writing/test_creating.py",),
    ),
    Breakage(
        id="aws-one-instance-above-the-limit-passes",
        file="aws/writing/limits.py",
        old="count > most:",
        new="count > most + 1:",
        tests=("tests/aws/writing/test_limits.py",),
    ),
    Breakage(
        id="aws-secret-stands-in-a-refusal",
        file="aws/writing/requests.py",
        old='words = words.replace(spelled, "…")',
        new="words = words.replace(spelled, spelled)",
        tests=("tests/aws/writing/test_requests.py",),
    ),
)
