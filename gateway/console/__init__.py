"""The console at /console: a page and the built files behind it; its source is in console/."""
