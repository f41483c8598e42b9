"""The settings of `explore`, which has no file: reads only, with the AWS credentials at hand."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from auth.credential_entries import AmbientKeys
from auth.credentials.ambient import chain_region
from auth.permissions import EVERYONE, Permission
from gateway.settings.errors import SettingsError, SettingsFault
from gateway.settings.settings import Settings, ambient_settings
from gateway.settings.values import REGION_PATTERN

_VARIABLES: Final = ("AWS_REGION", "AWS_DEFAULT_REGION")


def explore_settings(
    profile: str | None, regions: Sequence[str], database_url: str, environ: Mapping[str, str], *, mcp: bool = False
) -> Settings:
    """Give the settings: every caller may READ, with the ambient credentials, in these regions.

    Args:
        profile: The profile of the AWS configuration; None for the chain's own choice.
        regions: The regions, the default first; none for that of the environment or the profile.
        database_url: The address of the registry.
        environ: The process's environment.
        mcp: Whether tools for models are served.

    Raises:
        SettingsError: No region is known, or one is malformed.
        auth.errors.CredentialsError: There is no such profile.
    """
    named = tuple(dict.fromkeys(regions)) or _default_regions(profile, environ)
    if not named:
        raise SettingsError(
            [SettingsFault("--region", "is missing, and so is AWS_REGION; name a region, such as us-east-2")]
        )
    wrong = [region for region in named if re.fullmatch(REGION_PATTERN, region) is None]
    if wrong:
        raise SettingsError(
            [SettingsFault("--region", f"`{wrong[0]}` is not an AWS region; name one, such as us-east-2")]
        )
    keys = AmbientKeys(key="the default AWS chain", region=named[0], regions=named, profile=profile)
    return ambient_settings(
        {
            "database": {"url": database_url},
            "permissions": [{"group": EVERYONE, "allow": [Permission.READ.value]}],
            "server": {"drainSeconds": 0},
            "mcp": {"enabled": mcp},
        },
        keys,
    )


def _default_regions(profile: str | None, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The region of the environment, else that of the AWS configuration; a profile that is named goes first."""
    chain = chain_region(profile)
    variables = [environ[name] for name in _VARIABLES if environ.get(name)]
    candidates = [chain, *variables] if profile is not None else [*variables, chain]
    return next(((region,) for region in candidates if region), ())
