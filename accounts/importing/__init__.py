"""What lists say of places, whoever they are of."""
