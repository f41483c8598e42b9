"""What botocore works out anew for each session and each client, though it is always the same: worked out once.

Each gateway makes three sessions and as many clients; without this they are a quarter of what the tests compute.
"""

import copy
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from inspect import CO_VARKEYWORDS
from typing import Any, Final, ParamSpec, TypeVar, cast

import pytest
from aiobotocore.client import AioClientCreator
from aiobotocore.session import AioSession
from botocore import endpoint, endpoint_provider, hooks

from aws.write import ownership_tags

P = ParamSpec("P")
T = TypeVar("T")

DIGEST_COST: Final = ownership_tags._SCRYPT
"""The cost of digests in tags, which makes content hard to guess."""


@contextmanager
def quick_aws() -> Iterator[None]:
    """Sessions and clients are made quickly while the block runs; what they then do is untouched."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hooks.EventAliaser, "_alias_event_name", _aliases(hooks.EventAliaser._alias_event_name))
        patch.setattr(hooks, "accepts_kwargs", _accepting(hooks.accepts_kwargs))
        patch.setattr(hooks, "_PrefixTrie", _SharedTrie)
        patch.setattr(endpoint, "get_environ_proxies", cache(endpoint.get_environ_proxies))
        patch.setattr(endpoint_provider, "RuleSet", _rules(endpoint_provider.RuleSet))
        patch.setattr(AioSession, "_register_builtin_handlers", _handlers(AioSession._register_builtin_handlers))
        patch.setattr(AioClientCreator, "_load_service_model", _models(AioClientCreator._load_service_model))
        patch.setattr(AioClientCreator, "_create_client_class", _classes(AioClientCreator._create_client_class))
        yield


@contextmanager
def cheap_digests() -> Iterator[None]:
    """Digests in tags cost next to nothing while the block runs, not 50 ms for each thing that is made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ownership_tags, "_SCRYPT", {**DIGEST_COST, "n": 2})
        yield


def kept(work: Callable[P, T]) -> Callable[P, T]:
    """A cache of what stays to the end, so that the garbage collector need not pass over it."""

    @cache
    def once(*arguments: P.args, **named: P.kwargs) -> T:
        made = work(*arguments, **named)
        gc.freeze()
        return made

    return cast("Callable[P, T]", once)


class _SharedTrie(hooks._PrefixTrie):  # type: ignore[misc] # botocore has no types.
    """A trie of handlers whose copies share the nodes that neither changes; most of the 400 are never changed."""

    _root: dict[str, Any]

    def __copy__(self) -> "_SharedTrie":
        copied = _SharedTrie()
        copied._root = self._root
        return copied

    def append_item(self, key: str, value: Any, section: int = hooks._MIDDLE) -> None:
        self._root = node = _own(self._root)
        for part in key.split("."):
            known = node["children"].get(part) or {"chunk": part, "values": None, "children": {}}
            node["children"][part] = node = _own(known)
        node["values"] = hooks.NodeList([], [], []) if node["values"] is None else copy.copy(node["values"])
        node["values"][section].append(value)

    def remove_item(self, key: str, value: Any) -> None:
        self._root = self._recursive_copy(self._root)
        super().remove_item(key, value)


def _own(node: dict[str, Any]) -> dict[str, Any]:
    """A node that may be changed, with the same children."""
    return {**node, "children": dict(node["children"])}


def _rules(made: Callable[..., Any]) -> Callable[..., Any]:
    """The rules by which a service's address is found, by the list in its description, which the loader keeps."""
    known: dict[int, tuple[Any, Any]] = {}

    def rules_of(**description: Any) -> Any:
        key = id(description["rules"])
        if key not in known:
            # The list is kept, too, so that no other one gets its number.
            known[key] = (description["rules"], made(**description))
            gc.freeze()
        return known[key][1]

    return rules_of


def _models(load: Callable[..., Any]) -> Callable[..., Any]:
    """The model of a service, which makes its shapes as they are asked for; by its description, which is kept."""
    known: dict[int, Any] = {}

    def loaded(self: Any, *service: Any, **version: Any) -> Any:
        model = load(self, *service, **version)
        return known.setdefault(id(model._service_description), model)

    return loaded


def _accepting(accepts: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Whether a handler takes any named argument, by its code; a cache of handlers would keep their sessions."""

    def accepting(handler: Any) -> Any:
        code = getattr(getattr(handler, "__func__", handler), "__code__", None)
        return accepts(handler) if code is None else code.co_flags & CO_VARKEYWORDS

    return accepting


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
            gc.freeze()
        return known[service_name]

    return created
