# One image for web and worker, from the same locked lists as ./run.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt requirements-uv.txt ./
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements-uv.txt \
 && /venv/bin/uv pip install --python /venv/bin/python --no-cache --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      fonts-noto-cjk gettext libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home qiaoshou \
 && mkdir -p /data/media /data/static && chown -R qiaoshou /data
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONPATH=/app:/app/site \
    DJANGO_SETTINGS_MODULE=qiaoshou.settings.production QIAOSHOU_VAR=/data
COPY --from=build /venv /venv
COPY --chown=qiaoshou . /app
WORKDIR /app
RUN find locale -name '*.po' -path '*LC_MESSAGES*' -exec sh -c 'msgfmt "$1" -o "${1%.po}.mo"' _ {} \;
USER qiaoshou
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s CMD ["python", "docker/health.py"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "4", "--backpressure", "32", "--no-access-log", "qiaoshou.wsgi:application"]
