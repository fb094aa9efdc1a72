//! Texts in English with an optional Welsh beside them.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeStruct};

/// A language that forms are read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    En,
    Cy,
}

/// A text that people read. In a file it is a plain text, or `{ en = "…", cy = "…" }`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    pub en: String,
    pub cy: Option<String>,
}

impl Text {
    #[must_use]
    pub fn new(en: impl Into<String>, cy: impl Into<String>) -> Self {
        Self { en: en.into(), cy: Some(cy.into()) }
    }
    /// The text in this language, or in English where the Welsh is missing.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match (lang, &self.cy) {
            (Lang::Cy, Some(cy)) if !cy.trim().is_empty() => cy,
            _ => &self.en,
        }
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.en.trim().is_empty()
    }
    /// There is something to translate and no Welsh for it.
    #[must_use]
    pub fn lacks_welsh(&self) -> bool {
        !self.is_empty() && self.cy.as_deref().is_none_or(|cy| cy.trim().is_empty())
    }
}

impl From<&str> for Text {
    fn from(en: &str) -> Self {
        Self { en: en.to_owned(), cy: None }
    }
}
impl From<String> for Text {
    fn from(en: String) -> Self {
        Self { en, cy: None }
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let Some(cy) = &self.cy else { return s.serialize_str(&self.en) };
        let mut both = s.serialize_struct("Text", 2)?;
        both.serialize_field("en", &self.en)?;
        both.serialize_field("cy", cy)?;
        both.end()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> serde::de::Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text, or { en = \"…\", cy = \"…\" }")
    }
    fn visit_str<E: serde::de::Error>(self, en: &str) -> Result<Text, E> {
        Ok(en.into())
    }
    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Text, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Both {
            en: String,
            cy: Option<String>,
        }
        let Both { en, cy } = Both::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        Ok(Text { en, cy })
    }
}
