"""Downloads: streamed from PostgreSQL's COPY, one file per format, each one audited."""
