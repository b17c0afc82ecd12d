"""Question files of other programs, read into drafts (`base.Draft`) and problems; nothing here writes to the database."""
