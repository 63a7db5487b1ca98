"""HTTP endpoints of analytics: who, which, do, answer."""
