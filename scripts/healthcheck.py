"""Whether the web server of this container answers: for Docker, in an image that has no curl."""

import sys
import urllib.request

try:
    with urllib.request.urlopen("http://127.0.0.1:8000/health/live", timeout=4) as response:
        sys.exit(response.status != 200)
except OSError as error:
    sys.exit(str(error))
