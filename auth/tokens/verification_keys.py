"""Public keys that verify tokens, and the algorithms that each key may be used with."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from jwt import PyJWK, PyJWTError
from jwt.algorithms import AllowedPublicKeys

from auth.errors import InvalidTokenError, TokenFault, VerificationKeysUnavailableError

ALGORITHMS_BY_KEY_TYPE: Final[Mapping[tuple[str, str | None], tuple[str, ...]]] = {
    ("RSA", None): ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("EC", "P-521"): ("ES512",),
    ("OKP", "Ed25519"): ("EdDSA",),
}
"""Algorithms that a key of each type and curve may verify. Secret keys (`oct`) verify nothing: they are published."""

ACCEPTED_ALGORITHMS: Final = frozenset(
    algorithm for algorithms in ALGORITHMS_BY_KEY_TYPE.values() for algorithm in algorithms
)
"""Every algorithm that any key may verify; `none` and HMAC are not among them."""

MIN_RSA_BITS: Final = 2048
"""The fewest bits of an RSA key (RFC 7518, section 3.3)."""


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key.

    Attributes:
        key_id: Its `kid`; None if it was published without one.
        algorithms: The algorithms that it may verify.
        key: The key itself.
    """

    key_id: str | None
    algorithms: tuple[str, ...]
    key: AllowedPublicKeys = field(repr=False)


class VerificationKeySource(Protocol):
    """A source of public keys."""

    async def find(self, key_id: str | None, algorithm: str) -> VerificationKey:
        """Give the key that a token names.

        Args:
            key_id: The `kid` of the token's header; None if it has none.
            algorithm: The `alg` of the token's header.

        Raises:
            InvalidTokenError: There is no key of this id, or it does not verify this algorithm.
            VerificationKeysUnavailableError: The keys could not be read.
        """

    async def check(self) -> str:
        """Say in words that keys can be read, after a read.

        Raises:
            VerificationKeysUnavailableError: They cannot be read.
        """

    async def close(self) -> None:
        """End the reads that are under way."""


def choose_key(keys: Iterable[VerificationKey], key_id: str | None, algorithm: str) -> VerificationKey | None:
    """Give the key of the id `key_id`; None if `keys` has none.

    A token without an id (None) is checked with the only key that verifies its algorithm.

    Raises:
        InvalidTokenError: The key of this id does not verify this algorithm.
    """
    fitting = [key for key in keys if algorithm in key.algorithms and key_id in {None, key.key_id}]
    if fitting and (key_id is not None or len(fitting) == 1):
        return fitting[0]
    if key_id is not None and any(key.key_id == key_id for key in keys):
        raise InvalidTokenError(TokenFault.ALGORITHM)
    return None


def parse_jwks(document: bytes) -> tuple[VerificationKey, ...]:
    """The usable keys in `document`, a JSON web key set (RFC 7517); unusable ones are skipped.

    Raises:
        VerificationKeysUnavailableError: It is not a key set, or none of its keys can be used.
    """
    try:
        written = json.loads(document)
    except (ValueError, RecursionError):
        raise VerificationKeysUnavailableError("The answer from the keys' address is not JSON.") from None
    listed = written.get("keys") if isinstance(written, dict) else None
    if not isinstance(listed, list):
        raise VerificationKeysUnavailableError(
            "The answer from the keys' address is not a key set: it has no list of `keys`."
        )
    keys = tuple(key for jwk in listed if isinstance(jwk, dict) and (key := _parse_jwk(jwk)) is not None)
    if not keys:
        raise VerificationKeysUnavailableError("The key set holds no public key that can check signatures.")
    return keys


def parse_pem(document: bytes, key_id: str) -> VerificationKey:
    """Give the key of a load balancer from its PEM: always one on the curve P-256, which verifies ES256 alone.

    Raises:
        VerificationKeysUnavailableError: It is not such a key.
    """
    try:
        key = load_pem_public_key(document)
    except (ValueError, UnsupportedAlgorithm):
        raise VerificationKeysUnavailableError("The answer from the keys' address is not a public key (PEM).") from None
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise VerificationKeysUnavailableError("The answer from the keys' address is not a public key for ES256.")
    return VerificationKey(key_id, ("ES256",), key)


def _parse_jwk(jwk: dict[str, Any]) -> VerificationKey | None:
    """The key, or None if it cannot be used: not for signatures, of another type, damaged, too short, or private."""
    key_id, algorithms = jwk.get("kid"), _allowed_algorithms(jwk)
    operations = jwk.get("key_ops", ["verify"])
    is_for_signatures = jwk.get("use", "sig") == "sig" and isinstance(operations, list) and "verify" in operations
    if not algorithms or not is_for_signatures or "d" in jwk or not isinstance(key_id, str | None):
        return None
    try:
        key = PyJWK(jwk, algorithms[0]).key
    except (PyJWTError, UnsupportedAlgorithm, ValueError, TypeError, KeyError, AttributeError):
        # The error of a damaged key depends on the damaged part.
        return None
    if isinstance(key, RSAPublicKey) and key.key_size < MIN_RSA_BITS:
        return None
    return VerificationKey(key_id, algorithms, key)


def _allowed_algorithms(jwk: dict[str, Any]) -> tuple[str, ...]:
    """Give the algorithms of a key: those of its type, and of these its own `alg` if it has one."""
    kind, curve, declared = jwk.get("kty"), jwk.get("crv"), jwk.get("alg")
    if not isinstance(kind, str) or not isinstance(curve, str | None):
        return ()
    allowed = ALGORITHMS_BY_KEY_TYPE.get((kind, curve), ())
    return allowed if declared is None else tuple(algorithm for algorithm in allowed if algorithm == declared)
