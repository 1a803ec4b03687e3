//! Who takes how many places.

use core::hash::Hash;
use core::net::{IpAddr, Ipv6Addr};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Places that are taken and given back: some in all, some for each `K`.
#[derive(Debug)]
pub(crate) struct Places<K> {
    total: usize,
    each: usize,
    taken: Mutex<Taken<K>>,
}

#[derive(Debug)]
struct Taken<K> {
    total: usize,
    of: HashMap<K, usize>,
}

/// A place; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Place<K: Eq + Hash> {
    places: Arc<Places<K>>,
    /// `None` where only the total counts.
    key: Option<K>,
}

impl<K: Eq + Hash + Clone> Places<K> {
    /// - `total`: places in all.
    /// - `each`: places for each key.
    pub(crate) fn new(total: usize, each: usize) -> Arc<Self> {
        let taken = Taken {
            total: 0,
            of: HashMap::new(),
        };
        Arc::new(Self {
            total,
            each,
            taken: Mutex::new(taken),
        })
    }

    /// Takes a place; `None` where there is none.
    ///
    /// - `key`: whose places it counts to; `None` where it counts only to all.
    pub(crate) fn take(self: &Arc<Self>, key: Option<K>) -> Option<Place<K>> {
        self.take_within(key, usize::MAX)
    }

    /// As [`Places::take`], with a limit of its own for this key.
    pub(crate) fn take_within(self: &Arc<Self>, key: Option<K>, each: usize) -> Option<Place<K>> {
        let mut taken = self.lock();
        if taken.total >= self.total {
            return None;
        }
        if let Some(key) = &key {
            let of = taken.of.get(key).copied().unwrap_or_default();
            if of >= self.each.min(each) {
                return None;
            }
            taken.of.insert(key.clone(), of + 1);
        }
        taken.total += 1;
        drop(taken);
        Some(Place {
            places: Arc::clone(self),
            key,
        })
    }

    /// Places that are taken.
    pub(crate) fn taken(&self) -> usize {
        self.lock().total
    }
}

impl<K> Places<K> {
    /// No code panics while it holds the lock, so a poisoned one is still sound.
    fn lock(&self) -> MutexGuard<'_, Taken<K>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.total = taken.total.saturating_sub(1);
        let Some(key) = &self.key else {
            return;
        };
        // A key without places is forgotten, so that their number stays bounded by the total.
        match taken.of.get_mut(key) {
            Some(of) if *of > 1 => *of -= 1,
            _ => {
                taken.of.remove(key);
            }
        }
    }
}

/// Addresses that one client may have for the asking: an IPv4 address, or a /64 network of IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Neighbourhood(IpAddr);

impl Neighbourhood {
    /// `None` for this machine: there it is the owner, or a proxy that carries everybody.
    pub(crate) fn of(address: IpAddr) -> Option<Self> {
        let address = address.to_canonical();
        if address.is_loopback() {
            return None;
        }
        Some(Self(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_limited_in_all_and_for_each_and_come_back() {
        let places = Places::new(3, 2);
        let a = [places.take(Some("a")), places.take(Some("a"))];
        assert!(places.take(Some("a")).is_none());
        let b = places.take(Some("b"));
        assert!(b.is_some());
        assert!(places.take(Some("c")).is_none());
        assert!(places.take(None).is_none());
        drop(a);
        assert_eq!(places.taken(), 1);
        assert!(places.take_within(Some("b"), 1).is_none());
        assert!(places.take(Some("a")).is_some());
        drop(b);
        assert!(places.lock().of.is_empty());
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let of = |text: &str| Neighbourhood::of(text.parse().unwrap());
        assert_eq!(of("2001:470:1:2::1"), of("2001:470:1:2:ffff::9"));
        assert_ne!(of("2001:470:1:2::1"), of("2001:470:1:3::1"));
        assert_ne!(of("198.41.0.4"), of("198.41.0.5"));
        assert_eq!(of("::ffff:198.41.0.4"), of("198.41.0.4"));
        assert_eq!(of("127.0.0.1"), None);
    }
}
