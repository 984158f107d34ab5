"""The door for web servers: `granian --interface wsgi config.wsgi:application`."""

from __future__ import annotations

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Every page's code, before anybody asks for a page. All of this stays as long as the process: were
# it not set apart, the collector of garbage would walk over it again and again, 0.1 s each time,
# which on pages with thousands of rows was every fourth request.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
