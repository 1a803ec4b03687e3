//! Addresses that only a rule with an address opens: a name that resolves to one of them, by
//! mistake or in bad faith, must not lead into the relay's own machine or network.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::SpecialKind;

/// Metadata service of most clouds; link-local, but a rule for neighbours does not mean it.
const METADATA_V4: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);

/// Metadata service of Amazon's cloud over IPv6; a unique local address, hence named here.
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// The special range that `address` is in. An IPv6 address that embeds an IPv4 address is in
/// the range of that one.
pub(super) fn kind(address: IpAddr) -> Option<SpecialKind> {
    match address {
        IpAddr::V4(address) => kind_v4(address),
        IpAddr::V6(address) => kind_v6(address),
    }
}

/// Ranges of [RFC 6890]; private networks are ordinary targets.
///
/// [RFC 6890]: https://www.rfc-editor.org/rfc/rfc6890
fn kind_v4(address: Ipv4Addr) -> Option<SpecialKind> {
    let [first, ..] = address.octets();
    if address.is_loopback() {
        Some(SpecialKind::Loopback)
    } else if first == 0 {
        Some(SpecialKind::Unspecified)
    } else if address == METADATA_V4 {
        Some(SpecialKind::Metadata)
    } else if address.is_link_local() {
        Some(SpecialKind::LinkLocal)
    } else if address.is_multicast() {
        Some(SpecialKind::Multicast)
    } else if address.is_broadcast() {
        Some(SpecialKind::Broadcast)
    } else if first >= 240 {
        Some(SpecialKind::Reserved)
    } else {
        None
    }
}

fn kind_v6(address: Ipv6Addr) -> Option<SpecialKind> {
    if address.is_loopback() {
        Some(SpecialKind::Loopback)
    } else if address.is_unspecified() {
        Some(SpecialKind::Unspecified)
    } else if address.is_unicast_link_local() {
        Some(SpecialKind::LinkLocal)
    } else if address.is_multicast() {
        Some(SpecialKind::Multicast)
    } else if address == METADATA_V6 {
        Some(SpecialKind::Metadata)
    } else {
        embedded_v4(address).and_then(kind_v4)
    }
}

/// The IPv4 address inside of a mapped or compatible ([RFC 4291 §2.5.5]), NAT64 ([RFC 6052],
/// [RFC 8215]), 6to4 ([RFC 3056]) or Teredo ([RFC 4380]) address.
///
/// [RFC 4291 §2.5.5]: https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5
/// [RFC 6052]: https://www.rfc-editor.org/rfc/rfc6052
/// [RFC 8215]: https://www.rfc-editor.org/rfc/rfc8215
/// [RFC 3056]: https://www.rfc-editor.org/rfc/rfc3056
/// [RFC 4380]: https://www.rfc-editor.org/rfc/rfc4380
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x64, 0xff9b, 1, _, _, _, high, low]
        | [0x2002, high, low, ..] => Some(v4(high, low)),
        // Teredo stores it inverted.
        [0x2001, 0, _, _, _, _, high, low] => Some(v4(!high, !low)),
        _ => None,
    }
}
