"""The questions a carer is asked, and how the answers are understood."""
