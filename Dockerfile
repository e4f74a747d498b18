# Build: docker build -t drumbeat .     with an index of your own: --build-arg PIP_INDEX_URL=…
# Run:   docker run -v drumbeat:/data -p 127.0.0.1:8080:8080 drumbeat
ARG BASE=python:3.11-slim

FROM ${BASE} AS build
ARG PIP_INDEX_URL
# The lock comes first: as long as it does not change, this layer is reused.
COPY lock/runtime.txt /lock.txt
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r /lock.txt

FROM ${BASE}
RUN useradd --uid 10001 --create-home drumbeat && mkdir /data && chown drumbeat:drumbeat /data
COPY --from=build /venv /venv
COPY bot /app/bot
COPY handlers /app/handlers
COPY schedules /app/schedules
COPY plans /app/plans
# Inside a container only an address for all reaches the published port.
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 DRUMBEAT_SERVER__HOST=0.0.0.0
USER drumbeat
# config.toml, data/ and holidays/ are looked for here.
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
