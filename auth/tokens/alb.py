"""The keys of AWS's application load balancers: each at an address of its own, under one server for all accounts."""

import re
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

from auth.errors import InvalidTokenError, KeysUnavailableError, TokenFault
from auth.tokens.fetching import DocumentAbsentError, shown
from auth.tokens.jwks import Get
from auth.tokens.kept import UNAVAILABLE, KeptKeys, Keys
from auth.tokens.keys import VerificationKey, choose, from_pem

ALGORITHM: Final = "ES256"
"""What load balancers sign with, and nothing else."""

HEADER: Final = "x-amzn-oidc-data"
"""Where they put the token (Elastic Load Balancing user guide, "Authenticate users")."""

MOST_KEYS: Final = 64
"""Key ids that are remembered. A load balancer has one key at a time."""

MOST_NEW_KEYS: Final = 10
"""Key ids never seen before that are asked for in a minute; all others wait. Known keys are not counted."""

UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NO_KEY: Final = "00000000-0000-0000-0000-000000000000"


def keys_url(region: str) -> str:
    """Give AWS's own address for the keys of a region; a key's id comes below it.

    From the user guide, "Authenticate users using an Application Load Balancer"; GovCloud has buckets instead.
    """
    if region.startswith("us-gov-"):
        return f"https://s3-{region}.amazonaws.com/aws-elb-public-keys-prod-{region}"
    suffix = ".cn" if region.startswith("cn-") else ""
    return f"https://public-keys.auth.elb.{region}.amazonaws.com{suffix}"


class LoadBalancerKeys:
    """The keys below an address, each read when a token first names it.

    Anybody can make up key ids, and the server has the keys of every account's load balancers. So an id must be a
    UUID before it enters an address, few new ones are asked for in a minute, and ids without a key go first when
    there are too many to remember.

    Args:
        url: The address above the keys.
        get: How documents are fetched.
        clock: Seconds that only grow.
    """

    def __init__(self, url: str, get: Get, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url.rstrip("/")
        self._get = get
        self._clock = clock
        self._kept: OrderedDict[str, KeptKeys] = OrderedDict()
        self._asked_at: deque[float] = deque(maxlen=MOST_NEW_KEYS)

    async def find(self, key_id: str | None, algorithm: str) -> VerificationKey:
        """Give the key that a token names.

        Raises:
            InvalidTokenError: It is no key of a load balancer, or another algorithm is asked for.
            KeysUnavailableError: The key cannot be had, or too many new ones are being asked for.
        """
        if algorithm != ALGORITHM:
            raise InvalidTokenError(TokenFault.ALGORITHM)
        if key_id is None or UUID.fullmatch(key_id) is None:
            raise InvalidTokenError(TokenFault.UNKNOWN_KEY)
        found = choose(await self._known(key_id).current(), key_id, algorithm)
        if found is None:
            raise InvalidTokenError(TokenFault.UNKNOWN_KEY)
        return found

    async def check(self) -> str:
        """Say that the server answers, having asked it for a key that nobody has: it lists none.

        Raises:
            KeysUnavailableError: It cannot be reached.
        """
        await self._read(NO_KEY)
        return f"the keys' server at {shown(self._url)} answers"

    async def close(self) -> None:
        """End the reads that are under way."""
        for kept in self._kept.values():
            await kept.close()

    def _known(self, key_id: str) -> KeptKeys:
        """What is kept under this id, made anew where there is room and time for it."""
        kept = self._kept.get(key_id)
        if kept is None:
            self._count()
            self._make_room()
            kept = self._kept[key_id] = KeptKeys(lambda: self._read(key_id), self._clock)
        self._kept.move_to_end(key_id)
        return kept

    def _count(self) -> None:
        """Count one new id. Raises KeysUnavailableError where the last minute has had its share."""
        now = self._clock()
        if len(self._asked_at) == MOST_NEW_KEYS and now - self._asked_at[0] < 60:
            raise KeysUnavailableError(UNAVAILABLE)
        self._asked_at.append(now)

    def _make_room(self) -> None:
        """Forget one id where there are too many: one without a key if there is any, else the one not used longest."""
        if len(self._kept) >= MOST_KEYS:
            idle = (key_id for key_id, kept in self._kept.items() if not kept.are_any)
            del self._kept[next(idle, next(iter(self._kept)))]

    async def _read(self, key_id: str) -> Keys:
        try:
            document = await self._get(f"{self._url}/{key_id}")
        except DocumentAbsentError:
            return ()
        return (from_pem(document, key_id),)
