# Everything that is installed comes from the hashed lock files; what compiles and builds stays in the first stage.
FROM python:3.11-slim-bookworm AS build
# requirements-otel.lock adds what traces need.
ARG LOCK=requirements.lock
WORKDIR /src
COPY requirements.lock requirements-otel.lock requirements-build.lock ./
# The environment holds what the lock names, and nothing else: pip stays in the builder's own.
RUN python -m venv --without-pip /opt/crossdrill \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements-build.lock \
    && /opt/build/bin/pip --python /opt/crossdrill/bin/python install \
        --no-cache-dir --no-compile --require-hashes -r "$LOCK"
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY quiz_bank quiz_bank
COPY migrations migrations
# Copying a file may change its time, and bytecode that goes by it would be compiled anew at every start.
RUN /opt/build/bin/hatchling build -t wheel \
    && /opt/build/bin/pip --python /opt/crossdrill/bin/python install \
        --no-cache-dir --no-compile --no-deps --no-index dist/*.whl \
    && /opt/crossdrill/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/crossdrill/lib

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Crossdrill" \
      org.opencontainers.image.description="Practise cross-entropy for data-science and machine-learning interviews" \
      org.opencontainers.image.licenses="MIT"
# Whoever runs it, whatever their number, may write to a volume that was made for them. Python's own library comes
# without bytecode.
RUN groupadd --gid 10001 crossdrill \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin crossdrill \
    && install -d -o crossdrill -g crossdrill -m 0777 /data \
    && python -m compileall -q -j 0 --invalidation-mode unchecked-hash -x '/(test|idlelib|lib2to3)/' \
        "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
COPY --from=build /opt/crossdrill /opt/crossdrill
ENV PATH=/opt/crossdrill/bin:$PATH \
    HOME=/data \
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
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=4s --start-period=10s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"CROSSDRILL_PORT\"]}/readyz', timeout=3)"]
CMD ["crossdrill", "serve", "--migrate"]
