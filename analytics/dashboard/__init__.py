"""The staff dashboard: panels of charts drawn on the server, each with its table and its sample size."""
