"""Errors of authentication, authorization and AWS credentials."""

from enum import Enum
from typing import ClassVar


class AuthError(Exception):
    """Any fault of this folder; its message is safe to show to the caller and holds no secret.

    Attributes:
        code: The contract's error code.
        status: The HTTP status of a request that is refused for it; None if it arises after the request was let in.
        input_code: The contract's `UserErrorCode`, if the input of a mutation is at fault.
        input_field: The path of the input's field that is at fault, if it can only be one.
    """

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int | None] = None
    input_code: ClassVar[str | None] = None
    input_field: ClassVar[tuple[str, ...] | None] = None


class VerificationKeysUnavailableError(AuthError):
    """The public keys that verify tokens cannot be read now; the token may be valid, and a retry may work."""

    code = "UPSTREAM_UNAVAILABLE"
    status = 503


class DocumentNotFoundError(VerificationKeysUnavailableError):
    """The server answered that the document does not exist or is not readable (403, 404, 410)."""


class MalformedIdentityError(AuthError):
    """Identity headers that no honest proxy sends: repeated, underscored, or with control characters."""

    code = "BAD_USER_INPUT"
    status = 400


class InvalidIdentityError(AuthError):
    """An identity that was sent and does not hold: wrong peer, wrong secret, bad token."""

    code = "UNAUTHENTICATED"
    status = 401


class TokenFault(Enum):
    """The class of the reason why a token is refused; its bearer learns no more than this."""

    MALFORMED = "malformed: expected a signed JSON Web Token of at most 49152 characters"
    ALGORITHM = "algorithm: not accepted, or not one that its key signs with"
    UNKNOWN_KEY = "unknown key: no trusted issuer has published the key that it names"
    SIGNER = "signer: another load balancer signed it"
    SIGNATURE = "signature: it does not match the token"
    EXPIRED = "expired: get a new one"
    NOT_YET_VALID = "not yet valid: its time has not come, or a clock is wrong"
    ISSUER = "issuer: another issuer issued it"
    AUDIENCE = "audience: it was issued for another service"
    CLAIMS = "claims: one is missing or malformed"


class InvalidTokenError(InvalidIdentityError):
    """A token that was sent and does not hold. The message repeats nothing of its content.

    Attributes:
        fault: The class of the reason.
    """

    def __init__(self, fault: TokenFault, detail: str = "") -> None:
        super().__init__(f"The token is refused ({fault.value}).{f' {detail}' if detail else ''}")
        self.fault = fault


class UnauthenticatedError(AuthError):
    """The request carries no identity, and the query needs one."""

    code = "UNAUTHENTICATED"


class ForbiddenError(AuthError):
    """The caller is known and may not do this: not in the group, no permission, no role."""

    code = "FORBIDDEN"


class UnknownRegionError(AuthError):
    """A region that the group's entry does not name."""

    code = "BAD_USER_INPUT"
    input_code = "INVALID"
    input_field = ("region",)


class CredentialsError(AuthError):
    """No usable AWS credentials are available.

    Attributes:
        role: The ARN of the requested role, if one was requested.
        operation: The STS operation that failed, if one was called.
        request_id: AWS's id of that call, if it answered.
    """

    def __init__(
        self, message: str, *, role: str | None = None, operation: str | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(message)
        self.role = role
        self.operation = operation
        self.request_id = request_id


class RoleRefusedError(CredentialsError):
    """STS refused the role: trust policy, external id, or the base's own rights."""

    code = "FORBIDDEN"


class CredentialsExpiredError(CredentialsError):
    """Keys or a token that have expired or were revoked; new ones must be supplied."""

    code = "FORBIDDEN"


class CredentialsUnavailableError(CredentialsError):
    """STS or the token file could not be reached; a retry may work."""

    code = "UPSTREAM_UNAVAILABLE"


class NoSigningCallerError(AuthError):
    """A call to AWS has no caller to be signed for: a defect of the gateway, never the caller's fault."""


def no_caller_error() -> UnauthenticatedError:
    """Build the error of a request without an identity, with the remedy."""
    return UnauthenticatedError(
        "The request names no caller. Sign in at the gateway's proxy, or send the token or the identity headers that "
        "this gateway expects."
    )
