"""Papers of a workshop in the admin: what there is to print and to take along, and the report's own words."""
