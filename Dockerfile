# The production image: web, worker and beat are the same image with another command (see docker-compose.yml).
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/base.txt
COPY . .
# Whoever builds has no secrets: CONCITOYEN_BUILD lets the settings load without them, for these two commands only.
RUN /venv/bin/python -m conference.local.messages \
    && CONCITOYEN_BUILD=1 /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && /venv/bin/python -m compileall -q conference panels experts

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin concitoyen \
    && install -d -m 0700 -o concitoyen -g concitoyen /data /data/media /data/beat
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CONCITOYEN_HOME=/data MEDIA_ROOT=/data/media
USER concitoyen
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 CMD ["python", "scripts/healthcheck.py"]
# The access log stays off: addresses hold personal links.
CMD ["gunicorn", "conference.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--graceful-timeout", "20", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
