"""Exit code 0 when the site in this container can serve, with database and cache."""

import os
import sys
import urllib.request

ADDRESS = "http://127.0.0.1:8000/healthz/ready"


def main() -> int:
    # Asked like nginx asks: by a host that is allowed, as if TLS had ended before.
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip()
    request = urllib.request.Request(
        os.environ.get("HEALTH_ADDRESS", ADDRESS),
        headers={"Host": host, "X-Forwarded-Proto": "https"},
    )
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with straight.open(request, timeout=4) as answer:
        return int(answer.status != 200)


if __name__ == "__main__":
    sys.exit(main())
