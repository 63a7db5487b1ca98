"""What goes over the wire: strict definitions of what comes in, plain builders of what goes out."""
