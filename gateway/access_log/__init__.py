"""Who saw what of a resident, when and why, in every service at one place (docs/access-log.md)."""
