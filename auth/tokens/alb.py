"""The keys of AWS's application load balancers: each has its own address on one server for all accounts."""

import re
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

from auth.errors import DocumentNotFoundError, InvalidTokenError, TokenFault, VerificationKeysUnavailableError
from auth.tokens.document_fetcher import FetchDocument, url_without_query
from auth.tokens.jwks_cache import KEYS_UNAVAILABLE_MESSAGE, CachedKeySet, KeySet
from auth.tokens.verification_keys import VerificationKey, choose_key, parse_pem

ALB_ALGORITHM: Final = "ES256"
"""The only algorithm that load balancers sign with."""

ALB_HEADER: Final = "x-amzn-oidc-data"
"""The header that carries the token (Elastic Load Balancing user guide, "Authenticate users")."""

MAX_KEYS: Final = 64
"""Key ids that are remembered. A load balancer has one key at a time."""

MAX_NEW_KEYS_PER_MINUTE: Final = 10
"""The most unknown key ids that are looked up in a minute; further ones are refused. Known keys are not counted."""

UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
UNUSED_KEY_ID: Final = "00000000-0000-0000-0000-000000000000"


def alb_keys_url(region: str) -> str:
    """AWS's address of the load balancer keys of `region`; a key's id is appended to it.

    From the user guide, "Authenticate users using an Application Load Balancer"; GovCloud has buckets instead.
    """
    if region.startswith("us-gov-"):
        return f"https://s3-{region}.amazonaws.com/aws-elb-public-keys-prod-{region}"
    suffix = ".cn" if region.startswith("cn-") else ""
    return f"https://public-keys.auth.elb.{region}.amazonaws.com{suffix}"


class AlbKeySource:
    """The keys below an address, each read when a token first names it.

    Anybody can make up key ids, and the server has the keys of every account's load balancers. So an id must be a
    UUID before it enters an address, few new ones are looked up in a minute, and ids without a key are evicted first.

    Args:
        url: The address above the keys.
        fetch: Fetches a document by its address.
        clock: Gives seconds that only grow.
    """

    def __init__(self, url: str, fetch: FetchDocument, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url.rstrip("/")
        self._fetch = fetch
        self._clock = clock
        self._key_sets: OrderedDict[str, CachedKeySet] = OrderedDict()
        self._new_key_times: deque[float] = deque(maxlen=MAX_NEW_KEYS_PER_MINUTE)

    async def find(self, key_id: str | None, algorithm: str) -> VerificationKey:
        """Give the key that a token names.

        Args:
            key_id: The `kid` of the token's header; None if it has none.
            algorithm: The `alg` of the token's header.

        Raises:
            InvalidTokenError: The id is not that of a load balancer's key, or the algorithm is not ES256.
            VerificationKeysUnavailableError: The key cannot be read, or too many new ones were asked for.
        """
        if algorithm != ALB_ALGORITHM:
            raise InvalidTokenError(TokenFault.ALGORITHM)
        if key_id is None or UUID.fullmatch(key_id) is None:
            raise InvalidTokenError(TokenFault.UNKNOWN_KEY)
        key = choose_key(await self._key_set(key_id).current(), key_id, algorithm)
        if key is None:
            raise InvalidTokenError(TokenFault.UNKNOWN_KEY)
        return key

    async def check(self) -> str:
        """Say that the server answers, after a request for a key that does not exist: it has no list of keys.

        Raises:
            VerificationKeysUnavailableError: It cannot be reached.
        """
        await self._read_key(UNUSED_KEY_ID)
        return f"the keys' server at {url_without_query(self._url)} answers"

    async def close(self) -> None:
        """End the reads that are under way."""
        for key_set in self._key_sets.values():
            await key_set.close()

    def _key_set(self, key_id: str) -> CachedKeySet:
        """Give the key set of this id, made anew if there is room and time for it."""
        cached_key_set = self._key_sets.get(key_id)
        if cached_key_set is None:
            self._admit_new_key()
            self._evict()
            cached_key_set = self._key_sets[key_id] = CachedKeySet(lambda: self._read_key(key_id), self._clock)
        self._key_sets.move_to_end(key_id)
        return cached_key_set

    def _admit_new_key(self) -> None:
        """Count one new id. Raises VerificationKeysUnavailableError if the last minute has used up its share."""
        now = self._clock()
        if len(self._new_key_times) == MAX_NEW_KEYS_PER_MINUTE and now - self._new_key_times[0] < 60:
            raise VerificationKeysUnavailableError(KEYS_UNAVAILABLE_MESSAGE)
        self._new_key_times.append(now)

    def _evict(self) -> None:
        """Forget one id if there are too many: one without a key if possible, else the least recently used."""
        if len(self._key_sets) >= MAX_KEYS:
            idle = (key_id for key_id, cached_key_set in self._key_sets.items() if not cached_key_set.has_keys)
            del self._key_sets[next(idle, next(iter(self._key_sets)))]

    async def _read_key(self, key_id: str) -> KeySet:
        try:
            document = await self._fetch(f"{self._url}/{key_id}")
        except DocumentNotFoundError:
            return ()
        return (parse_pem(document, key_id),)
