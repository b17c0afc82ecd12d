"""Some months later: a few delegates of each commune are called and asked what they put to use."""
