"""What pages that show several apps leave on record."""
