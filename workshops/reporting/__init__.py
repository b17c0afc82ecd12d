"""What papers and the report of a workshop say: lists of delegates, numbers, and what follows from them."""
