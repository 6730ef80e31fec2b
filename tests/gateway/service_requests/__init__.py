"""Reports over HTTP, from the first tap to the timeline."""
