//! Grants written as a package: one grant a line, so that two versions can be compared.

use std::fs::File;
use std::io::{Seek, Write};

use crate::value::{Node, Value};
use crate::{Grant, Sink, Stop};

/// A value as JSON, without spaces that nobody reads.
pub(crate) fn text(node: &Node<'_>) -> String {
    let mut out = Vec::new();
    write(&mut out, node);
    String::from_utf8(out).unwrap_or_default()
}

fn write(out: &mut Vec<u8>, node: &Node<'_>) {
    match &node.value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(yes) => out.extend_from_slice(if *yes { b"true" } else { b"false" }),
        Value::Number(number) => out.extend_from_slice(number.as_bytes()),
        Value::Text(text) => quoted(out, text),
        Value::List(items) => {
            for (at, item) in items.iter().enumerate() {
                out.extend_from_slice(if at == 0 { b"[" } else { b"," });
                write(out, item);
            }
            out.extend_from_slice(if items.is_empty() { b"[]" } else { b"]" });
        }
        Value::Object(fields) => {
            for (at, (name, node)) in fields.iter().enumerate() {
                out.push(if at == 0 { b'{' } else { b',' });
                quoted(out, name);
                out.push(b':');
                write(out, node);
            }
            out.extend_from_slice(if fields.is_empty() { b"{}" } else { b"}" });
        }
    }
}

pub(crate) fn quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte >= 0x20 && *byte != b'"' && *byte != b'\\' {
            continue;
        }
        out.extend_from_slice(bytes.get(from..at).unwrap_or_default());
        from = at + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            other => out.extend_from_slice(format!("\\u{other:04x}").as_bytes()),
        }
    }
    out.extend_from_slice(bytes.get(from..).unwrap_or_default());
    out.push(b'"');
}

/// Empties a file that was written too soon.
fn emptied(mut file: &File) -> Result<(), Stop> {
    file.set_len(0).and_then(|()| file.rewind()).map_err(|e| Stop::Unwritable(e.to_string()))
}

/// Takes grants and writes them.
pub(crate) struct JsonOut<'f> {
    to: &'f File,
    buffer: Vec<u8>,
    fields: usize,
    /// Whether the list of grants is open, and how many stand in it.
    open: bool,
    begun: bool,
    grants: u64,
}

impl<'f> JsonOut<'f> {
    pub fn new(to: &'f File) -> Self {
        Self { to, buffer: Vec::with_capacity(1 << 17), fields: 0, open: false, begun: false, grants: 0 }
    }

    fn begin_field(&mut self, name: &str) {
        if self.open {
            self.buffer.extend_from_slice(b"\n]");
            self.open = false;
        }
        self.buffer.extend_from_slice(if self.fields == 0 { b"{\n" } else { b",\n" });
        self.fields += 1;
        quoted(&mut self.buffer, name);
        self.buffer.extend_from_slice(b": ");
    }

    fn flush(&mut self) -> Result<(), Stop> {
        self.to.write_all(&self.buffer).map_err(|e| Stop::Unwritable(e.to_string()))?;
        self.buffer.clear();
        Ok(())
    }

    pub fn finish(mut self) -> Result<(), Stop> {
        self.grants_begin()?;
        self.buffer.extend_from_slice(if self.open { b"\n]\n}\n" } else { b"\n}\n" });
        self.flush()
    }
}

impl Sink for JsonOut<'_> {
    fn again(&mut self) -> Result<(), Stop> {
        emptied(self.to)?;
        *self = JsonOut::new(self.to);
        Ok(())
    }
    fn field(&mut self, name: &str, node: &Node<'_>, _line: u64) -> Result<(), Stop> {
        self.begin_field(name);
        write(&mut self.buffer, node);
        Ok(())
    }

    fn grants_begin(&mut self) -> Result<(), Stop> {
        if !self.begun {
            self.begun = true;
            self.begin_field("grants");
            self.buffer.push(b'[');
            self.open = true;
        }
        Ok(())
    }

    fn grant(&mut self, grant: &Grant<'_>) -> Result<(), Stop> {
        self.grants_begin()?;
        self.buffer.extend_from_slice(if self.grants == 0 { b"\n" } else { b",\n" });
        self.grants += 1;
        write(&mut self.buffer, grant.root);
        if self.buffer.len() > 1 << 16 { self.flush() } else { Ok(()) }
    }
}
