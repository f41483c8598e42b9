"""Create the token identity provider that the settings name."""

from auth.tokens.alb import AlbKeySource
from auth.tokens.document_fetcher import DocumentFetcher
from auth.tokens.identity import TokenIdentity
from auth.tokens.jwks import JwksKeySource
from auth.tokens.verification_keys import VerificationKeySource
from gateway.settings.identity import IdentitySettings


def create_token_identity(settings: IdentitySettings) -> TokenIdentity | None:
    """Make the identity by tokens that the settings ask for, to be entered; None if headers name callers.

    Raises:
        ValueError: The mode's block is missing, which the check of the settings prevents.
    """
    if settings.mode == "headers":
        return None
    fetcher = DocumentFetcher()
    return TokenIdentity(settings.token_rules(), _key_source(settings, fetcher), fetcher)


def _key_source(settings: IdentitySettings, fetcher: DocumentFetcher) -> VerificationKeySource:
    if settings.mode == "jwt" and settings.jwt is not None:
        return JwksKeySource(settings.jwt.jwks_url, fetcher.get)
    if settings.mode == "alb" and settings.alb is not None:
        return AlbKeySource(settings.alb.keys_address(), fetcher.get)
    raise ValueError(f"identity.mode `{settings.mode}` has no keys for tokens.")
