# The program with everything it needs on a CPU. Build: docker build -t facesieve .
FROM node:20-bookworm AS build
WORKDIR /src
COPY . .
ENV ONNXRUNTIME_NODE_INSTALL=skip
RUN npm ci --no-audit --no-fund && npm pack --pack-destination /tmp \
  && npm install --global --prefix /opt/facesieve --no-audit --no-fund /tmp/facesieve-*.tgz

FROM node:20-bookworm-slim
COPY --from=build /opt/facesieve /opt/facesieve
ENV PATH=/opt/facesieve/bin:$PATH \
  FACESIEVE_CACHE=/data/.facesieve-cache
# Files in /data belong to whoever mounted it: start with --user "$(id -u):$(id -g)".
WORKDIR /data
ENTRYPOINT ["facesieve"]
CMD ["--help"]
