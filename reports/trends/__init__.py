"""How the months go: begun, completed, certified; one period beside the one before, one place beside another, in the borders of today or of
before 1/7/2025."""
