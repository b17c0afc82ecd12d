"""What officers do for people, and administrators for their colleagues, behind buttons of the admin."""
