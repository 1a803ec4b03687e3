//! The fields behind the S-box, and the tables that are made of them.
//!
//! GF(16) is the polynomials modulo x⁴ + x + 1. Over it, AES's GF(256) is written with two conjugates
//! ζ and ζ̄, the roots of t² + t + ν: each number is iζ + jζ̄, its norm is N = ij + νk² with k = i + j,
//! and its inverse is (iζ̄ + jζ) / N. A vector cannot multiply two numbers, but with a = 1/ν
//!
//! ```text
//! 1 / (1/i + a/k) + j = aN / (k + ai)         1 / (1/j + a/k) + i = aN / (k + aj)
//! ```
//!
//! needs only inverses and sums, and the inverses of both right-hand sides are linear in i/N and j/N.
//! What is infinite on the way is a number beyond the tables, for which they have 0.
#![expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "computed by the compiler, which would refuse a wrong one"
)]

use crate::block::Block;

/// Two tables whose values are added.
pub(super) struct Pair(pub(super) Block, pub(super) Block);

/// Stands for infinity, and for it plus any number: beyond the tables.
const INFINITE: u8 = 0x80;

/// ν: t² + t + ν has no root in GF(16).
const NU: u8 = 8;

const A: u8 = inverse_16(NU);

/// 1/n.
pub(super) const INVERSE: Block = quotients(1);

/// a/n.
pub(super) const SCALED: Block = quotients(A);

/// From the halves of a byte of AES to the coordinates: i in the upper half, k in the lower one.
pub(super) const FROM_AES: Pair = {
    let mut tables = Pair([0; 16], [0; 16]);
    let mut n = 0;
    while n < 16 {
        tables.0[n] = coordinates(n as u8);
        tables.1[n] = coordinates((n as u8) << 4);
        n += 1;
    }
    tables
};

/// From the two inverted numbers to the linear part of the S-box.
pub(super) const LAST: Pair = boxes(false, 1);

/// The same in coordinates.
pub(super) const BOX: Pair = boxes(true, 1);

/// The same, twice as much.
pub(super) const DOUBLED: Pair = boxes(true, 2);

/// Twice a number of AES's field (FIPS 197, 4.2.1).
pub(super) const fn double(number: u8) -> u8 {
    (number << 1) ^ ((number >> 7) * 0x1b)
}

const fn times(mut one: u8, mut two: u8) -> u8 {
    let mut product = 0;
    while two != 0 {
        product ^= one * (two & 1);
        one = double(one);
        two >>= 1;
    }
    product
}

const fn times_16(one: u8, two: u8) -> u8 {
    let mut product = 0;
    let mut bit = 4;
    while bit > 0 {
        bit -= 1;
        product = ((product << 1) & 0x0f) ^ ((product >> 3) * 0x03) ^ (one * ((two >> bit) & 1));
    }
    product
}

const fn inverse_16(number: u8) -> u8 {
    let mut inverse = 1;
    while times_16(number, inverse) != 1 {
        inverse += 1;
    }
    inverse
}

const fn quotients(numerator: u8) -> Block {
    let mut table = [INFINITE; 16];
    let mut n = 1;
    while n < 16 {
        table[n] = times_16(numerator, inverse_16(n as u8));
        n += 1;
    }
    table
}

/// GF(16) in AES's field: its x is a root of x⁴ + x + 1.
const fn embedded(number: u8) -> u8 {
    const X: u8 = {
        let mut x = 2;
        while times(times(x, x), times(x, x)) ^ x ^ 1 != 0 {
            x += 1;
        }
        x
    };
    let (x2, x3) = (times(X, X), times(times(X, X), X));
    (number & 1) ^ ((number >> 1 & 1) * X) ^ ((number >> 2 & 1) * x2) ^ ((number >> 3 & 1) * x3)
}

/// iζ + jζ̄ in AES's field.
const fn combined(i: u8, j: u8) -> u8 {
    const ZETA: u8 = {
        let mut zeta = 2;
        while times(zeta, zeta) ^ zeta ^ embedded(NU) != 0 {
            zeta += 1;
        }
        zeta
    };
    times(embedded(i), ZETA) ^ times(embedded(j), ZETA ^ 1)
}

const fn coordinates(byte: u8) -> u8 {
    let mut number = 0;
    while combined(number >> 4, (number >> 4) ^ (number & 0x0f)) != byte {
        number += 1;
    }
    number
}

/// The linear part of the S-box (FIPS 197, 5.1.1).
const fn mixed(byte: u8) -> u8 {
    byte ^ byte.rotate_left(1) ^ byte.rotate_left(2) ^ byte.rotate_left(3) ^ byte.rotate_left(4)
}

const fn boxes(in_coordinates: bool, factor: u8) -> Pair {
    let mut tables = Pair([0; 16], [0; 16]);
    let mut n = 1;
    while n < 16 {
        // i/N = ((1 + a) one + two) / a and the other way round, where one and two are inverses.
        let small = times_16(inverse_16(n as u8), NU);
        let large = small ^ inverse_16(n as u8);
        let parts = [combined(small, large), combined(large, small)];
        let mut values = [0; 2];
        let mut part = 0;
        while part < 2 {
            let value = times(mixed(parts[part]), factor);
            values[part] = if in_coordinates {
                coordinates(value)
            } else {
                value
            };
            part += 1;
        }
        tables.0[n] = values[0];
        tables.1[n] = values[1];
        n += 1;
    }
    tables
}
