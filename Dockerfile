# The site in a container. What runs beside it stands in compose.yaml.
FROM node:22-bookworm-slim AS assets
WORKDIR /site/directory/assets
COPY directory/assets/package.json directory/assets/package-lock.json directory/assets/build.mjs ./
RUN npm ci --ignore-scripts --no-audit --no-fund --silent && node build.mjs

FROM python:3.13-slim-bookworm
WORKDIR /site
COPY .locks/run.txt ./
RUN pip install --no-cache-dir --require-hashes --requirement run.txt
COPY wsgi.py ./
COPY directory directory
COPY indexer indexer
COPY templates templates
COPY --from=assets /site/directory/static/vendor directory/static/vendor
# Nobody but the site reads what it keeps, and it cannot write to its own program.
RUN useradd --system --uid 10001 --no-create-home stillpoint && install -d -o stillpoint -m 0700 /data
USER stillpoint
ENV DATA_DIR=/data HOST=0.0.0.0 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "directory.cli", "up"]
