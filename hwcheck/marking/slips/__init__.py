"""The catalogue of slips: one row for each mistake, with what it is, what the student is told, and how it is made."""
