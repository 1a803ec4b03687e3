use super::*;

const FILE: &str = "\
# my hosts
User everybody

Host web-1 web-2
    HostName %h.example.org
    Port=2222
    IdentityFile ~/.ssh/id_web

host db
  hostname \"10.0.0.7\"   # inside
  ProxyJump edge
  ForwardAgent yes

Host edge
  HostName edge.example.org
  User ops
  Port 8022
  ProxyJump root@first:23

Host v6
  HostName fe80::1
  User

Match host web-1 exec true
  User nobody
  Port 1

Host plain *.lan !no.lan
  ServerAliveInterval 30

Host *
  User fallback
  Port 99
";

fn addresses(text: &str) -> Vec<(String, String)> {
    let hosts = import(text).hosts.into_iter();
    let address = |host: &SavedHost| host.target().unwrap().to_string();
    hosts
        .map(|host| (host.name.clone(), address(&host)))
        .collect()
}

#[test]
fn the_first_value_counts_and_jump_hosts_are_found_by_their_names() {
    let expected = [
        ("web-1", "everybody@web-1.example.org:2222"),
        ("web-2", "everybody@web-2.example.org:2222"),
        (
            "db",
            "everybody@10.0.0.7:99 via root@first:23,everybody@edge.example.org:8022",
        ),
        ("edge", "everybody@edge.example.org:8022 via root@first:23"),
        ("v6", "everybody@[fe80::1]:99"),
        ("plain", "everybody@plain:99"),
    ];
    let expected: Vec<_> = expected
        .map(|(name, address)| (name.to_owned(), address.to_owned()))
        .to_vec();
    assert_eq!(addresses(FILE), expected);
}

#[test]
fn what_is_not_taken_over_is_told_with_its_line() {
    let left = import(FILE).left;
    let lines: Vec<_> = left.iter().map(|left| left.line).collect();
    assert_eq!(lines, [7, 24, 29]);
    let words = |place: usize| left.get(place).unwrap().words.clone();
    assert!(words(0).starts_with("IdentityFile ~/.ssh/id_web: import that key"));
    assert!(words(1).starts_with("Match host web-1 exec true: left out"));
    assert_eq!(words(2), "ServerAliveInterval 30: not taken over");
}

#[test]
fn the_agent_is_forwarded_only_where_the_file_says_so() {
    let hosts = import(FILE).hosts;
    let forwards: Vec<_> = hosts.iter().filter(|host| host.forward_agent).collect();
    assert_eq!(forwards.len(), 1);
    assert_eq!(forwards.first().unwrap().name, "db");
}

#[test]
fn a_host_that_leads_nowhere_is_told() {
    let text = "Host a\nPort 0\nHost b\nProxyJump c\nHost c\nProxyJump b\nHost d\nHostName two words\n\
                Host e\nProxyJump none\nHost f\nUser x\nProxyJump a b\n";
    let imported = import(text);
    let names: Vec<_> = imported
        .hosts
        .iter()
        .map(|host| host.name.as_str())
        .collect();
    assert_eq!(names, ["e"]);
    let lines: Vec<_> = imported.left.iter().map(|left| left.line).collect();
    assert_eq!(lines, [1, 3, 5, 7, 11]);
}

#[test]
fn other_files_bring_nothing_and_no_harm() {
    for text in [
        "",
        "\0\u{1}",
        "{\"a\": 1}",
        "Host",
        "=",
        "Host =",
        "\"",
        "Host \"",
        "Port 22",
    ] {
        assert_eq!(import(text).hosts, [], "{text:?}");
    }
    let many: Vec<String> = (0..MAX_HOSTS + 10)
        .map(|number| format!("Host h{number}"))
        .collect();
    assert_eq!(import(&many.join("\n")).hosts.len(), MAX_HOSTS);
    let odd = "Bad x\n".repeat(1000);
    assert_eq!(import(&odd).left.len(), MAX_TOLD);
    assert!(
        import(&format!("Host {}", "x".repeat(5000)))
            .hosts
            .is_empty()
    );
}
