"""Backups of a deployment: one sealed file that holds the database and every kept file."""
