"""Reading, recognising, cleaning and writing the Excel and CSV lists a district holds."""
