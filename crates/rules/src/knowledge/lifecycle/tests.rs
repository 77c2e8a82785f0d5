//! Tables of images and what they are made of, and the soundness of the data file.

use super::super::table::check;
use super::*;

/// The cycles of an image, shortly.
fn of(repository: &str, tag: &str) -> String {
    let cycles = end_of_life(repository, Some(tag));
    let shown = cycles.iter().map(|it| format!("{} {}", it.product, it.cycle).trim().to_owned());
    shown.collect::<Vec<_>>().join(", ")
}

fn expect(cases: &[(&str, &str, &str)]) {
    for (repository, tag, expected) in cases {
        assert_eq!(of(repository, tag), *expected, "{repository}:{tag}");
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn distributions() {
    expect(&[
        ("debian", "bookworm", "Debian 12"),
        ("debian", "bookworm-slim", "Debian 12"),
        ("debian", "bookworm-20240904-slim", "Debian 12"),
        ("debian", "12", "Debian 12"),
        ("debian", "10.13-slim", "Debian 10"),
        ("debian", "bullseye-backports", "Debian 11"),
        ("docker.io/library/debian", "wheezy", "Debian 7"),
        ("amd64/debian", "squeeze", "Debian 6"),
        ("ubuntu", "jammy", "Ubuntu 22.04"),
        ("ubuntu", "22.04", "Ubuntu 22.04"),
        ("ubuntu", "jammy-20240530", "Ubuntu 22.04"),
        ("ubuntu", "eoan", "Ubuntu 19.10"),
        ("ubuntu", "lucid", "Ubuntu 10.04"),
        ("alpine", "3.18", "Alpine Linux 3.18"),
        ("alpine", "3.18.4", "Alpine Linux 3.18"),
        ("alpine", "3.1", "Alpine Linux 3.1"),
        ("alpine", "2", "Alpine Linux 2.7"),
        ("alpine", "1.0", "Alpine Linux 1.0"),
        ("centos", "7", "CentOS Linux 7"),
        ("centos", "centos7.9.2009", "CentOS Linux 7"),
        ("centos", "latest", "CentOS Linux 8"),
        ("quay.io/centos/centos", "stream9-minimal", "CentOS Stream 9"),
        ("fedora", "36", "Fedora 36"),
        ("registry.fedoraproject.org/fedora-minimal", "42", "Fedora 42"),
        ("quay.io/fedora/s2i-base", "38", "Fedora 38"),
        ("rockylinux", "9.3-minimal", "Rocky Linux 9"),
        ("almalinux/8-base", "8.5", "AlmaLinux 8"),
        ("oraclelinux", "7-slim", "Oracle Linux 7"),
        ("ghcr.io/oracle/oraclelinux", "8", "Oracle Linux 8"),
        ("amazonlinux", "1", "Amazon Linux 2018.03"),
        ("amazonlinux", "2018.03.0.20231218.0", "Amazon Linux 2018.03"),
        ("amazonlinux", "2.0.20240503.0", "Amazon Linux 2"),
        ("public.ecr.aws/amazonlinux/amazonlinux", "2023", "Amazon Linux 2023"),
        ("photon", "3.0-20240101", "Photon OS 3.0"),
        ("opensuse/leap", "15.5", "openSUSE Leap 15.5"),
        ("registry.suse.com/suse/sle15", "15.3", "SUSE Linux Enterprise 15.3"),
        ("registry.suse.com/bci/bci-base", "15.5", "SUSE Linux Enterprise 15.5"),
        ("mcr.microsoft.com/cbl-mariner/base/core", "2.0", "Azure Linux 2.0"),
        ("mcr.microsoft.com/azurelinux/base/core", "3.0.20250101", "Azure Linux 3.0"),
    ]);
}

/// Where the repository's name says the cycle, the tag is not needed, not even a digest's.
#[test]
fn cycles_in_the_name() {
    for (repository, expected) in [
        ("registry.access.redhat.com/ubi8", "8"),
        ("registry.access.redhat.com/ubi8/ubi-minimal", "8"),
        ("registry.access.redhat.com/ubi10-minimal", "10"),
        ("registry.access.redhat.com/ubi9/nodejs-20", "9"),
        ("registry.access.redhat.com/rhel7", "7"),
        ("registry.redhat.io/rhel8/postgresql-13", "8"),
        ("redhat/ubi9-minimal", "9"),
        ("gcr.io/distroless/static-debian11", "11"),
        ("gcr.io/distroless/java17-debian12", "12"),
    ] {
        for tag in [None, Some("latest"), Some("1.2-nonroot")] {
            let cycles = end_of_life(repository, tag);
            let cycle: Vec<&str> = cycles.iter().map(|it| &*it.cycle).collect();
            assert_eq!(cycle, [expected], "{repository} {tag:?}");
            assert_eq!(cycles[0].layer, Layer::Distribution);
        }
    }
    expect(&[
        ("gcr.io/distroless/static", "nonroot", ""),
        ("registry.access.redhat.com/ubi", "latest", ""),
        ("registry.access.redhat.com/ubi99", "latest", ""),
    ]);
}

#[test]
fn languages_and_their_distributions() {
    expect(&[
        ("python", "3.8-slim-buster", "Python 3.8, Debian 10"),
        ("python", "3.8.1-slim-buster", "Python 3.8, Debian 10"),
        ("python", "3.12-bullseye", "Python 3.12, Debian 11"),
        ("python", "2", "Python 2.7"),
        ("python", "2-alpine", "Python 2.7"),
        ("python", "2.5", "Python 2.5"),
        ("python", "3.14.6-alpine3.22", "Python 3.14, Alpine Linux 3.22"),
        ("node", "18", "Node.js 18"),
        ("node", "18.17.1-alpine3.18", "Node.js 18, Alpine Linux 3.18"),
        ("node", "20-bookworm-slim", "Node.js 20, Debian 12"),
        ("node", "hydrogen", "Node.js 18"),
        ("node", "lts-gallium", "Node.js 16"),
        ("node", "iron-alpine3.19", "Node.js 20, Alpine Linux 3.19"),
        ("node", "0.12", "Node.js 0.12"),
        ("golang", "1.26.5-alpine3.23", "Go 1.26, Alpine Linux 3.23"),
        ("golang", "1.9", "Go 1.9"),
        ("ruby", "2", "Ruby 2.7"),
        ("ruby", "2.0", "Ruby 2.0.0"),
        ("ruby", "1.9.3", "Ruby 1.9.3"),
        ("php", "5-apache", "PHP 5.6"),
        ("php", "7.2.15-apache", "PHP 7.2"),
        ("php", "8.4-fpm-alpine3.24", "PHP 8.4, Alpine Linux 3.24"),
        ("rust", "1.60", "Rust 1.60"),
        ("rust", "1.20", "Rust 1.20"),
        ("rust", "1-bullseye", "Debian 11"),
        ("mcr.microsoft.com/dotnet/sdk", "6.0-focal", ".NET 6, Ubuntu 20.04"),
        ("mcr.microsoft.com/dotnet/core/runtime-deps", "3.1", ".NET 3.1"),
        ("mcr.microsoft.com/dotnet/aspnet", "8.0.30-noble-chiseled", ".NET 8, Ubuntu 24.04"),
        ("mcr.microsoft.com/dotnet/runtime-deps", "8.0-cbl-mariner2.0", ".NET 8, Azure Linux 2.0"),
        ("mcr.microsoft.com/dotnet/sdk", "10.0-azurelinux3.0-aot", ".NET 10, Azure Linux 3.0"),
        ("eclipse-temurin", "17-jre-focal", "Eclipse Temurin 17, Ubuntu 20.04"),
        (
            "eclipse-temurin",
            "21-jdk-ubi9-minimal",
            "Eclipse Temurin 21, Red Hat Enterprise Linux 9",
        ),
        ("eclipse-temurin", "8u292-b10-jdk", "Eclipse Temurin 8"),
        ("amazoncorretto", "17-al2023-jdk", "Amazon Corretto 17, Amazon Linux 2023"),
        ("amazoncorretto", "8-al2", "Amazon Corretto 8, Amazon Linux 2"),
        ("azul/zulu-openjdk-debian", "24", "Azul Zulu 24"),
        ("ibm-semeru-runtimes", "open-21-jdk-noble", "IBM Semeru 21, Ubuntu 24.04"),
        ("ghcr.io/graalvm/graalvm-community", "20", "GraalVM Community 20"),
        ("denoland/deno", "alpine-2.6.3", "Deno 2.6"),
        ("maven", "3.8.5-eclipse-temurin-17", "Apache Maven 3.8"),
    ]);
}

#[test]
fn servers_and_tools() {
    expect(&[
        ("postgres", "14", "PostgreSQL 14"),
        ("postgres", "9.6-alpine", "PostgreSQL 9.6"),
        ("postgres", "9", "PostgreSQL 9.6"),
        ("mysql", "5.7", "MySQL 5.7"),
        ("mysql", "8.0-oraclelinux8", "MySQL 8.0, Oracle Linux 8"),
        ("mysql", "5", "MySQL 5.7"),
        ("mongo", "4.4.29-focal", "MongoDB 4.4, Ubuntu 20.04"),
        ("mongo", "5", "MongoDB 5.0"),
        ("redis", "3.2", "Redis 3.2"),
        ("nginx", "1.19.6-alpine", "nginx 1.19"),
        ("nginxinc/nginx-unprivileged", "1.27.3", "nginx 1.27"),
        ("tomcat", "7-jre8", "Apache Tomcat 7"),
        ("tomcat", "8.5", "Apache Tomcat 8.5"),
        ("jetty", "9.4-jre11", "Eclipse Jetty 9.4"),
        ("elasticsearch", "7.17.9", "Elasticsearch 7"),
        ("docker.elastic.co/elasticsearch/elasticsearch", "8.11.2", "Elasticsearch 8.11.2"),
        ("envoyproxy/envoy", "distroless-v1.30.1", "Envoy 1.30"),
        ("mcr.microsoft.com/mssql/server", "2017-latest", "SQL Server 2017"),
        (
            "mcr.microsoft.com/mssql/server",
            "2019-CU18-ubuntu-20.04",
            "SQL Server 2019, Ubuntu 20.04",
        ),
        ("grafana/grafana", "8.5.0", "Grafana 8"),
        ("prom/prometheus", "v2.45.0", "Prometheus 2.45"),
        ("gitlab/gitlab-ce", "15.4.0-ce.0", "GitLab 15.4"),
        ("docker", "20.10-dind", "Docker Engine 20.10"),
        ("docker", "1.12", "Docker Engine 1.12"),
        ("jenkins/jenkins", "2.440.1-lts", "Jenkins 2.440"),
        ("couchbase", "enterprise-6.6.0", "Couchbase Server 6.6"),
        ("gradle", "7.6-jdk17", "Gradle 7"),
        ("spark", "3.5.0-scala2.12-java17-ubuntu", "Apache Spark 3.5"),
        ("confluentinc/cp-kafka", "7.0.1-ubi8", "Red Hat Enterprise Linux 8"),
        ("bitnami/redis", "7.2.4-debian-11-r9", "Debian 11"),
        ("nvidia/cuda", "12.5.1-base-ubuntu22.04", "Ubuntu 22.04"),
        ("nvidia/cuda", "11.4.3-base-rockylinux8", "Rocky Linux 8"),
        ("nvidia/cuda", "10.2-base-centos7", "CentOS Linux 7"),
        ("buildpack-deps", "20.04-curl", "Ubuntu 20.04"),
        ("buildpack-deps", "cosmic-scm", "Ubuntu 18.10"),
        ("arm64v8/buildpack-deps", "bullseye-curl", "Debian 11"),
        ("mcr.microsoft.com/devcontainers/base", "1-bookworm", "Debian 12"),
        ("mcr.microsoft.com/devcontainers/base", "alpine-3.18", "Alpine Linux 3.18"),
        ("ros", "melodic-ros-base-stretch", "Debian 9"),
        ("example.com/team/app", "2024-buster", "Debian 10"),
    ]);
}

#[test]
fn windows() {
    expect(&[
        ("mcr.microsoft.com/windows/servercore", "ltsc2019", "Windows Server 2019"),
        ("mcr.microsoft.com/windows/servercore", "ltsc2022-amd64", "Windows Server 2022"),
        ("mcr.microsoft.com/windows/servercore", "1909", "Windows Server 1909"),
        ("mcr.microsoft.com/windows/servercore", "20H2", "Windows Server 20H2"),
        ("mcr.microsoft.com/windows/nanoserver", "1809", "Windows Server 2019"),
        ("mcr.microsoft.com/windows/nanoserver", "sac2016", "Windows Server Nano 2016"),
        ("microsoft/windowsservercore", "10.0.14393.693", "Windows Server 2016"),
        ("mcr.microsoft.com/windows/servercore", "10.0.99999", ""),
        ("golang", "1.26-windowsservercore-ltsc2022", "Go 1.26, Windows Server 2022"),
        ("mcr.microsoft.com/dotnet/sdk", "8.0-nanoserver-1809", ".NET 8, Windows Server 2019"),
        ("mcr.microsoft.com/dotnet/framework/sdk", "4.8", ""),
        (
            "mcr.microsoft.com/dotnet/framework/aspnet",
            "4.8-20260714-windowsservercore-ltsc2016",
            "Windows Server 2016",
        ),
    ]);
}

/// What moves on by itself, or says nothing, gives nothing.
#[test]
fn moving_and_unknown_tags() {
    expect(&[
        ("python", "3", ""),
        ("python", "latest", ""),
        ("python", "slim", ""),
        ("node", "lts", ""),
        ("node", "lts-alpine", ""),
        ("node", "current", ""),
        ("node", "alpine3.18", "Alpine Linux 3.18"),
        ("golang", "1", ""),
        ("golang", "alpine", ""),
        ("mysql", "8", ""),
        ("mariadb", "10", ""),
        ("elasticsearch", "8", ""),
        ("debian", "stable", ""),
        ("debian", "stable-20240904-slim", ""),
        ("debian", "sid", ""),
        ("debian", "forky", ""),
        ("ubuntu", "rolling", ""),
        ("ubuntu", "devel", ""),
        ("alpine", "edge", ""),
        ("alpine", "3", ""),
        ("alpine", "20240606", ""),
        ("nginx", "stable-alpine", ""),
        ("nginx", "1.13-alpine", ""),
        ("maven", "4.0.0-rc-5-eclipse-temurin-17", ""),
        ("redis", "alpine", ""),
        ("fedora", "rawhide", ""),
        ("quay.io/centos/centos", "7", ""),
        ("buildpack-deps", "sid-scm", ""),
        ("scratch", "latest", ""),
        ("example.com/python", "3.6", ""),
        ("mcr.microsoft.com/dotnet-buildtools/prereqs", "ubuntu-99.04", ""),
        ("example.com/app", "", ""),
        ("example.com/app", "groovy", ""),
        ("", "bookworm", "Debian 12"),
    ]);
    assert!(end_of_life("python", None).is_empty());
    assert!(end_of_life("debian", None).is_empty());
    let long = format!("{}-{}", "9".repeat(50_000), "a-".repeat(50_000));
    assert!(end_of_life("python", Some(&long)).is_empty());
}

/// Their makers have given these up: no tag of them is safe to follow.
#[test]
fn retired_images() {
    for (repository, tag, instead) in [
        ("openjdk", Some("8-jre-alpine"), "eclipse-temurin"),
        ("openjdk", Some("latest"), "eclipse-temurin"),
        ("openjdk", None, "eclipse-temurin"),
        ("java", Some("8"), "eclipse-temurin"),
        ("adoptopenjdk/openjdk8", Some("jdk8u292-b10"), "eclipse-temurin"),
        ("jenkins", Some("2.60.3"), "jenkins/jenkins"),
        ("centos", None, "almalinux"),
        ("centos", Some("8"), "almalinux"),
    ] {
        let cycles = end_of_life(repository, tag);
        assert_eq!(cycles[0].instead, Some(instead), "{repository}:{tag:?}");
        let support = cycles[0].support(AS_OF);
        assert!(matches!(support, Support::Over(_)), "{repository}:{tag:?} {support:?}");
    }
    expect(&[
        ("openjdk", "11-jre-slim-buster", "openjdk image 11, Debian 10"),
        ("openjdk", "27-ea-jdk", ""),
    ]);
}

#[test]
fn support_ends_on_its_day() {
    let python = &end_of_life("python", Some("3.8-slim-buster"))[0];
    assert_eq!((python.layer, python.codename), (Layer::Product, None));
    assert_eq!(python.end, End::On(day("2024-10-07")));
    assert_eq!(python.support(day("2024-10-07")), Support::Full(Some(day("2024-10-07"))));
    assert_eq!(python.support(day("2024-10-08")), Support::Over(Some(day("2024-10-07"))));

    let debian = &end_of_life("debian", Some("bullseye"))[0];
    assert_eq!((debian.layer, debian.codename), (Layer::Distribution, Some("bullseye")));
    assert!(debian.extended_is_free);
    assert_eq!(debian.support(day("2024-08-15")), Support::Extended(day("2026-08-31")));
    assert_eq!(debian.support(day("2026-09-01")), Support::Over(Some(day("2026-08-31"))));

    let ubuntu = &end_of_life("ubuntu", Some("20.04"))[0];
    assert!(!ubuntu.extended_is_free);
    assert_eq!(ubuntu.support(day("2026-11-24")), Support::Extended(day("2030-04-02")));

    let httpd = &end_of_life("httpd", Some("2.4"))[0];
    assert_eq!((httpd.end, httpd.support(AS_OF)), (End::NotAnnounced, Support::Full(None)));
    let old = &end_of_life("golang", Some("1.9"))[0];
    assert_eq!((old.end, old.support(day("2018-01-01"))), (End::Ended, Support::Over(None)));
}

#[test]
fn words_of_a_distribution_have_versions() {
    assert_eq!(version_of("ubuntu", "noble"), Some("24.04"));
    assert_eq!(version_of("debian", "bookworm"), Some("12"));
    assert_eq!(version_of("ubuntu", "bookworm"), None);
    assert_eq!(version_of("example", "noble"), None);
}

/// Every line of the table is a head or a row, and every value in it is understood.
#[test]
fn the_table_is_read_completely() {
    check::shape(&CYCLES, 2, 4);
    let heads = products().entries().to_vec();
    let n_heads = CYCLES.rows().filter(|it| it.starts_with('@')).count();
    assert_eq!(heads.len(), n_heads);
    let n_rows: usize = heads.iter().map(|it| it.rows.len()).sum();
    assert_eq!(n_rows + n_heads, CYCLES.rows().count());
    for product in heads {
        assert!(!product.name.is_empty() && !product.repositories.is_empty());
        for flag in product.flags.split(' ') {
            let known = ["", "os", "named", "exact", "free"].contains(&flag)
                || ["strip=", "need=", "retired="].iter().any(|it| flag.starts_with(it));
            assert!(known, "{} {flag}", product.name);
        }
        let mut cycles: Vec<&str> = product.rows.iter().map(|it| it.cycle).collect();
        cycles.sort_unstable();
        let n_cycles = cycles.len();
        cycles.dedup();
        assert_eq!(cycles.len(), n_cycles, "{} has a cycle twice", product.name);
        for row in product.rows {
            if let (End::On(end), Some(extended)) = (row.end(), row.extended()) {
                assert!(end < extended, "{} {}", product.name, row.cycle);
            }
        }
    }
    // A date that cannot be read would be lost without a sound.
    for row in CYCLES.rows().filter(|it| !it.starts_with('@')) {
        let [_, end, extended, _] = columns(row);
        assert!(["?", "ended"].contains(&end) || end.parse::<Date>().is_ok(), "{row}");
        assert!(extended.is_empty() || extended.parse::<Date>().is_ok(), "{row}");
    }
}

/// The words by which the code refers to the table stand in it.
#[test]
fn distributions_named_in_the_code_exist() {
    for (word, product) in CODENAMES.iter().chain(&DISTRIBUTIONS) {
        assert!(Product::by_name(product).is_some_and(|it| it.flag("os").is_some()), "{word}");
    }
    for (word, product) in CODENAMES {
        assert!(Product::by_name(product).unwrap().by_tag(word).is_some(), "{word}");
    }
    assert!(Product::by_name("Windows Server").is_some());
}
