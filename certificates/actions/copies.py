"""What an office signed is taken in: the file first, then the row, so that a row never lacks its file."""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from certificates import rendering
from certificates.models import CopyKind, Credential, CredentialStatus, SignedCopy
from certificates.models.copies import private
from lib.refusals import Refusal

ENDINGS = {CopyKind.SIGNED: "pdf", CopyKind.PAPER: "jpg"}


def take_copy(
    *,
    credential: Credential,
    kind: CopyKind,
    data: bytes,
    signers: str,
    signed_at: datetime,
    by: User | None,
    at: datetime,
    statement_kid: str = "",
) -> SignedCopy:
    """Whoever calls it has looked at the file. A further one of the kind takes the place of the first; what is said anew without a
    file, a day that was wrong, leaves that file as it is. Audited.

    Raises Refusal for a certificate that holds no more.
    """
    name, fields = "", {"signers": signers[:300], "signed_at": signed_at, "uploaded_at": at, "uploaded_by": by}
    fields |= {"statement_kid": statement_kid}
    if data:
        digest = hashlib.sha256(data).hexdigest()
        known = SignedCopy.objects.filter(credential=credential, kind=kind, sha256=digest, signed_at=signed_at).first()
        if known and known.is_kept():
            rendering.noted(credential, data)
            return known  # brought a second time
        name = private().save(f"{kind}/{credential.code}-{digest[:12]}.{ENDINGS[kind]}", ContentFile(data))
        fields |= {"file": name, "sha256": digest}
    try:
        taken = _take(credential.pk, kind, fields, by)
    except BaseException:
        if name:
            private().delete(name)
        raise
    if data and kind == CopyKind.SIGNED:
        rendering.noted(
            credential, data
        )  # offices give out by themselves what they signed; a further one may take its place here
    return taken


@transaction.atomic
def _take(pk: int, kind: CopyKind, fields: dict[str, object], by: User | None) -> SignedCopy:
    credential = Credential.objects.select_for_update().get(pk=pk)  # whoever revokes it waits, or was first
    if credential.status != CredentialStatus.VALID:
        raise Refusal(_("Giấy này không còn hiệu lực."))
    before = SignedCopy.objects.filter(credential=credential, kind=kind).values_list("file", flat=True).first()
    copy, _is_new = SignedCopy.objects.update_or_create(credential=credential, kind=kind, defaults=fields)
    if before and before != copy.file:
        transaction.on_commit(lambda: private().delete(before))
    said = {"signers": copy.signers, "sha256": copy.sha256}
    log(instance=credential, action=f"certificates.copy_{kind}", user=by, data=said)
    return copy
