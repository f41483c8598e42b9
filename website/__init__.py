"""The documentation as a site: `python -m website` builds it from README, docs/ and the schema (`make docs`)."""
