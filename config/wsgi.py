"""The WSGI application of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Set before the settings are read: pools and timeouts of a web process differ from those of a command.
os.environ.setdefault("PROCESS_ROLE", "web")

application = get_wsgi_application()

from config.startup import apply_flags_of_environment, give_signs_of_life  # noqa: E402  (its models need the applications above)

apply_flags_of_environment()
give_signs_of_life()
