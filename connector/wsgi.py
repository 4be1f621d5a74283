"""The web server's entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "connector.settings")
pages = get_wsgi_application()

# Only now can the app's modules be imported.
from django.db import connections  # noqa: E402

from connector.webhooks.door import in_front  # noqa: E402
from tenants.keys import require_right_keys  # noqa: E402

application = in_front(pages)
require_right_keys()
connections.close_all()  # the server may fork, and two processes must not share a connection
