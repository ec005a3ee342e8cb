"""Forms of pages that show several apps; they clean what was typed and save nothing."""
