//! The S-box (FIPS 197, 5.1.1) as a circuit of 32 ANDs and 83 XORs.
//!
//! It is the one that [Boyar and Peralta] found, with their names for what is between the gates: x₀ is the
//! highest bit of the input and s₀ that of the output. Four gates of theirs also negate, for the constant
//! 0x63, which is part of the round keys here.
//!
//! [Boyar and Peralta]: https://eprint.iacr.org/2009/191

#![expect(
    clippy::inline_always,
    reason = "the gates are fast where what is between them stays in registers"
)]

use super::Planes;
use crate::block::Bytes;

/// The linear part of SubBytes of every byte.
#[inline(always)]
pub(super) fn substituted(x: Planes) -> Planes {
    let sums = Sums::of(x);
    combined(&sums.times(&sums.inverted()))
}

/// What the circuit needs of its input: sums of its bits, and the lowest bit itself.
struct Sums {
    y1: Bytes,
    y2: Bytes,
    y3: Bytes,
    y4: Bytes,
    y5: Bytes,
    y6: Bytes,
    y7: Bytes,
    y8: Bytes,
    y9: Bytes,
    y10: Bytes,
    y11: Bytes,
    y12: Bytes,
    y13: Bytes,
    y14: Bytes,
    y15: Bytes,
    y16: Bytes,
    y17: Bytes,
    y18: Bytes,
    y19: Bytes,
    y20: Bytes,
    y21: Bytes,
    x7: Bytes,
}

impl Sums {
    /// The first linear part.
    #[inline(always)]
    fn of([x7, x6, x5, x4, x3, x2, x1, x0]: Planes) -> Self {
        let y14 = x3 ^ x5;
        let y13 = x0 ^ x6;
        let y9 = x0 ^ x3;
        let y8 = x0 ^ x5;
        let t0 = x1 ^ x2;
        let y1 = t0 ^ x7;
        let y4 = y1 ^ x3;
        let y12 = y13 ^ y14;
        let y2 = y1 ^ x0;
        let y5 = y1 ^ x6;
        let y3 = y5 ^ y8;
        let t1 = x4 ^ y12;
        let y15 = t1 ^ x5;
        let y20 = t1 ^ x1;
        let y6 = y15 ^ x7;
        let y10 = y15 ^ t0;
        let y11 = y20 ^ y9;
        let y7 = x7 ^ y11;
        let y17 = y10 ^ y11;
        let y19 = y10 ^ y8;
        let y16 = t0 ^ y11;
        let y21 = y13 ^ y16;
        let y18 = x0 ^ y16;
        Self {
            y1,
            y2,
            y3,
            y4,
            y5,
            y6,
            y7,
            y8,
            y9,
            y10,
            y11,
            y12,
            y13,
            y14,
            y15,
            y16,
            y17,
            y18,
            y19,
            y20,
            y21,
            x7,
        }
    }

    /// The inverse in a tower of fields, as far as it is the same for both halves of the product.
    #[inline(always)]
    fn inverted(&self) -> [Bytes; 4] {
        let t2 = self.y12 & self.y15;
        let t3 = self.y3 & self.y6;
        let t4 = t3 ^ t2;
        let t5 = self.y4 & self.x7;
        let t6 = t5 ^ t2;
        let t7 = self.y13 & self.y16;
        let t8 = self.y5 & self.y1;
        let t9 = t8 ^ t7;
        let t10 = self.y2 & self.y7;
        let t11 = t10 ^ t7;
        let t12 = self.y9 & self.y11;
        let t13 = self.y14 & self.y17;
        let t14 = t13 ^ t12;
        let t15 = self.y8 & self.y10;
        let t16 = t15 ^ t12;
        let t17 = t4 ^ t14;
        let t18 = t6 ^ t16;
        let t19 = t9 ^ t14;
        let t20 = t11 ^ t16;
        let t21 = t17 ^ self.y20;
        let t22 = t18 ^ self.y19;
        let t23 = t19 ^ self.y21;
        let t24 = t20 ^ self.y18;
        let t25 = t21 ^ t22;
        let t26 = t21 & t23;
        let t27 = t24 ^ t26;
        let t28 = t25 & t27;
        let t29 = t28 ^ t22;
        let t30 = t23 ^ t24;
        let t31 = t22 ^ t26;
        let t32 = t31 & t30;
        let t33 = t32 ^ t24;
        let t34 = t23 ^ t33;
        let t35 = t27 ^ t33;
        let t36 = t24 & t35;
        let t37 = t36 ^ t34;
        let t38 = t27 ^ t36;
        let t39 = t29 & t38;
        let t40 = t25 ^ t39;
        [t29, t33, t37, t40]
    }

    /// The inverse, times the sums.
    #[inline(always)]
    fn times(&self, &[t29, t33, t37, t40]: &[Bytes; 4]) -> [Bytes; 18] {
        let t41 = t40 ^ t37;
        let t42 = t29 ^ t33;
        let t43 = t29 ^ t40;
        let t44 = t33 ^ t37;
        let t45 = t42 ^ t41;
        [
            t44 & self.y15,
            t37 & self.y6,
            t33 & self.x7,
            t43 & self.y16,
            t40 & self.y1,
            t29 & self.y7,
            t42 & self.y11,
            t45 & self.y17,
            t41 & self.y10,
            t44 & self.y12,
            t37 & self.y3,
            t33 & self.y4,
            t43 & self.y13,
            t40 & self.y5,
            t29 & self.y2,
            t42 & self.y9,
            t45 & self.y14,
            t41 & self.y8,
        ]
    }
}

/// The last linear part.
#[inline(always)]
fn combined(z: &[Bytes; 18]) -> Planes {
    let &[
        z0,
        z1,
        z2,
        z3,
        z4,
        z5,
        z6,
        z7,
        z8,
        z9,
        z10,
        z11,
        z12,
        z13,
        z14,
        z15,
        z16,
        z17,
    ] = z;
    let t46 = z15 ^ z16;
    let t47 = z10 ^ z11;
    let t48 = z5 ^ z13;
    let t49 = z9 ^ z10;
    let t50 = z2 ^ z12;
    let t51 = z2 ^ z5;
    let t52 = z7 ^ z8;
    let t53 = z0 ^ z3;
    let t54 = z6 ^ z7;
    let t55 = z16 ^ z17;
    let t56 = z12 ^ t48;
    let t57 = t50 ^ t53;
    let t58 = z4 ^ t46;
    let t59 = z3 ^ t54;
    let t60 = t46 ^ t57;
    let t61 = z14 ^ t57;
    let t62 = t52 ^ t58;
    let t63 = t49 ^ t58;
    let t64 = z4 ^ t59;
    let t65 = t61 ^ t62;
    let t66 = z1 ^ t63;
    let s0 = t59 ^ t63;
    let s6 = t56 ^ t62;
    let s7 = t48 ^ t60;
    let t67 = t64 ^ t65;
    let s3 = t53 ^ t66;
    let s4 = t51 ^ t66;
    let s5 = t47 ^ t65;
    let s1 = t64 ^ s3;
    let s2 = t55 ^ t67;
    [s7, s6, s5, s4, s3, s2, s1, s0]
}
