"""National standards as plain functions: codes, industries, sizes, workdays, coordinates."""
