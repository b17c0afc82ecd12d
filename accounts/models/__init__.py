"""People and what they may do.

Person ← every record points here      User → Person: a log-in, which a person may have
Subject (chủ thể) ⊃ Product            Person → Subject with a role; Subject → the one it was joined to
RoleAssignment: user × role × place    Consent: person × text with version
DataRequest: what a person asks of the data kept about them
OneTimeCard, PhoneChange: ways in for people without SMS or with a new number
ApiToken: a key with which another system reads figures of a place
"""

from .consents import Consent, ConsentText
from .people import ERASED, OfficialLevel, Person, PersonKind, SubjectRole
from .rights import DataRequest
from .roles import COUNTRYWIDE, PROVINCEWIDE, ApprovalByAnother, Role, RoleAssignment
from .subjects import NAME_LENGTH, SEARCH_LENGTH, Product, Subject, SubjectKind
from .tokens import ApiToken
from .users import UNFINISHED, User
from .ways_in import OneTimeCard, PhoneChange, SentCode

__all__ = [
    "COUNTRYWIDE",
    "ERASED",
    "NAME_LENGTH",
    "PROVINCEWIDE",
    "SEARCH_LENGTH",
    "UNFINISHED",
    "ApiToken",
    "ApprovalByAnother",
    "Consent",
    "ConsentText",
    "DataRequest",
    "OfficialLevel",
    "OneTimeCard",
    "Person",
    "PersonKind",
    "PhoneChange",
    "Product",
    "Role",
    "RoleAssignment",
    "SentCode",
    "Subject",
    "SubjectKind",
    "SubjectRole",
    "User",
]  # fmt: skip
