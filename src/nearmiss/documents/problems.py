"""What can go wrong as a document is made."""

from nearmiss.errors import NearmissError


class BrokenTemplate(NearmissError):
    """A template has a mistake."""

    sentence = (
        "The template {name} has a mistake: {reason} Nothing was written. "
        "Mend it, or move it out of your templates folder to use the one that came with nearmiss."
    )
