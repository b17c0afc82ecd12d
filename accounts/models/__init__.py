"""People and what they may do.

Person ← every record points here      User → Person: a log-in, which a person may have
Subject (chủ thể) ⊃ Product            Person → Subject with a role; Subject → the one it was joined to
RoleAssignment: user × role × place    Consent: person × text with version
MinorityAnswer → Person: what somebody said of themselves, under a consent of its own
DataRequest: what a person asks of the data kept about them
Move: person × place from a day on     (Person.place is that of today)
Help: officer × person, a session in the person's name
OneTimeCard, PhoneChange: ways in for people without SMS or with a new number
MailAddress: where a colleague wants mail (a log-in has none)
LinkedIdentity → User: whom another issuer means
ApiToken: a key with which another system reads figures of a place
"""

from .consents import Consent, ConsentText
from .helps import Help
from .mails import MailAddress
from .minority import MinorityAnswer
from .moves import PENDING, Move, MoveState
from .people import ERASED, OfficialLevel, Person, PersonKind, SubjectRole
from .rights import DataRequest
from .roles import COUNTRYWIDE, PROVINCEWIDE, ApprovalByAnother, Role, RoleAssignment
from .subjects import NAME_LENGTH, SEARCH_LENGTH, Product, Subject, SubjectKind
from .tokens import ApiToken
from .users import UNFINISHED, User
from .ways_in import LinkedIdentity, OneTimeCard, PhoneChange, SentCode

__all__ = [
    "COUNTRYWIDE",
    "ERASED",
    "NAME_LENGTH",
    "PENDING",
    "PROVINCEWIDE",
    "SEARCH_LENGTH",
    "UNFINISHED",
    "ApiToken",
    "ApprovalByAnother",
    "Consent",
    "ConsentText",
    "DataRequest",
    "Help",
    "LinkedIdentity",
    "MailAddress",
    "MinorityAnswer",
    "Move",
    "MoveState",
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
