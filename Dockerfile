# Two stages: Maven builds the jar; a plain Java runtime runs it as an ordinary user.
#   docker build -t countersign .
#   docker run -p 8080:8080 -v countersign:/data countersign
ARG BUILD_BASE=maven:3.9-eclipse-temurin-17
ARG BASE=eclipse-temurin:17-jre

FROM ${BUILD_BASE} AS build
WORKDIR /src
# .mvn opens the compiler to the static analysis; without it Maven fails.
COPY .mvn .mvn
COPY pom.xml .
COPY server server
COPY sample-repo sample-repo
RUN mvn -B -ntp -q -Dquick -DskipTests package

FROM ${BASE}
COPY --from=build /src/target/countersign.jar /opt/countersign/countersign.jar
COPY --from=build /src/server/src/launcher/countersign /opt/countersign/countersign
COPY --from=build /src/server/src/launcher/archive-classes /tmp/warm-up/
COPY --from=build /src/sample-repo /tmp/warm-up/sample-repo
# The archive of loaded classes halves the start. It is tied to the path of the jar, so it is made here.
RUN /tmp/warm-up/archive-classes /opt/countersign/countersign.jar /opt/countersign/countersign.jsa /tmp/warm-up/sample-repo \
    && rm -rf /tmp/warm-up \
    && chmod 755 /opt/countersign/countersign \
    && ln -s /opt/countersign/countersign /usr/local/bin/countersign \
    && mkdir /data \
    && chown 10001:10001 /data
USER 10001:10001
VOLUME /data
EXPOSE 8080
# Without curl: bash opens the connection itself. Docker's own image format keeps this, the OCI format drops it.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <(head -n 1 <&3)"]
ENTRYPOINT ["countersign"]
CMD ["serve", "--data", "/data", "--host", "0.0.0.0", "--port", "8080"]
