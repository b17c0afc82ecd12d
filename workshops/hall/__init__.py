"""In the hall: a test before and one after, what people thought of it, and the paper that comes back."""
