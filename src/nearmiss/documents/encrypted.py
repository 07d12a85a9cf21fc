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
    import pikepdf

    encryption = pikepdf.Encryption(owner=password, user=password, R=6, aes=True, metadata=True)
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        metadata = pdf.Root.Metadata
        metadata.write(_CLAIM.sub(b"", metadata.read_bytes()))
        pdf.save(target, encryption=encryption)
    return target.getvalue()
