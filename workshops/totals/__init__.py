"""What all workshops of a time come to, by place and by topic: for whoever reports on a commune, a province or the country."""
