"""What finishing earns.

Issuer (who signs, with its own number series) ← Counter (last number of a year), SigningKey (public half)
Award: a course earns a certificate of an issuer in a design
Credential: the one document a person holds; its evidence is frozen as data and its PDF can be rebuilt at any time
Template: a design of the admin ← TemplateVersion: what it was when published, pinned by credentials
Picture: what templates and signatories print; never changes. Signatory: who signs for an issuer in a province, and when
Batch ← BatchEntry: many certificates drawn in one go
SignedCopy: what an office signed of it, on a screen or on paper
GivenFile: the digest of a PDF or badge that went out
"""

from .awards import Award
from .batches import Batch, BatchEntry, EntryState, Layout
from .copies import CopyKind, SignedCopy
from .credentials import Credential, CredentialStatus
from .given import GivenFile
from .issuers import NUMBER_LENGTH, Counter, Issuer
from .keys import SigningKey
from .pictures import Picture, PictureKind
from .signatories import Signatory
from .templates import Template, TemplateVersion
from .workshops import WorkshopEntry, WorkshopList

__all__ = [
    "NUMBER_LENGTH", "Award", "Batch", "BatchEntry", "CopyKind", "Counter", "Credential", "CredentialStatus", "EntryState", "GivenFile",
    "Issuer", "Layout", "Picture", "PictureKind", "Signatory", "SignedCopy", "SigningKey", "Template", "TemplateVersion", "WorkshopEntry", "WorkshopList",
]  # fmt: skip
