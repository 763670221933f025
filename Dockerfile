# Everything that is installed comes from the hashed lock files; what compiles and builds stays in the first stage.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/crossdrill \
    && /opt/crossdrill/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY quiz_bank quiz_bank
COPY migrations migrations
RUN /opt/build/bin/hatchling build -t wheel \
    && /opt/crossdrill/bin/pip install --no-cache-dir --no-deps --no-index dist/*.whl

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 crossdrill \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin crossdrill \
    && install -d -o crossdrill -g crossdrill /data
COPY --from=build /opt/crossdrill /opt/crossdrill
ENV PATH=/opt/crossdrill/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    CROSSDRILL_ACCESS=tokens \
    CROSSDRILL_HOST=0.0.0.0 \
    CROSSDRILL_PORT=8000 \
    CROSSDRILL_LOG_FORMAT=json \
    CROSSDRILL_DATABASE_URL=sqlite:////data/crossdrill.sqlite3
WORKDIR /data
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=4s --start-period=10s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"CROSSDRILL_PORT\"]}/readyz', timeout=3)"]
# The server takes the shell's place, so that a stop signal reaches it.
CMD ["sh", "-c", "crossdrill migrate && exec crossdrill serve"]
