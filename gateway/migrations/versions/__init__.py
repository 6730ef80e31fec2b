"""The revisions, one file each, named feature_number."""
