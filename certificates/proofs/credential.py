"""A certificate in the words of Open Badges 3.0: who learnt what, from whom, by which evidence; and nothing more of the person."""

from dataclasses import dataclass
from typing import Any

from . import contexts

LONGEST = 300  # letters of a stranger's credential that are shown in one place


@dataclass(frozen=True)
class Profile:
    """Who issues: `id` is its did:web, under which its keys are found."""

    id: str
    name: str
    url: str = ""
    parent: str = ""


@dataclass(frozen=True)
class Course:
    id: str
    name: str
    description: str
    criteria: str


@dataclass(frozen=True)
class Status:
    """Where machines look up whether it still counts."""

    list: str  # address of the list's credential
    index: int


@dataclass(frozen=True)
class Facts:
    """All plain values of a certificate. `id` is the address at which people check it. Times are xsd:dateTime with a zone."""

    id: str
    issuer: Profile
    course: Course
    name: str
    number: str
    valid_from: str
    valid_until: str = ""
    begun: str = ""
    ended: str = ""
    hours: str = ""
    result: str = ""
    evidence: str = ""
    status: Status | None = None


def build(facts: Facts) -> dict[str, Any]:
    """The credential, unsigned. Every word is defined by its two contexts, so that both suites and the token sign all of it."""
    found = {
        "@context": [contexts.CREDENTIALS, contexts.OPEN_BADGES],
        "id": facts.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": facts.course.name,
        "issuer": _issuer(facts.issuer),
        "validFrom": facts.valid_from,
        "validUntil": facts.valid_until,
        "credentialSubject": _subject(facts),
        "evidence": [_evidence(facts)],
        "credentialStatus": _status(facts.status),
    }
    return _filled(found)


def _issuer(profile: Profile) -> dict[str, Any]:
    return _filled(
        {
            "id": profile.id,
            "type": ["Profile"],
            "name": profile.name,
            "url": profile.url,
            "description": profile.parent,
        }
    )


def _subject(facts: Facts) -> dict[str, Any]:
    """By name only: a name is what the paper shows, and what whoever compares it has in hand."""
    recipient = {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": facts.name}
    result_id = f"{facts.course.id}#ket-qua"
    achievement: dict[str, Any] = {
        "id": facts.course.id,
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": facts.course.name,
        "description": facts.course.description,
        "criteria": {"narrative": facts.course.criteria},
    }
    subject: dict[str, Any] = {
        "type": ["AchievementSubject"],
        "identifier": [recipient],
        "licenseNumber": facts.number,
        "activityStartDate": facts.begun,
        "activityEndDate": facts.ended,
    }
    if facts.result:
        description = {"id": result_id, "type": ["ResultDescription"], "name": "Kết quả", "resultType": "Result"}
        achievement["resultDescription"] = [description]
        subject["result"] = [{"type": ["Result"], "resultDescription": result_id, "value": facts.result}]
    return _filled(subject | {"achievement": achievement})


def _evidence(facts: Facts) -> dict[str, Any]:
    found = {"type": ["Evidence"], "name": facts.course.name, "narrative": facts.evidence, "description": facts.hours}
    return _filled(found)


def _status(status: Status | None) -> dict[str, Any] | None:
    if status is None:
        return None
    return {
        "id": f"{status.list}#{status.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(status.index),
        "statusListCredential": status.list,
    }


def _filled(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value not in ("", None)}


def summary(credential: dict[str, Any]) -> dict[str, str]:
    """What a credential of anybody says, for people to read and to compare; "" for what it does not say."""
    subject = _first(credential.get("credentialSubject"))
    issuer = credential.get("issuer")
    achievement = _first(subject.get("achievement"))
    identifiers = [_first(one) for one in _listed(subject.get("identifier"))]
    names = [
        one.get("identityHash") for one in identifiers if one.get("identityType") == "name" and not one.get("hashed")
    ]
    found = {
        "name": subject.get("name") or (names[0] if names else ""),
        "course": achievement.get("name") or credential.get("name"),
        "number": subject.get("licenseNumber"),
        "result": _first(subject.get("result")).get("value"),
        "hours": _first(credential.get("evidence")).get("description"),
        "issuer": _first(issuer).get("name") or (issuer if isinstance(issuer, str) else _first(issuer).get("id")),
        "since": credential.get("validFrom") or credential.get("issuanceDate"),
        "until": credential.get("validUntil") or credential.get("expirationDate"),
    }
    return {key: value[:LONGEST] if isinstance(value, str) else "" for key, value in found.items()}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _first(value: Any) -> dict[str, Any]:
    """JSON-LD writes one thing with or without a list around it."""
    found = _listed(value)[:1]
    return found[0] if found and isinstance(found[0], dict) else {}
