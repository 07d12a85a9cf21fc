"""A PDF locked with a password."""

import io


def encrypt_pdf(data: bytes, password: str) -> bytes:
    """Return the PDF encrypted with AES-256, without the claim to be PDF/A.

    PDF/A allows no encryption (ISO 19005-3, 6.1.3). All of it happens in memory.
    """
    import pikepdf

    encryption = pikepdf.Encryption(owner=password, user=password, R=6, aes=True, metadata=True)
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            for key in [key for key in metadata if "pdfaid" in key or "/pdfa/" in key]:
                del metadata[key]
        pdf.save(target, encryption=encryption)
    return target.getvalue()
