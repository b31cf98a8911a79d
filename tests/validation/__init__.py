"""Pages that set our numbers beside published ones: ``python -m tests.validation FOLDER``."""
