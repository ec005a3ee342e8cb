"""What people do with proposals: ask for them, adopt their groups, and see the branches founded."""
