"""Whose certificates are believed by whatever this program calls."""

import os
import ssl

import certifi


def trust() -> ssl.SSLContext:
    """The usual authorities, or those the surroundings name: some servers have none but a private one.

    Raises OSError when what they name cannot be read.
    """
    named = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE") or certifi.where()
    if os.path.isdir(named):
        return ssl.create_default_context(capath=named)
    return ssl.create_default_context(cafile=named)
