"""Handling of reports: the resident, the officers and the clock."""
