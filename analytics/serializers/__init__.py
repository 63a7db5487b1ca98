"""What people send to analytics, and what it sends back."""
