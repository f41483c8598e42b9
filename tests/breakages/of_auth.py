"""Break `auth/`: identities, tokens, permissions and credentials."""

from typing import Final

from tests.breakages.breakage import Breakage

BREAKAGES: Final = (
    Breakage(
        id="auth-keys-show-their-access-key",
        file="auth/credentials/aws_keys.py",
        old="access_key: str = field(repr=False)",
        new="access_key: str = field()",
        tests=("tests/auth/credentials/test_aws_keys.py",),
    ),
    Breakage(
        id="auth-missing-proxy-secret-passes",
        file="auth/headers.py",
        old="if not hmac.compare_digest(",
        new="if secret and not hmac.compare_digest(",
        tests=("tests/auth/test_headers.py",),
    ),
    Breakage(
        id="auth-identity-header-given-twice-passes",
        file="auth/headers.py",
        old="if known in identity_headers:",
        new="if known in identity_headers and identity_headers[known] == value:",
        tests=("tests/auth/test_headers.py",),
    ),
    Breakage(
        id="auth-token-for-another-audience-passes",
        file="auth/tokens/verification.py",
        old='"verify_aud": config.audience is not None',
        new='"verify_aud": False',
        tests=("tests/auth/tokens/test_verification.py",),
    ),
    Breakage(
        id="auth-token-without-expiry-passes",
        file="auth/tokens/verification.py",
        old='"require": ["exp"]',
        new='"require": []',
        tests=("tests/auth/tokens/test_verification.py",),
    ),
    Breakage(
        id="auth-stale-signing-keys-are-believed",
        file="auth/tokens/jwks_cache.py",
        old="is None or self._age() > MAX_STALE_SECONDS:",
        new="is None:",
        tests=("tests/auth/tokens/test_jwks_cache.py",),
    ),
    Breakage(
        id="auth-keys-address-may-redirect",
        file="auth/tokens/document_fetcher.py",
        old="allow_redirects=False",
        new="allow_redirects=True",
        tests=("tests/auth/tokens/test_document_fetcher.py",),
    ),
    Breakage(
        id="auth-stranger-acts-for-a-group",
        file="auth/policy.py",
        old="group is not None and group not in caller.groups:",
        new="group is not None and not caller.groups:",
        tests=("tests/auth/test_policy.py",),
    ),
    Breakage(
        id="auth-widest-instance-limit-wins",
        file="auth/policy.py",
        old="min(counts, default=None)",
        new="max(counts, default=None)",
        tests=("tests/auth/test_policy.py",),
    ),
    Breakage(
        id="auth-callers-share-a-scope-of-their-own",
        file="auth/credentials/fingerprints.py",
        old='"caller", subject)',
        new='"caller")',
        tests=("tests/auth/credentials/test_fingerprints.py",),
    ),
    Breakage(
        id="auth-failed-flight-is-joined-for-ever",
        file="concurrency/single_flight.py",
        old="call is None or call.task.done() else call",
        new="call is None else call",
        tests=("tests/concurrency/test_single_flight.py",),
    ),
    Breakage(
        id="auth-caller-takes-anothers-session-name",
        file="auth/credentials/assume_role.py",
        old="if LEGAL_SESSION_NAME.fullmatch(subject) and not ALTERED_SESSION_NAME.search(subject):",
        new="if LEGAL_SESSION_NAME.fullmatch(subject):",
        tests=("tests/auth/credentials/test_assume_role.py",),
    ),
    Breakage(
        id="auth-unverified-email-is-a-name",
        file="auth/tokens/verification.py",
        old='in {"false", "0"}',
        new='in {"no"}',
        tests=("tests/auth/tokens/test_claims.py",),
    ),
)
