"""What everybody reads of workshops, and what belongs to a ticket."""
