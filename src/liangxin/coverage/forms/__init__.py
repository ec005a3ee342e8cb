"""Forms of the coverage pages; they clean what was typed and save nothing."""
