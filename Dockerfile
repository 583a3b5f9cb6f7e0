# One image per service: `docker build --target producer .`, `--target consumer` or `--target console`.

FROM node:24-slim AS build
WORKDIR /app
ENV PATH=/app/node_modules/.bin:$PATH
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY shared shared
COPY services services
COPY cli cli
RUN node -r ts-node/register/transpile-only scripts/build.ts

FROM node:24-slim AS production-dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim AS service
ENV NODE_ENV=production
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=production-dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node

FROM service AS producer
EXPOSE 3000
# A volume that is mounted here takes over whose it is.
USER root
RUN install -d -o node -g node -m 700 /var/lib/handoff/spool
USER node
ENV SPOOL_PATH=/var/lib/handoff/spool
CMD ["node", "--enable-source-maps", "--max-semi-space-size=16", "--no-allocation-site-pretenuring", "--no-parallel-scavenge", "dist/services/producer/main.js"]

FROM service AS consumer
EXPOSE 3001
CMD ["node", "--enable-source-maps", "--max-semi-space-size=16", "--no-allocation-site-pretenuring", "--no-parallel-scavenge", "dist/services/consumer/main.js"]

FROM service AS console
EXPOSE 8080
CMD ["node", "--enable-source-maps", "--max-semi-space-size=16", "--no-allocation-site-pretenuring", "--no-parallel-scavenge", "dist/services/console/main.js"]
