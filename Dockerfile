# The site and its worker: the same image, told apart by the command (compose.yaml).
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/finmart
COPY requirements-server.txt ./
RUN python -m venv /srv/venv \
 && /srv/venv/bin/pip install --require-hashes --only-binary :all: --requirement requirements-server.txt
COPY . ./
# Editable, as on any other machine: templates, styles and translations are read beside the package.
RUN /srv/venv/bin/pip install --no-deps --no-build-isolation --editable . \
 && /srv/venv/bin/pybabel compile --directory translations \
 && /srv/venv/bin/python -m compileall -q finmart

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --no-create-home finmart \
 && install --directory --owner finmart --group finmart --mode 700 /data
COPY --from=build /srv /srv
ENV PATH=/srv/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    FINMART_ENV=production FINMART_DATA=/data FINMART_JOBS=off FINMART_LOG_LEVEL=INFO
USER finmart
WORKDIR /srv/finmart
VOLUME /data
EXPOSE 8000
CMD ["finmart", "serve", "--host", "0.0.0.0", "--port", "8000", "--processes", "2"]
