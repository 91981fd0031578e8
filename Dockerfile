# The image of a release: the static binary and nothing else. `image/ARCH/fleetlint` is put there by the release workflow.
FROM scratch
ARG TARGETARCH
COPY image/${TARGETARCH}/fleetlint /usr/local/bin/fleetlint
# The fleet repository is mounted here.
WORKDIR /fleet
USER 65534:65534
ENTRYPOINT ["/usr/local/bin/fleetlint"]
CMD ["check"]
