"""What stands beside a report's own fields in an export, by the names that import must know."""

# Made from later entries: they are written for readers, and import leaves them alone.
LATER_COLUMNS = (
    "closed_on",
    "harm_found",
    "follow_ups",
    "care_plan_status",
    "care_plan_day",
    "corrections",
    "next_step",
    "next_who",
    "next_due",
    "pattern",
    "disclosures",
)
BOOK_SEAL = "book_seal"  # the last column or key, the same in every row
