# docker build -t yiwentong .
# docker run --rm --read-only --tmpfs /tmp -v yiwentong:/data -p 8000:8000 yiwentong
# BASE may be any image with python3 3.11 or newer and its venv module.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
WORKDIR /src
RUN python3 -m venv /opt/yiwentong
COPY requirements.lock ./
RUN /opt/yiwentong/bin/python3 -m pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY intents intents
COPY knowledge knowledge
RUN /opt/yiwentong/bin/python3 -m pip install --no-deps .

FROM ${BASE}
COPY --from=build /opt/yiwentong /opt/yiwentong
# The snapshot goes to a folder that may be a tmpfs: the root can be read-only.
ENV PATH=/opt/yiwentong/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LANG=C.UTF-8 \
    HOME=/tmp \
    YIWENTONG_CACHE_DIR=/tmp/yiwentong \
    YIWENTONG_DATA_DIR=/data \
    YIWENTONG_HOST=0.0.0.0
# A volume that is mounted here takes over its owner.
RUN install -d -o 10001 -g 10001 -m 700 /data
VOLUME /data
WORKDIR /tmp
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
    CMD ["python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["yiwentong"]
CMD ["serve"]
