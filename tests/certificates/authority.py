"""A certificate authority and a time-stamp service of the tests' own."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSWORD = "một câu dài"
OFFICE = "VĂN PHÒNG ĐIỀU PHỐI MẪU"
NOW = datetime.now(UTC).replace(microsecond=0)


def rsa_key(size: int = 2048) -> Any:
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


def ec_key() -> Any:
    return ec.generate_private_key(ec.SECP256R1())


class Authority:
    def __init__(self) -> None:
        self.key = ec_key()
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA thử nghiệm")])
        usage = x509.BasicConstraints(ca=True, path_length=None)
        self.certificate = self._certificate(
            self.name, self.key.public_key(), NOW + timedelta(days=3650), [(usage, True)]
        )

    def _certificate(self, name: x509.Name, public: Any, until: datetime, extensions: list[Any]) -> Any:
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(self.name).public_key(public)
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(NOW - timedelta(days=400)).not_valid_after(until)
        for extension, is_critical in extensions:
            builder = builder.add_extension(extension, critical=is_critical)
        return builder.sign(self.key, hashes.SHA256())

    def issue(
        self, key: Any, name: str = OFFICE, until: datetime | None = None, *, signs: bool = True, stamps: bool = False
    ) -> Any:
        usage = x509.KeyUsage(signs, signs, not signs, False, False, False, False, False, False)
        extensions: list[Any] = [(usage, True)]
        if stamps:
            extensions.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True))
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        return self._certificate(subject, key.public_key(), until or NOW + timedelta(days=365), extensions)

    def pkcs12(self, key: Any, **fields: Any) -> bytes:
        certificate = self.issue(key, **fields)
        lock = BestAvailableEncryption(PASSWORD.encode())
        return pkcs12.serialize_key_and_certificates(b"seal", key, certificate, [self.certificate], lock)

    def stamper(self) -> Any:
        from pyhanko.sign.signers.pdf_cms import (
            translate_pyca_cryptography_cert_to_asn1 as to_asn1,
        )
        from pyhanko.sign.signers.pdf_cms import (
            translate_pyca_cryptography_key_to_asn1 as key_to_asn1,
        )
        from pyhanko.sign.timestamps import DummyTimeStamper

        key = rsa_key()
        return DummyTimeStamper(to_asn1(self.issue(key, "TSA thử nghiệm", stamps=True)), key_to_asn1(key))


def sign_at_the_office(data: bytes, name: str = "Nguyễn Văn Chánh", key: Any = None, **fields: Any) -> bytes:
    """What an office's own tool does with a file: a further revision with a visible signature."""
    import io

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigFieldSpec

    key = key or ec_key()
    packed = Authority().pkcs12(key, name=name)
    signer = signers.SimpleSigner.load_pkcs12_data(packed, [], PASSWORD.encode())
    spec = SigFieldSpec("Chuky1", on_page=0, box=fields.pop("box", (560, 90, 760, 130)))
    meta = signers.PdfSignatureMetadata(field_name="Chuky1", **fields)
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    return bytes(signers.sign_pdf(writer, meta, signer, new_field_spec=spec).getvalue())
