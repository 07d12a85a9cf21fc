"""What can be wrong with a logbook file, in words."""

from nearmiss.errors import NearmissError


class CannotOpen(NearmissError):
    """The logbook file can't be opened."""

    sentence = (
        "The logbook {path} can't be opened: {reason}. Nothing was changed. "
        "Put that right, or choose another file with --logbook."
    )


class NotALogbook(NearmissError):
    """The file holds something else."""

    sentence = (
        "{path} is not a nearmiss logbook: no line of it can be read as an entry. "
        "It was left as it is. Choose another file with --logbook."
    )


class NewerLogbook(NearmissError):
    """The book was written by a later version, which may hold what this one can't see."""

    sentence = (
        "This logbook was written by a newer nearmiss. It was left as it is. "
        "Update nearmiss, then try again."
    )


class LogbookInUse(NearmissError):
    """Another program holds the lock for longer than a write takes."""

    sentence = (
        "The logbook {path} is in use by another program. Nothing was written. "
        "Close the other program, then try again."
    )


class CannotSave(NearmissError):
    """The entry could not be written; the file is as it was."""

    sentence = "Not saved in {path}: {reason}. The logbook is as it was before."
