"""A PDF locked with a password."""

import io
import re

# What says in the metadata that a file is PDF/A, which allows no encryption (ISO 19005-3, 6.1.3).
_CLAIM = re.compile(
    rb'<pdfaid:(\w+)>[^<]*</pdfaid:\1>|\s+xmlns:pdfa\w+="[^"]*"'
    rb"|<pdfaExtension:schemas>.*?</pdfaExtension:schemas>",
    re.DOTALL,
)


def encrypt_pdf(data: bytes, password: str) -> bytes:
    """Return the PDF encrypted with AES-256, without its claim to be PDF/A.

    All of it happens in memory.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import StreamObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    metadata = writer.root_object["/Metadata"].get_object()
    if isinstance(metadata, StreamObject):
        metadata.set_data(_CLAIM.sub(b"", metadata.get_data()))
    writer.pdf_header = "%PDF-2.0"  # the version that knows this encryption
    writer.encrypt(user_password=password, owner_password=password, algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
