# The program and nothing else, for any of its roles: docker run … digest run | web | scheduler | worker.
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/digest
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY config config
COPY templates templates
COPY digest digest
RUN /opt/digest/bin/pip install --no-cache-dir --constraint constraints.txt . \
    && /opt/digest/bin/pip uninstall --yes --quiet pip

FROM python:3.13-slim-bookworm
# 10001 is nobody's number on a host; what it may write is var, a volume.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /srv/digest --shell /usr/sbin/nologin digest \
    && install --directory --owner=digest --group=digest --mode=0700 /srv/digest/var
COPY --from=build /opt/digest /opt/digest
ENV PATH=/opt/digest/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/digest
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
ENTRYPOINT ["digest"]
CMD ["run"]
