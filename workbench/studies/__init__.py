"""Studies: from a configuration to tables, figures and a page."""
