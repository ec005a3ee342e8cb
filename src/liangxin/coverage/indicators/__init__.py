"""The figures of the two coverages, one file each."""
