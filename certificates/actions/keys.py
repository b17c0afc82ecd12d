"""Keys with which issuers sign: made, retired, disowned; what they state of certificates."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from certificates import keys, queries, rendering, rules, statements
from certificates.models import Credential, Issuer, SigningKey
from lib import dates
from lib.refusals import Refusal

from .batches import draw_anew

logger = logging.getLogger(__name__)
SIGNED_AT_ONCE = 500  # statements of an issuer a round of the job


def make_key(*, issuer: Issuer, by: User | None, at: datetime) -> SigningKey:
    """A new key, which signs from now on; the one before is retired. Raises Refusal where its file cannot be written."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    try:
        keys.keep(private)
    except OSError as fault:
        said = _("Chưa tạo được khóa ký: không ghi được vào thư mục %(folder)s (%(why)s).")
        raise Refusal(said % {"folder": keys.path_of("x").parent, "why": fault.strerror}) from fault
    return adopt_key(issuer=issuer, public=keys.public_of(private), by=by, at=at)


@transaction.atomic
def adopt_key(*, issuer: Issuer, public: bytes, by: User | None, at: datetime) -> SigningKey:
    """A key that was made elsewhere, by its public half (32 bytes)."""
    Issuer.objects.select_for_update(no_key=True).get(pk=issuer.pk)  # two at once would leave both in use
    for old in issuer.keys.in_use():
        retire_key(key=old, by=by, at=at)
    key = SigningKey.objects.create(issuer=issuer, kid=keys.kid_of(public), public=public.hex(), made_at=at)
    log(instance=key, action="certificates.key_made", user=by, data={"kid": key.kid})
    return key


@transaction.atomic
def retire_key(*, key: SigningKey, by: User | None, at: datetime) -> None:
    """It signs nothing new; what it signed holds. A second call changes nothing."""
    if SigningKey.objects.filter(pk=key.pk, retired_at=None).update(retired_at=at):
        log(instance=key, action="certificates.key_retired", user=by, data={"kid": key.kid})


@transaction.atomic
def disown_key(*, key: SigningKey, by: User | None, at: datetime) -> None:
    """Others may have it: nothing holds by its signature alone any more, and what it stated is stated anew by the next key."""
    retire_key(key=key, by=by, at=at)
    if SigningKey.objects.filter(pk=key.pk, disowned_at=None).update(disowned_at=at):
        stated = Credential.objects.filter(issuer=key.issuer_id, statement_kid=key.kid)
        codes = list(stated.values_list("code", flat=True))
        draw_anew(stated)
        stated.update(statement="", statement_kid="")
        transaction.on_commit(lambda: rendering.forget_sealed(codes))
        log(instance=key, action="certificates.key_disowned", user=by, data={"kid": key.kid})


def state(credential: Credential, signer: keys.Signer) -> None:
    """Writes the statement into an unsaved or loaded credential."""
    said = statements.Statement(
        number=credential.number,
        name=credential.evidence["name"],
        course=credential.evidence["course"],
        issuer=credential.issuer.code,
        issued_on=dates.local_day(credential.issued_at),
        expires_on=credential.expires_on,
        digest=rules.digest(credential.evidence),
    )
    credential.statement = statements.sign(said, code=credential.code, kid=signer.kid, private=signer.private)
    credential.statement_kid = signer.kid


def state_missing(*, at: datetime) -> int:
    """Job: states what was issued before its issuer had a key, or with one that was disowned."""
    waiting = Issuer.objects.filter(pk__in=queries.unstated().order_by().values("issuer"))
    signers = {issuer.pk: signer for issuer in waiting if (signer := keys.usable_signer(issuer))}
    done = 0
    for credential in queries.unstated().filter(issuer__in=signers)[:SIGNED_AT_ONCE]:
        signer = signers[credential.issuer_id]
        state(credential, signer)
        unstated = Credential.objects.filter(pk=credential.pk, statement="")
        done += unstated.update(statement=credential.statement, statement_kid=signer.kid)
    return done
