"""Chooses how callers are identified, by the settings."""

from auth.tokens.alb import LoadBalancerKeys
from auth.tokens.fetching import Fetcher
from auth.tokens.identity import TokenIdentity
from auth.tokens.jwks import JWKS
from auth.tokens.keys import KeySource
from gateway.blocks.identity import Identity


def token_identity(settings: Identity) -> TokenIdentity | None:
    """The identity by tokens that the settings ask for, to be entered; None where headers say who is asking.

    Raises:
        ValueError: The mode's block is missing, which the check of the settings prevents.
    """
    if settings.mode == "headers":
        return None
    fetcher = Fetcher()
    return TokenIdentity(settings.token_rules(), _keys(settings, fetcher), fetcher)


def _keys(settings: Identity, fetcher: Fetcher) -> KeySource:
    if settings.mode == "jwt" and settings.jwt is not None:
        return JWKS(settings.jwt.jwks_url, fetcher.get)
    if settings.mode == "alb" and settings.alb is not None:
        return LoadBalancerKeys(settings.alb.keys_address(), fetcher.get)
    raise ValueError(f"identity.mode `{settings.mode}` has no keys for tokens.")
