"""What botocore works out anew for each session and each client, though it is always the same: worked out once.

Each gateway makes three sessions and as many clients; without this they are a sixth of what the tests compute.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

import pytest
from aiobotocore.client import AioClientCreator
from aiobotocore.session import AioSession
from botocore import hooks

from aws.write import ownership_tags

DIGEST_COST: Final = ownership_tags._SCRYPT
"""The cost of digests in tags, which makes content hard to guess."""


@contextmanager
def quick_aws() -> Iterator[None]:
    """Sessions and clients are made quickly while the block runs; what they then do is untouched."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hooks.EventAliaser, "_alias_event_name", _aliases(hooks.EventAliaser._alias_event_name))
        patch.setattr(hooks, "accepts_kwargs", cache(hooks.accepts_kwargs))
        patch.setattr(AioSession, "_register_builtin_handlers", _handlers(AioSession._register_builtin_handlers))
        patch.setattr(AioClientCreator, "_create_client_class", _classes(AioClientCreator._create_client_class))
        yield


@contextmanager
def cheap_digests() -> Iterator[None]:
    """Digests in tags cost next to nothing while the block runs, not 50 ms for each thing that is made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ownership_tags, "_SCRYPT", {**DIGEST_COST, "n": 2})
        yield


def _aliases(aliased: Callable[..., str]) -> Callable[..., str]:
    """The names of events by their aliases."""
    known: dict[str, str] = {}

    def alias(self: Any, name: str) -> str:
        return known[name] if name in known else known.setdefault(name, aliased(self, name))

    return alias


def _handlers(register: Callable[..., None]) -> Callable[..., None]:
    """The handlers that every session begins with."""
    known: list[Any] = []

    def registered(self: Any, events: Any) -> None:
        if not known:
            register(self, events)
            known.append(copy.copy(self._original_handler))
            return
        self._original_handler.__dict__.update(copy.copy(known[0]).__dict__, _lookup_cache={})

    return registered


def _classes(create: Callable[..., Any]) -> Callable[..., Any]:
    """The class of a service's clients, which has a method for each operation."""
    known: dict[str, type] = {}

    async def created(self: Any, service_name: str, service_model: Any) -> type:
        if service_name not in known:
            known[service_name] = await create(self, service_name, service_model)
        return known[service_name]

    return created
