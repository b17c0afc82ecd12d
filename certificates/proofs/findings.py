"""What can be said of a credential, each by its name."""

from enum import StrEnum


class Finding(StrEnum):
    VALID = "valid"
    KEY_DISOWNED = "key disowned"  # valid by our register, which alone counts here
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    REVOKED = "revoked"
    REPLACED = "replaced"
    ALTERED = "altered"
    NOT_IN_REGISTER = "not in our register"
    UNKNOWN_ISSUER = "unknown issuer"
    WRONG_CONTEXT = "wrong context"
    WRONG_PROOF = "wrong proof"
    NO_CREDENTIAL = "no credential"
    TOO_LARGE = "too large"
    DAMAGED = "damaged"
    SEVERAL = "several certificates"


class Refused(Exception):  # noqa: N818 -- like Refusal: an answer, not a fault
    """Why a file or a credential cannot be believed. The detail is for engineers and holds nothing that the file says."""

    def __init__(self, finding: Finding, detail: str) -> None:
        super().__init__(f"{finding}: {detail}")
        self.finding, self.detail = finding, detail
