"""Errors of authentication, authorization and AWS credentials."""

from enum import Enum


class AuthError(Exception):
    """Any fault of this folder; its message is safe to show to the caller and holds no secret."""


class VerificationKeysUnavailableError(AuthError):
    """The public keys that tokens are checked with could not be had; asking again may work (UPSTREAM_UNAVAILABLE).

    The caller is not at fault, and it is not known whether the token is any good.
    """


class DocumentNotFoundError(VerificationKeysUnavailableError):
    """The server says that there is no such document, or that it shows none (403, 404, 410)."""


class MalformedIdentityError(AuthError):
    """Identity headers that no honest proxy sends: repeated, underscored, or with control characters (400)."""


class InvalidIdentityError(AuthError):
    """An identity that is given and not to be believed: wrong peer, wrong secret, bad token (401)."""


class TokenFault(Enum):
    """Why a token is refused: the class of the reason, which is all that its bearer is told."""

    MALFORMED = "malformed: it is no signed JSON web token of at most 16384 characters"
    ALGORITHM = "algorithm: it is signed in a way that is not accepted, or that does not fit its key"
    UNKNOWN_KEY = "unknown key: nobody whom the gateway believes has published the key that it names"
    SIGNER = "signer: another load balancer has signed it"
    SIGNATURE = "signature: it does not fit the token"
    EXPIRED = "expired: get a new one"
    NOT_YET_VALID = "not yet valid: its time is to come, or a clock is wrong"
    ISSUER = "issuer: another one has issued it"
    AUDIENCE = "audience: it is meant for somebody else"
    CLAIMS = "claims: it lacks one that is needed, or has one of the wrong form"


class InvalidTokenError(InvalidIdentityError):
    """A token that is given and not to be believed (401). Nothing of its content is in the message.

    Attributes:
        fault: The class of the reason.
    """

    def __init__(self, fault: TokenFault, detail: str = "") -> None:
        super().__init__(f"The token is refused ({fault.value}).{f' {detail}' if detail else ''}")
        self.fault = fault


class UnauthenticatedError(AuthError):
    """Nobody is asking, and this needs somebody (UNAUTHENTICATED)."""


class ForbiddenError(AuthError):
    """The caller is known and may not do this: not in the group, no permission, no role (FORBIDDEN)."""


class UnknownRegionError(AuthError):
    """A region that the group's entry does not name (BAD_USER_INPUT)."""


class CredentialsError(AuthError):
    """No usable AWS credentials could be had.

    Attributes:
        role: The ARN of the role that was asked for, if one was.
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
    """STS refused the role: trust policy, external id, or the base's own rights (FORBIDDEN)."""


class CredentialsExpiredError(CredentialsError):
    """Keys or a token that have expired or were revoked (FORBIDDEN); a new one must be supplied."""


class CredentialsUnavailableError(CredentialsError):
    """STS or the token file could not be reached; asking again later may work (UPSTREAM_UNAVAILABLE)."""


class NoSigningCallerError(AuthError):
    """A call to AWS was about to be signed on nobody's behalf. A defect of the gateway, never the caller's fault."""
