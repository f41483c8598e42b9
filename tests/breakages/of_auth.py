"""Break `auth/`: identities, tokens, permissions and credentials."""

from typing import Final

from tests.breakages.breakage import Breakage

BREAKAGES: Final = (
    Breakage(
        id="auth-keys-show-their-access-key",
        file="auth/credentials/keys.py",
        old="access_key: str = field(repr=False)",
        new="access_key: str = field()",
        tests=("tests/auth/credentials/test_keys.py",),
    ),
    Breakage(
        id="auth-missing-proxy-secret-passes",
        file="auth/trust.py",
        old="if not hmac.compare_digest(",
        new="if secret and not hmac.compare_digest(",
        tests=("tests/auth/test_headers.py",),
    ),
    Breakage(
        id="auth-identity-header-given-twice-passes",
        file="auth/trust.py",
        old="if known in given:",
        new="if known in given and given[known] == value:",
        tests=("tests/auth/test_headers.py",),
    ),
    Breakage(
        id="auth-token-for-another-audience-passes",
        file="auth/tokens/verification.py",
        old='"verify_aud": rules.audience is not None',
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
        file="auth/tokens/kept.py",
        old="is None or self._age() > STALE_SECONDS:",
        new="is None:",
        tests=("tests/auth/tokens/test_kept.py",),
    ),
    Breakage(
        id="auth-keys-address-may-redirect",
        file="auth/tokens/fetching.py",
        old="allow_redirects=False",
        new="allow_redirects=True",
        tests=("tests/auth/tokens/test_fetching.py",),
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
        file="auth/limits.py",
        old="min(counts, default=None)",
        new="max(counts, default=None)",
        tests=("tests/auth/test_limits.py",),
    ),
    Breakage(
        id="auth-callers-share-a-scope-of-their-own",
        file="auth/credentials/identities.py",
        old='"caller", subject)',
        new='"caller")',
        tests=("tests/auth/credentials/test_identities.py",),
    ),
    Breakage(
        id="auth-failed-flight-is-joined-for-ever",
        file="auth/credentials/flights.py",
        old="is None or self._task.done():",
        new="is None:",
        tests=("tests/auth/credentials/test_flights.py",),
    ),
    Breakage(
        id="auth-caller-takes-anothers-session-name",
        file="auth/credentials/session_names.py",
        old="if LEGAL.fullmatch(subject) and not ALTERED.search(subject):",
        new="if LEGAL.fullmatch(subject):",
        tests=("tests/auth/credentials/test_session_names.py",),
    ),
)
