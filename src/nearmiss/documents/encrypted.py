"""A PDF that a password opens: AES-256, as PDF 2.0 (ISO 32000-2) has it."""

from io import BytesIO


def encrypt_pdf(data: bytes, password: str) -> bytes:
    """Return the PDF encrypted, without its claim to be archival: PDF/A allows no password."""
    import pikepdf

    encrypted = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            for claim in ("pdfaid:part", "pdfaid:conformance"):
                if claim in metadata:
                    del metadata[claim]
        pdf.save(encrypted, encryption=pikepdf.Encryption(owner=password, user=password, R=6))
    return encrypted.getvalue()
