"""WSGI entry of the web process."""

import os

from django.core.wsgi import get_wsgi_application

from core.tasks.workers import collect_rarely

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.project.settings")
application = get_wsgi_application()
# Garbage would be looked for in the middle of requests, among all that was just loaded.
collect_rarely()
