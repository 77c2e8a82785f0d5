//! Examples for every row, and the soundness of the data files.

use super::super::table::check;
use super::*;

/// Who an image runs as, shortly.
fn user(repository: &str, tag: &str) -> String {
    let Some(image) = base_image(repository, Some(tag)) else { return "unknown".to_owned() };
    let user = match image.user {
        DefaultUser::Root => "root".to_owned(),
        DefaultUser::Other { name, uid: None } => name.to_owned(),
        DefaultUser::Other { name, uid: Some(uid) } if name == uid.to_string() => name.to_owned(),
        DefaultUser::Other { name, uid: Some(uid) } => format!("{name}({uid})"),
        DefaultUser::ContainerAdministrator => "administrator".to_owned(),
        DefaultUser::ContainerUser => "windows user".to_owned(),
    };
    match image.runtime {
        Runtime::Stays => user,
        Runtime::Becomes(it) => format!("{user} > {it}"),
        Runtime::Workers(it) => format!("{user} + {it}"),
    }
}

fn expect(cases: &[(&str, &str, &str)]) {
    for (repository, tag, expected) in cases {
        assert_eq!(user(repository, tag), *expected, "{repository}:{tag}");
    }
}

#[test]
fn distributions_run_as_root() {
    for repository in [
        "scratch",
        "busybox",
        "alpine",
        "debian",
        "ubuntu",
        "fedora",
        "quay.io/fedora/fedora-minimal",
        "amazonlinux",
        "centos",
        "rockylinux",
        "almalinux",
        "oraclelinux",
        "archlinux",
        "opensuse/leap",
        "registry.suse.com/suse/sle15",
        "photon",
        "kalilinux/kali-rolling",
        "nixos/nix",
        "registry.access.redhat.com/ubi9",
        "registry.access.redhat.com/ubi10/ubi-init",
        "registry.access.redhat.com/ubi9/ubi-micro",
        "registry.access.redhat.com/ubi8-minimal",
        "registry.access.redhat.com/ubi7/ubi",
        "redhat/ubi9",
        "mcr.microsoft.com/azurelinux/base/core",
    ] {
        assert_eq!(user(repository, "latest"), "root", "{repository}");
        let by_digest = base_image(repository, None);
        let needs_tag = repository.starts_with("mcr.");
        assert_eq!(by_digest.is_none(), needs_tag, "{repository}");
    }
    expect(&[
        ("quay.io/centos/centos", "stream9", "root"),
        ("quay.io/centos/centos", "stream9-minimal", "root"),
        ("quay.io/centos/centos", "latest", "unknown"),
        ("registry.access.redhat.com/ubi9/nodejs-20", "latest", "1001"),
        ("registry.access.redhat.com/ubi8/go-toolset", "1.21", "1001"),
        ("mcr.microsoft.com/azurelinux/distroless/base", "3.0-nonroot", "nonroot"),
        ("mcr.microsoft.com/azurelinux/distroless/base", "3.0", "unknown"),
        ("mcr.microsoft.com/windows/servercore", "ltsc2022", "administrator"),
        ("mcr.microsoft.com/windows", "ltsc2019", "administrator"),
        ("mcr.microsoft.com/dotnet/framework/sdk", "4.8", "administrator"),
        ("mcr.microsoft.com/windows/nanoserver", "1809", "windows user"),
    ]);
}

/// Ubuntu has a user of its own from 23.04 on.
#[test]
fn release_names_count_as_versions() {
    let accounts = |tag| -> Vec<_> {
        base_image("ubuntu", tag).unwrap().accounts().map(|(name, _)| name).collect()
    };
    for new in ["noble", "24.04", "noble-20240530", "rolling", "latest", "23.04"] {
        assert_eq!(accounts(Some(new))[0], "ubuntu", "{new}");
    }
    for old in ["jammy", "22.04", "focal-20240530", "22.10"] {
        assert_eq!(accounts(Some(old))[0], "www-data", "{old}");
    }
    assert_eq!(accounts(None), ["nobody"]);
}

#[test]
fn distroless_and_chainguard() {
    expect(&[
        ("gcr.io/distroless/static-debian12", "latest", "root"),
        ("gcr.io/distroless/static-debian12", "debug", "root"),
        ("gcr.io/distroless/static-debian12", "nonroot", "65532"),
        ("gcr.io/distroless/static-debian12", "debug-nonroot", "65532"),
        ("gcr.io/distroless/base", "nonroot-arm64", "65532"),
        ("gcr.io/distroless/java17-debian12", "latest-amd64", "root"),
        ("gcr.io/distroless/cc", "c0ffee", "unknown"),
        ("cgr.dev/chainguard/static", "latest", "65532"),
        ("cgr.dev/chainguard/nginx", "latest-dev", "65532"),
        ("cgr.dev/chainguard/node", "latest", "65532"),
        ("cgr.dev/chainguard/wolfi-base", "latest", "root"),
        ("cgr.dev/chainguard/apko", "latest", "root"),
        ("cgr.dev/chainguard/bash", "latest", "root"),
        ("cgr.dev/chainguard/go", "latest", "root"),
        ("cgr.dev/chainguard/k3s", "latest", "root"),
        ("cgr.dev/chainguard/min-toolkit-debug", "latest", "root"),
        ("cgr.dev/chainguard/postgres", "latest", "root > postgres"),
        ("cgr.dev/chainguard/haproxy", "latest", "haproxy"),
        ("cgr.dev/chainguard/redis", "latest", "redis"),
        ("cgr.dev/chainguard/tomcat", "latest", "65532"),
        ("cgr.dev/chainguard/jdk", "latest", "65532"),
        ("cgr.dev/chainguard/unheard-of", "latest", "unknown"),
        ("dhi.io/node", "24", "nonroot(65532)"),
        ("dhi.io/node", "24-dev", "unknown"),
    ]);
    assert_eq!(base_image("gcr.io/distroless/cc", None), None);
}

#[test]
fn languages() {
    expect(&[
        ("node", "20-alpine", "root"),
        ("docker.io/library/node", "latest", "root"),
        ("mirror.gcr.io/library/node", "20", "root"),
        ("python", "3.12", "root"),
        ("php", "8-fpm", "root + www-data"),
        ("php", "8-apache", "root + www-data"),
        ("php", "8-cli", "root"),
        ("eclipse-temurin", "17", "root"),
        ("amazoncorretto", "17", "root"),
        ("gradle", "8", "root"),
        ("swift", "5.10", "root"),
        ("openjdk", "11", "root"),
        ("azul/zulu-openjdk-debian", "24", "root"),
        ("mcr.microsoft.com/openjdk/jdk", "21-distroless", "unknown"),
        ("denoland/deno", "2.1", "root"),
        ("oven/bun", "1", "root"),
        ("mcr.microsoft.com/dotnet/aspnet", "8.0", "root"),
        ("mcr.microsoft.com/dotnet/aspnet", "6.0", "root"),
        ("mcr.microsoft.com/dotnet/aspnet", "latest", "root"),
        ("mcr.microsoft.com/dotnet/core/aspnet", "3.1", "root"),
        ("mcr.microsoft.com/dotnet/runtime-deps", "8.0-jammy-chiseled", "1654"),
        ("mcr.microsoft.com/dotnet/runtime", "9.0-azurelinux3.0-distroless-extra", "1654"),
        ("mcr.microsoft.com/dotnet/sdk", "8.0-nanoserver-1809", "unknown"),
        ("ghcr.io/astral-sh/uv", "0.4.20", "root"),
        ("ghcr.io/astral-sh/uv", "python3.12-trixie-slim", "root"),
        ("composer", "2", "root"),
        ("jupyter/base-notebook", "latest", "1000"),
        ("continuumio/miniconda3", "latest", "root"),
        ("mambaorg/micromamba", "2.8.1", "mambauser(57439)"),
        ("apache/airflow", "2.9", "50000"),
    ]);
    let node: Vec<_> = base_image("node", Some("20")).unwrap().accounts().collect();
    assert_eq!(node, [("node", Some(1000))]);
    let php: Vec<_> = base_image("php", Some("8-fpm")).unwrap().accounts().collect();
    assert_eq!(php, [("www-data", None)]);
}

#[test]
fn servers() {
    expect(&[
        ("nginx", "1.27", "root + nginx"),
        ("nginxinc/nginx-unprivileged", "1.27", "101"),
        ("httpd", "2.4", "root + www-data"),
        ("caddy", "2", "root"),
        ("traefik", "3.1", "root"),
        ("haproxy", "2.4.1", "haproxy(99)"),
        ("haproxy", "lts-alpine", "haproxy(99)"),
        ("haproxy", "2.3", "root"),
        ("varnish", "latest", "varnish(1000)"),
        ("varnish", "6.0", "unknown"),
        ("envoyproxy/envoy", "v1.30-latest", "root > envoy"),
        ("envoyproxy/envoy", "distroless-v1.30", "unknown"),
        ("tomcat", "9", "root"),
        ("jetty", "12", "jetty(999)"),
        ("open-liberty", "full", "1001"),
        ("postgres", "17", "root > postgres"),
        ("mysql", "8", "root > mysql"),
        ("mariadb", "11.4", "root > mysql"),
        ("mariadb", "11.4-ubi9", "mysql(999)"),
        ("mongo", "7", "root > mongodb"),
        ("redis", "7", "root > redis"),
        ("valkey/valkey", "8", "root > valkey"),
        ("memcached", "1.6", "memcache(11211)"),
        ("rabbitmq", "4", "root > rabbitmq"),
        ("cassandra", "5", "root > cassandra"),
        ("couchdb", "3", "root > couchdb"),
        ("clickhouse", "26.3", "root > clickhouse"),
        ("clickhouse", "26.3-distroless", "101:101(101)"),
        ("neo4j", "5", "root > neo4j"),
        ("elasticsearch", "8.11.2", "1000:0(1000)"),
        ("elasticsearch", "7.17.9", "unknown"),
        ("kibana", "8.11.2", "1000"),
        ("logstash", "8.11.2", "1000"),
        ("opensearchproject/opensearch", "2", "1000"),
        ("solr", "9", "8983"),
        ("zookeeper", "3.9", "root > zookeeper"),
        ("apache/kafka", "4.1.0", "appuser(1000)"),
        ("confluentinc/cp-kafka", "7.0.1", "appuser(1000)"),
        ("confluentinc/cp-kafka", "5.5.1", "unknown"),
        ("influxdb", "2.7", "root > influxdb"),
        ("influxdb", "3-core", "influxdb3(1500)"),
        ("influxdb", "latest", "unknown"),
        ("telegraf", "1.30", "root > telegraf"),
        ("nats", "2.10", "root"),
        ("eclipse-mosquitto", "2", "root > mosquitto"),
        ("spark", "3.5.0", "spark(185)"),
        ("flink", "1.20", "root > flink"),
        ("flink", "2.2", "flink(9999)"),
        ("flink", "latest", "flink(9999)"),
        ("jenkins/jenkins", "lts", "jenkins(1000)"),
        ("sonarqube", "lts", "sonarqube(1000)"),
        ("sonatype/nexus3", "3.70", "nexus(200)"),
        ("gitlab/gitlab-ce", "latest", "root + git"),
        ("gitlab/gitlab-runner", "latest", "root"),
        ("gitea/gitea", "1.21", "root > git"),
        ("gitea/gitea", "1.21-rootless", "1000"),
        ("registry", "2", "root"),
        ("docker", "27-dind", "root"),
        ("docker", "cli", "root"),
        ("docker", "27-dind-rootless", "rootless(1000)"),
        ("docker", "dind-rootless", "rootless(1000)"),
        ("grafana/grafana", "11.0.0", "472"),
        ("prom/prometheus", "v2.45.0", "nobody(65534)"),
        ("prom/node-exporter", "latest", "nobody(65534)"),
        ("grafana/loki", "3.0", "10001"),
        ("jaegertracing/all-in-one", "1.50", "10001"),
        ("fluent/fluentd", "v1.16", "fluent(999)"),
        ("fluent/fluent-bit", "3.0", "root"),
        ("otel/opentelemetry-collector", "0.100.0", "10001"),
        ("hashicorp/vault", "1.17", "root > vault"),
        ("hashicorp/consul", "1.19", "root > consul"),
        ("hashicorp/terraform", "1.9", "root"),
        ("quay.io/keycloak/keycloak", "26.0", "1000"),
        ("minio/minio", "latest", "root"),
        ("kong", "3.9", "kong(1000)"),
        ("istio/proxyv2", "1.22", "1337"),
        ("mcr.microsoft.com/mssql/server", "2019-latest", "mssql(10001)"),
        ("mcr.microsoft.com/mssql/server", "2017-latest", "root"),
        ("registry.k8s.io/pause", "3.9", "65535"),
        ("registry.k8s.io/kube-proxy", "v1.30.0", "unknown"),
    ]);
}

#[test]
fn applications_and_toolboxes() {
    expect(&[
        ("adminer", "4", "adminer(1000)"),
        ("phpmyadmin", "5", "root + www-data"),
        ("wordpress", "6", "root + www-data"),
        ("wordpress", "cli-2.10", "www-data(33)"),
        ("ghost", "5", "root > node"),
        ("nextcloud", "29", "root + www-data"),
        ("drupal", "10", "root + www-data"),
        ("redmine", "5", "root > redmine"),
        ("odoo", "17", "odoo(100)"),
        ("mcr.microsoft.com/playwright", "v1.40.0-jammy", "root"),
        ("mcr.microsoft.com/devcontainers/base", "bookworm", "root"),
        ("selenium/standalone-chrome", "latest", "1200"),
        ("ghcr.io/puppeteer/puppeteer", "22", "pptruser(10042)"),
        ("cypress/included", "13", "root"),
        ("public.ecr.aws/lambda/python", "3.12", "root"),
        ("nvidia/cuda", "12.5.1-base-ubuntu22.04", "root"),
        ("nvcr.io/nvidia/cuda", "12.5.1-base-ubuntu22.04", "root"),
        ("pytorch/pytorch", "2.0.1", "root"),
        ("ros", "humble", "root"),
        ("biocontainers/biocontainers", "v1.0.0_cv4", "biodocker(1000)"),
        ("webdevops/php", "8.3", "root + application"),
        ("lscr.io/linuxserver/nginx", "latest", "root + abc"),
        ("google/cloud-sdk", "latest", "root"),
        ("mhart/alpine-node", "14", "root"),
        ("oracle/serverjre", "8", "root"),
        ("bitnami/redis", "7.2", "1001"),
        ("bitnamilegacy/redis", "7.2", "1001"),
        ("example.com/node", "20", "unknown"),
        ("nodes", "20", "unknown"),
        ("", "", "unknown"),
    ]);
}

#[test]
fn systems_follow_the_tag() {
    let packages = |repository, tag| {
        base_image(repository, Some(tag)).unwrap().system.map(|it| (it.sh, it.packages))
    };
    use PackageManager as P;
    for (repository, tag, expected) in [
        ("alpine", "3.18", Some((Shell::Ash, P::Apk))),
        ("debian", "12-slim", Some((Shell::Dash, P::Apt))),
        ("ubuntu", "22.04", Some((Shell::Dash, P::Apt))),
        ("scratch", "latest", Some((Shell::None, P::None))),
        ("busybox", "1.36", Some((Shell::Ash, P::None))),
        ("fedora", "40", Some((Shell::Bash, P::Dnf))),
        ("amazonlinux", "2", Some((Shell::Bash, P::Yum))),
        ("amazonlinux", "2023", Some((Shell::Bash, P::Dnf))),
        ("amazonlinux", "latest", None),
        ("centos", "7", Some((Shell::Bash, P::Yum))),
        ("centos", "latest", Some((Shell::Bash, P::Dnf))),
        ("rockylinux", "9-minimal", Some((Shell::Bash, P::Microdnf))),
        ("oraclelinux", "8-slim", Some((Shell::Bash, P::Microdnf))),
        ("oraclelinux", "7-slim", Some((Shell::Bash, P::Yum))),
        ("redhat/ubi9-micro", "latest", Some((Shell::Bash, P::None))),
        ("redhat/ubi9-minimal", "latest", Some((Shell::Bash, P::Microdnf))),
        ("node", "20", Some((Shell::Dash, P::Apt))),
        ("node", "20-bookworm-slim", Some((Shell::Dash, P::Apt))),
        ("node", "20-alpine3.18", Some((Shell::Ash, P::Apk))),
        ("golang", "1.26-nanoserver-ltsc2022", Some((Shell::Cmd, P::None))),
        ("golang", "1.26-windowsservercore", Some((Shell::Cmd, P::None))),
        ("eclipse-temurin", "21-jdk-ubi9-minimal", None),
        ("amazoncorretto", "21-al2023", Some((Shell::Bash, P::Dnf))),
        ("amazoncorretto", "21-alpine", Some((Shell::Ash, P::Apk))),
        ("amazoncorretto", "21", None),
        ("openjdk", "11-jre-slim", Some((Shell::Dash, P::Apt))),
        ("openjdk", "11", None),
        ("mcr.microsoft.com/dotnet/aspnet", "8.0-jammy-chiseled", Some((Shell::None, P::None))),
        ("mcr.microsoft.com/dotnet/aspnet", "8.0-azurelinux3.0", Some((Shell::Bash, P::Tdnf))),
        ("caddy", "2", Some((Shell::Ash, P::Apk))),
        ("gcr.io/distroless/cc", "nonroot", Some((Shell::None, P::None))),
        ("gcr.io/distroless/cc", "debug", Some((Shell::Ash, P::None))),
        ("cgr.dev/chainguard/python", "latest", Some((Shell::None, P::None))),
        ("cgr.dev/chainguard/python", "latest-dev", Some((Shell::Ash, P::Apk))),
        ("cgr.dev/chainguard/tomcat", "latest", Some((Shell::Bash, P::None))),
        ("nvidia/cuda", "12.5.1-base-ubuntu22.04", Some((Shell::Dash, P::Apt))),
        ("nvidia/cuda", "latest", None),
        ("mysql", "8", None),
    ] {
        assert_eq!(packages(repository, tag), expected, "{repository}:{tag}");
    }
    let system = |repository, tag| base_image(repository, Some(tag)).unwrap().system.unwrap();
    assert!(system("debian", "12").bash && !system("alpine", "3").bash);
    assert_eq!(system("alpine", "3").libc, Some(Libc::Musl));
    assert_eq!(system("node", "20").libc, Some(Libc::Glibc));
    assert!(
        !system("scratch", "latest").passwd && system("gcr.io/distroless/static", "latest").passwd
    );
}

#[test]
fn presets_and_tools() {
    let image = |repository, tag| base_image(repository, Some(tag)).unwrap();
    assert_eq!(image("golang", "1.26").presets.workdir, Some("/go"));
    assert_eq!(image("node", "20").presets.workdir, None);
    assert_eq!(image("node", "20").presets.entrypoint, Some("docker-entrypoint.sh"));
    assert_eq!(image("nginx", "1.27").presets.command, Some("nginx -g daemon off;"));
    let volumes = |tag| image("postgres", tag).presets.volumes().collect::<Vec<_>>();
    assert_eq!(volumes("17"), ["/var/lib/postgresql/data"]);
    assert_eq!(volumes("18"), ["/var/lib/postgresql"]);
    let has = |repository, tag, tool| image(repository, tag).tools().any(|it| it == tool);
    assert!(has("node", "20", "gcc") && !has("node", "20-slim", "gcc"));
    assert!(!has("node", "20-alpine", "gcc") && has("node", "20-alpine", "wget"));
    assert!(has("nginx", "1.27-alpine", "curl") && !has("nginx", "1.27-alpine-slim", "curl"));
    assert_eq!(image("cassandra", "5").presets, Presets::default());
}

/// Every row is understood in every column, and no row is hidden behind an earlier one.
#[test]
fn the_tables_are_read_completely() {
    check::shape(&IMAGES, 6, 7);
    check::shape(&CONTENTS, 3, 8);
    for row in IMAGES.rows() {
        let [images, tags, user, runtime, accounts, confidence, system] = columns(row);
        assert!(!images.is_empty() && !tags.is_empty(), "{row}");
        assert!(default_user(user).is_some(), "{row}");
        assert!(self::runtime(runtime).is_some(), "{row}");
        assert!(self::confidence(confidence).is_some(), "{row}");
        let key = system.trim_end_matches('?');
        assert!(key.is_empty() || system_called(key).is_some(), "{row}");
        for account in accounts.split(' ').filter(|it| !it.is_empty()) {
            let number = account.split_once(':').map(|(_, it)| it);
            let fits = number.is_none_or(|it| it.parse::<u32>().is_ok());
            assert!(fits || account.starts_with("Container"), "{row}");
        }
    }
    let mut seen = Vec::new();
    for row in IMAGES.rows().chain(CONTENTS.rows()) {
        let [images, tags] = columns(row);
        for image in images.split(',') {
            assert_eq!(familiar(image), image, "{row}");
            let table = IMAGES.rows().any(|it| it == row);
            assert!(!seen.contains(&(table, image, tags)), "{image} {tags} is there twice");
            assert!(!seen.contains(&(table, image, "*")), "{image} {tags} is never reached");
            seen.push((table, image, tags));
        }
    }
}
