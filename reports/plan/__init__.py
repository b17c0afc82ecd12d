"""A year beside its plan: what a place came to, what it set out to do, and the classes that were held outside this platform."""
