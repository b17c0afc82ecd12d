class UnreadableError(Exception):
    """The whole file, or one question in it, cannot be read; says why in a sentence."""
