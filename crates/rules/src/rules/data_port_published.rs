//! The port of a database or of an administration service is open to the network.

use report::{Applies, Input, Outcome, Severity};

use crate::container::untold;
use crate::{Case, Rule};

pub(super) static RULE: Rule = Rule {
    id: "data-port-published",
    title: "A port for data or administration is open to the network",
    question: None,
    severity: Severity::Medium,
    applies: Applies::Host,
    default: true,
    reads: &[Input::Run],
    aka: &["5.9"],
    doc: page!("data_port_published.md"),
    check,
};

/// Ports whose services are made for machines that trust each other, by the first and the last.
const PORTS: &[(u16, &str)] = &[
    (22, "SSH"),
    (23, "Telnet"),
    (1433, "SQL Server"),
    (2375, "the Docker API"),
    (2376, "the Docker API"),
    (2379, "etcd"),
    (3306, "MySQL"),
    (3389, "remote desktop"),
    (5432, "PostgreSQL"),
    (5601, "Kibana"),
    (5900, "VNC"),
    (5984, "CouchDB"),
    (6379, "Redis"),
    (8086, "InfluxDB"),
    (9042, "Cassandra"),
    (9200, "Elasticsearch"),
    (11211, "memcached"),
    (15672, "RabbitMQ's management"),
    (27017, "MongoDB"),
];

fn check(case: &Case, out: &mut Outcome) {
    let Some(container) = case.facts.container.as_deref() else { return };
    let Some(at) = container.ports.at() else {
        out.gap(&container.at, untold(container));
        return;
    };
    let mut is_clear = true;
    for it in container.ports.all().iter().filter(|it| it.value.is_everywhere()) {
        let (first, last) = it.value.container;
        let found = PORTS.iter().find(|(port, _)| (first..=last).contains(port));
        if let Some((port, service)) = found {
            let message =
                format!("port {port}, usually {service}, is open to every network of the host");
            out.fail(&it.at, message);
            is_clear = false;
        }
    }
    if is_clear {
        out.clear(at, "no port for data or administration is open to every network");
    }
}
