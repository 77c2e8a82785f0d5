//! Names of Docker Hub's official images, those that are given up included, and which of them are so
//! well known that a name one letter away is more likely a mistake than another image.

/// Every official image, sorted. Source: docker-library/official-images, as known in 2026.
#[rustfmt::skip]
const OFFICIAL: [&str; 179] = [
    "adminer", "adoptopenjdk", "aerospike", "almalinux", "alpine", "alt", "amazoncorretto", "amazonlinux",
    "api-firewall", "arangodb", "archlinux", "backdrop", "bash", "bonita", "buildpack-deps", "busybox", "caddy",
    "cassandra", "celery", "centos", "chronograf", "cirros", "clearlinux", "clefos", "clickhouse", "clojure",
    "composer", "consul", "convertigo", "couchbase", "couchdb", "crate", "crux", "dart", "debian", "django",
    "docker", "docker-dev", "drupal", "eclipse-mosquitto", "eclipse-temurin", "eggdrop", "elasticsearch",
    "elixir", "emqx", "erlang", "euleros", "express-gateway", "fedora", "flink", "fluentd", "friendica",
    "fsharp", "gazebo", "gcc", "geonetwork", "ghost", "glassfish", "golang", "gradle", "groovy", "haproxy",
    "haskell", "haxe", "hello-seattle", "hello-world", "hipache", "hitch", "hola-mundo", "httpd", "hylang",
    "ibm-semeru-runtimes", "ibmjava", "influxdb", "iojs", "irssi", "java", "jenkins", "jetty", "jobber",
    "joomla", "jruby", "julia", "kaazing-gateway", "kapacitor", "kibana", "known", "kong", "krakend",
    "lightstreamer", "liquibase", "logstash", "mageia", "mariadb", "matomo", "maven", "mediawiki", "memcached",
    "mongo", "mongo-express", "monica", "mono", "mysql", "nats", "nats-streaming", "neo4j", "neurodebian",
    "nextcloud", "nginx", "node", "notary", "nuxeo", "odoo", "open-liberty", "openjdk", "opensuse", "oraclelinux",
    "orientdb", "owncloud", "percona", "perl", "photon", "php", "php-zendserver", "phpmyadmin", "piwik", "plone",
    "postfixadmin", "postgres", "privatebin", "pypy", "python", "r-base", "rabbitmq", "rails", "rakudo-star",
    "redis", "redmine", "registry", "rethinkdb", "rocket.chat", "rockylinux", "ros", "ruby", "rust", "sapmachine",
    "satosa", "scratch", "sentry", "silverpeas", "sl", "solr", "sonarqube", "sourcemage", "spark", "spiped",
    "storm", "swarm", "swift", "swipl", "tarantool", "teamspeak", "telegraf", "thrift", "tomcat", "tomee",
    "traefik", "ubuntu", "ubuntu-debootstrap", "ubuntu-upstart", "unit", "varnish", "vault", "websphere-liberty",
    "wordpress", "xwiki", "yourls", "znc", "zookeeper",
];

/// The best known of them.
#[rustfmt::skip]
const FAMOUS: [&str; 38] = [
    "almalinux", "alpine", "amazonlinux", "archlinux", "buildpack-deps", "busybox", "caddy", "cassandra",
    "centos", "composer", "debian", "docker", "eclipse-temurin", "elasticsearch", "fedora", "golang", "gradle",
    "haproxy", "httpd", "jenkins", "mariadb", "maven", "memcached", "mongo", "mysql", "nginx", "node", "openjdk",
    "postgres", "python", "rabbitmq", "redis", "rockylinux", "rust", "tomcat", "traefik", "ubuntu", "wordpress",
];

/// Whether an image of that name is an official one.
pub fn is_official(name: &str) -> bool {
    OFFICIAL.binary_search(&name).is_ok()
}

/// The well-known image that a name is one slip of the hand away from: a letter too many or too few, a
/// wrong one, or two in the wrong order. Names that are official themselves are no slip, nor are
/// those with a number behind.
pub fn meant(name: &str) -> Option<&'static str> {
    if is_official(name) || name.len() < 4 || name.contains(|it: char| it.is_ascii_digit()) {
        return None;
    }
    FAMOUS.into_iter().find(|it| is_slip(name, it))
}

fn is_slip(name: &str, of: &str) -> bool {
    let (name, of) = (name.as_bytes(), of.as_bytes());
    let same = name.iter().zip(of).take_while(|(a, b)| a == b).count();
    let (a, b) = (name.get(same..).unwrap_or_default(), of.get(same..).unwrap_or_default());
    match (a, b) {
        ([], []) => false,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([first, second, a @ ..], [third, fourth, b @ ..])
            if first == fourth && second == third && a == b =>
        {
            true
        }
        ([_, a @ ..], b) if a == b => true,
        (a, [_, b @ ..]) => a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_fit() {
        assert!(OFFICIAL.is_sorted() && FAMOUS.is_sorted());
        assert!(FAMOUS.iter().all(|it| is_official(it)));
    }

    #[test]
    fn slips_of_the_hand() {
        for (name, expected) in [
            ("alpin", Some("alpine")),
            ("alpines", Some("alpine")),
            ("ubutnu", Some("ubuntu")),
            ("pyhton", Some("python")),
            ("ngnix", Some("nginx")),
            ("nide", Some("node")),
            ("node", None),
            ("java", None),
            ("centos7", None),
            ("base", None),
            ("app", None),
            ("python-base", None),
        ] {
            assert_eq!(meant(name), expected, "{name}");
        }
    }
}
