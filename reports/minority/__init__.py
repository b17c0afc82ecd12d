"""How many said that they belong to an ethnic minority: a total of a province and of the country, and nothing smaller."""
