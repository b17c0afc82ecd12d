"""What makes of WeasyPrint's file an archival and accessible one: PDF/A-3a and PDF/UA-1 at once, with its record attached.

WeasyPrint 70 knows one variant at a time and leaves faults that a strict reader would name (tests/certificates/clauses.py
finds each). They are mended in its own objects just before it writes them, which costs a millisecond; opening the finished
file again would cost twenty.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import md5
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from certificates import badging, keys
from certificates.models import Credential

from . import structure

if TYPE_CHECKING:
    import pydyf

type Finisher = Callable[[Any, "pydyf.PDF"], None]


@dataclass(frozen=True)
class Attachment:
    """`relationship` as ISO 32000-2, 7.11.3 has it. Source: the page is drawn from this record and can be drawn from it anew
    (Data would be the figures behind a chart of the page, Alternative another way to read it)."""

    name: str
    data: bytes
    mime: str
    description: str
    relationship: str = "Source"


def attachments(credential: Credential) -> list[Attachment]:
    """What is printed, as data, and as a credential that any machine can check; the same bytes each time.

    Without a key of the issuer there is no such credential.
    """
    record = {
        "code": credential.code,
        "issued_at": moment(credential),
        "is_specimen": credential.is_specimen,
        "evidence": credential.evidence,
    }
    data = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1).encode()
    what = f"Dữ liệu ghi trên giấy chứng nhận {credential.evidence['number']}, cho máy đọc"
    printed = Attachment("evidence.json", data, "application/json", what)
    signer = keys.signer_of(credential)
    if signer is None:
        return [printed]
    token = badging.token(credential, signer.private, signer.kid).encode()
    return [printed, Attachment("credential.jwt", token, "application/vc+jwt", f"Open Badges 3.0: {credential.number}")]


def moment(credential: Credential) -> str:
    """The one date of the file: two prints of a certificate have the same bytes."""
    return credential.issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def finisher(credential: Credential, *, with_field: bool = False) -> Finisher:
    """`with_field`: an empty signature field over the line that says who sealed; see certificates.sealing."""

    attached = attachments(credential)  # here, where the database and the keys can be asked (lib.apart)

    def finish(document: Any, pdf: "pydyf.PDF") -> None:
        structure.mend(document, pdf)
        structure.spell_out(document, pdf)
        structure.flatten(pdf)
        _date(document, pdf, moment(credential))
        attach(pdf, attached, credential.issued_at)
        if with_field:
            structure.add_field(document, pdf)

    return finish


def attach(pdf: "pydyf.PDF", attached: list[Attachment], at: datetime) -> None:
    """WeasyPrint names each file twice in /AF, writes the clock of now and guesses the kind by the file's name."""
    import pydyf

    day = pydyf.String(at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ"))
    names, files = pydyf.Array(), pydyf.Array()
    for one in sorted(attached, key=lambda one: one.name):
        digest = md5(one.data, usedforsecurity=False).hexdigest()
        params = {"Size": len(one.data), "CreationDate": day, "ModDate": day, "CheckSum": f"<{digest}>"}
        extra = {"Type": "/EmbeddedFile", "Subtype": pydyf.name(one.mime), "Params": pydyf.Dictionary(params)}
        stream = pydyf.Stream([one.data], extra, compress=True)
        pdf.add_object(stream)
        file = pydyf.Dictionary(
            {
                "Type": "/Filespec",
                "F": pydyf.String(one.name),
                "UF": pydyf.String(one.name),
                "Desc": pydyf.String(one.description),
                "AFRelationship": f"/{one.relationship}",
                "EF": pydyf.Dictionary({"F": stream.reference, "UF": stream.reference}),
            }
        )
        pdf.add_object(file)
        names += [pydyf.String(one.name), file.reference]
        files.append(file.reference)
    if files:
        names_of_files = pydyf.Dictionary({"EmbeddedFiles": pydyf.Dictionary({"Names": names})})
        pdf.catalog |= {"Names": names_of_files, "AF": files}


def _date(document: Any, pdf: "pydyf.PDF", at: str) -> None:
    import pydyf

    day = pydyf.String("D:" + "".join(filter(str.isdigit, at)) + "Z")
    pdf.info |= {"CreationDate": day, "ModDate": day}
    packet = structure.referred(pdf, pdf.catalog["Metadata"])
    packet.stream, packet.compress = [_xmp(document.metadata, pdf.info["Producer"].string, at)], False


def _xmp(metadata: Any, producer: str, at: str) -> bytes:
    """Written anew: WeasyPrint claims one standard only, and PDF/A wants PDF/UA's own words (pdfuaid) explained."""
    title, description, author = (
        escape(text or "") for text in (metadata.title, metadata.description, ", ".join(metadata.authors))
    )
    lines = PACKET.format(
        title=title, description=description, author=author, lang=escape(metadata.lang or ""), producer=producer, at=at
    )
    return lines.encode()


PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{description}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{at}</xmp:CreateDate>
<xmp:ModifyDate>{at}</xmp:ModifyDate>
<xmp:MetadataDate>{at}</xmp:MetadataDate>
<pdf:Producer>{producer}</pdf:Producer>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
