class Refusal(Exception):  # noqa: N818 (the word that people use)
    """An action could not be done. The sentence is for the person in front of the screen: what happened, what to do."""
