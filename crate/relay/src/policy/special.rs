//! Addresses that a rule has to name: a name that resolves to one of them, by mistake or in bad
//! faith, must not lead into the relay's own machine or network.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::SpecialKind;

/// A range of addresses with one meaning.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    network: IpNet,
    pub(super) kind: SpecialKind,
}

impl Range {
    /// Whether `network` lies in the range, and so names it rather than happening to cover it.
    pub(super) fn contains(&self, network: &IpNet) -> bool {
        self.network.contains(network)
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8, kind: SpecialKind) -> Range {
    let network = Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix);
    Range {
        network: IpNet::V4(network),
        kind,
    }
}

/// An IPv6 range whose bits beyond the first 64 are zero.
const fn v6(high: [u16; 4], prefix: u8, kind: SpecialKind) -> Range {
    let [a, b, c, d] = high;
    single(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0), prefix, kind)
}

const fn single(address: Ipv6Addr, prefix: u8, kind: SpecialKind) -> Range {
    Range {
        network: IpNet::V6(Ipv6Net::new_assert(address, prefix)),
        kind,
    }
}

/// The special-purpose registries of IANA ([RFC 6890]) and the metadata services of clouds. The
/// first range that holds an address decides.
///
/// [RFC 6890]: https://www.rfc-editor.org/rfc/rfc6890
const RANGES: &[Range] = &[
    // Most clouds, Amazon's containers, Alibaba, Azure, Oracle.
    v4(169, 254, 169, 254, 32, SpecialKind::Metadata),
    v4(169, 254, 170, 2, 32, SpecialKind::Metadata),
    v4(100, 100, 100, 200, 32, SpecialKind::Metadata),
    v4(168, 63, 129, 16, 32, SpecialKind::Metadata),
    v4(192, 0, 0, 192, 32, SpecialKind::Metadata),
    v4(127, 0, 0, 0, 8, SpecialKind::Loopback),
    v4(0, 0, 0, 0, 8, SpecialKind::Unspecified),
    v4(169, 254, 0, 0, 16, SpecialKind::LinkLocal),
    v4(224, 0, 0, 0, 4, SpecialKind::Multicast),
    v4(255, 255, 255, 255, 32, SpecialKind::Broadcast),
    v4(240, 0, 0, 0, 4, SpecialKind::Reserved),
    v4(192, 0, 0, 0, 24, SpecialKind::Reserved),
    v4(192, 88, 99, 0, 24, SpecialKind::Tunnel),
    v4(192, 0, 2, 0, 24, SpecialKind::Documentation),
    v4(198, 51, 100, 0, 24, SpecialKind::Documentation),
    v4(203, 0, 113, 0, 24, SpecialKind::Documentation),
    v4(198, 18, 0, 0, 15, SpecialKind::Benchmark),
    v4(10, 0, 0, 0, 8, SpecialKind::Private),
    v4(172, 16, 0, 0, 12, SpecialKind::Private),
    v4(192, 168, 0, 0, 16, SpecialKind::Private),
    v4(100, 64, 0, 0, 10, SpecialKind::Private),
    single(METADATA_V6, 128, SpecialKind::Metadata),
    single(Ipv6Addr::LOCALHOST, 128, SpecialKind::Loopback),
    single(Ipv6Addr::UNSPECIFIED, 128, SpecialKind::Unspecified),
    // Compatible, mapped and translated IPv4: RFC 4291 §2.5.5, RFC 2765.
    v6([0; 4], 64, SpecialKind::Tunnel),
    // NAT64: RFC 6052, RFC 8215.
    v6([0x64, 0xff9b, 0, 0], 96, SpecialKind::Tunnel),
    v6([0x64, 0xff9b, 1, 0], 48, SpecialKind::Tunnel),
    // Teredo and 6to4: RFC 4380, RFC 3056.
    v6([0x2001, 0, 0, 0], 32, SpecialKind::Tunnel),
    v6([0x2002, 0, 0, 0], 16, SpecialKind::Tunnel),
    v6([0x2001, 0xdb8, 0, 0], 32, SpecialKind::Documentation),
    v6([0x3fff, 0, 0, 0], 20, SpecialKind::Documentation),
    v6([0x2001, 2, 0, 0], 48, SpecialKind::Benchmark),
    v6([0x2001, 0, 0, 0], 23, SpecialKind::Reserved),
    v6([0xfe80, 0, 0, 0], 10, SpecialKind::LinkLocal),
    v6([0xfc00, 0, 0, 0], 7, SpecialKind::Private),
    v6([0xff00, 0, 0, 0], 8, SpecialKind::Multicast),
];

/// Metadata service of Amazon's cloud over IPv6; a unique local address, hence named here.
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// What is assigned for use on the internet; everything else that no range names is reserved.
const GLOBAL_V6: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// An interface that tunnels to the IPv4 address behind it: RFC 5214 §6.1, in any network.
const ISATAP: u16 = 0x5efe;

/// The special range that `address` is in.
pub(super) fn range(address: IpAddr) -> Option<Range> {
    let named = |range: &&Range| range.network.contains(&address);
    if let Some(range) = RANGES.iter().find(named) {
        return Some(*range);
    }
    let IpAddr::V6(address) = address else {
        return None;
    };
    if is_isatap(address) {
        return Some(single(address, 128, SpecialKind::Tunnel));
    }
    (!GLOBAL_V6.contains(&address)).then(|| single(address, 128, SpecialKind::Reserved))
}

/// The IPv4 address inside of a compatible, mapped, translated, NAT64, 6to4, Teredo or ISATAP
/// address: where its packets end up.
pub(super) fn embedded_v4(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(address) = address else {
        return None;
    };
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        // Neighbours of ::1 and of nothing else.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, _, _, high, low] | [0x64, 0xff9b, 0 | 1, _, _, _, high, low] => {
            Some(v4(high, low))
        }
        [0x2002, high, low, ..] => Some(v4(high, low)),
        // Teredo stores it inverted.
        [0x2001, 0, _, _, _, _, high, low] => Some(v4(!high, !low)),
        [.., high, low] if is_isatap(address) => Some(v4(high, low)),
        _ => None,
    }
}

fn is_isatap(address: Ipv6Addr) -> bool {
    // The bits in the mask say whether the IPv4 address is unique in the world.
    let [.., flags, marker, _, _] = address.segments();
    flags & !0x0300 == 0 && marker == ISATAP
}
