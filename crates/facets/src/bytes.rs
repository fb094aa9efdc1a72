//! Numbers and texts in a row of bytes.

/// Reads on through bytes; nothing where they end too soon.
pub(crate) struct Bytes<'b>(pub &'b [u8]);

impl<'b> Bytes<'b> {
    pub fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }
    pub fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }
    pub fn number(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }
    pub fn size(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }
    pub fn text(&mut self) -> Option<&'b str> {
        let size = self.size()?;
        std::str::from_utf8(self.take(size)?).ok()
    }
    /// So many numbers of `N` bytes each.
    pub fn all<T, const N: usize>(&mut self, count: usize, read: fn([u8; N]) -> T) -> Option<Vec<T>> {
        let taken = self.take(count.checked_mul(N)?)?;
        Some(taken.as_chunks::<N>().0.iter().map(|bytes| read(*bytes)).collect())
    }
    /// A number in as few bytes as say it, seven bits in each.
    pub fn short(&mut self) -> Option<u32> {
        let (mut value, mut shift) = (0_u32, 0);
        loop {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(value);
            }
            shift += 7;
        }
    }
}

pub(crate) fn put_size(out: &mut Vec<u8>, size: usize) {
    out.extend_from_slice(&u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes());
}

pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_size(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

pub(crate) fn put_short(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(u8::try_from(value & 0x7f).unwrap_or(0) | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap_or(0));
}
