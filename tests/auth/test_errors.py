"""auth.errors: each exception carries the contract's code, and those of a refused request their HTTP status."""

from auth import errors


def test_codes_and_statuses() -> None:
    known: list[type[errors.AuthError]] = [errors.AuthError, *_subclasses(errors.AuthError)]
    assert {error.__name__: (error.code, error.status) for error in known} == {
        "AuthError": ("INTERNAL", None),
        "VerificationKeysUnavailableError": ("UPSTREAM_UNAVAILABLE", 503),
        "DocumentNotFoundError": ("UPSTREAM_UNAVAILABLE", 503),
        "MalformedIdentityError": ("BAD_USER_INPUT", 400),
        "InvalidIdentityError": ("UNAUTHENTICATED", 401),
        "InvalidTokenError": ("UNAUTHENTICATED", 401),
        "UnauthenticatedError": ("UNAUTHENTICATED", None),
        "ForbiddenError": ("FORBIDDEN", None),
        "UnknownRegionError": ("BAD_USER_INPUT", None),
        "CredentialsError": ("INTERNAL", None),
        "RoleRefusedError": ("FORBIDDEN", None),
        "CredentialsExpiredError": ("FORBIDDEN", None),
        "CredentialsUnavailableError": ("UPSTREAM_UNAVAILABLE", None),
        "NoSigningCallerError": ("INTERNAL", None),
    }


def _subclasses(error: type[errors.AuthError]) -> list[type[errors.AuthError]]:
    return [known for child in error.__subclasses__() for known in (child, *_subclasses(child))]
