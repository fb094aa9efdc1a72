//! The chance that decides ties.

/// Numbers from a seed, the same on every machine and with every version of this program: an allocation can be worked
/// out again years later. SplitMix64 (G. Steele, D. Lea and C. Flood, *Fast splittable pseudorandom number
/// generators*, 2014).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Puts a list into any of its orders (Fisher and Yates). The order's slight bias, below 2^-40 for any list that
    /// fits a programme, decides nothing but ties.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = self.next() % (last as u64 + 1);
            list.swap(last, other as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_paper_for_ever() {
        let mut chance = Chance::new(1_234_567);
        let first: Vec<u64> = (0..3).map(|_| chance.next()).collect();
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn every_order_comes_up() {
        let mut chance = Chance::new(7);
        let orders: std::collections::BTreeSet<Vec<u8>> = (0..200)
            .map(|_| {
                let mut list = vec![1, 2, 3, 4];
                chance.shuffle(&mut list);
                list
            })
            .collect();
        assert_eq!(orders.len(), 24);
    }
}
