//! The words of the user's language. Everything that a person reads stands in
//! `data/messages/*.ftl` (Fluent), never in the code.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::fmt::Display;

use crate::words::kinds::{Kind, Name};

/// The language of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// 中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The catalogue as it stands in the repository.
    pub const fn source(self) -> &'static str {
        match self {
            Self::Zh => include_str!("../../data/messages/zh.ftl"),
            Self::En => include_str!("../../data/messages/en.ftl"),
        }
    }
    const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}

/// The catalogue of one language.
pub struct Messages {
    bundle: FluentBundle<FluentResource>,
    lang: Lang,
}

impl Messages {
    /// The embedded catalogue of a language.
    pub fn new(lang: Lang) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![lang.tag().parse().unwrap_or_default()]);
        // Marks of writing direction would spoil the width of columns.
        bundle.set_use_isolating(false);
        let resource = match FluentResource::try_new(lang.source().to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
        Self { bundle, lang }
    }

    /// The language.
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// The message of a key; the key itself if the catalogue lacks it.
    pub fn text(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// The message of a key with its values filled in.
    pub fn with(&self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        self.get(key, values).unwrap_or_else(|| key.to_owned())
    }

    /// The message of a key, if the catalogue has it.
    pub fn get(&self, key: &str, values: &[(&str, &dyn Display)]) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set(*name, FluentValue::from(value.to_string()));
        }
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(&args), &mut errors);
        Some(text.into_owned())
    }

    /// The word for a member of a closed list: message `family-key`, such as `payer-household`.
    pub fn kind(&self, family: &str, kind: impl Kind) -> String {
        self.member(family, kind.key())
    }

    /// The word for a key of a family; the key itself if the catalogue lacks it.
    pub fn member(&self, family: &str, key: &str) -> String {
        self.get(&format!("{family}-{key}"), &[])
            .unwrap_or_else(|| key.to_owned())
    }

    /// The form of a name in this language.
    pub fn name<'n>(&self, name: &'n Name) -> &'n str {
        match self.lang {
            Lang::Zh => &name.zh,
            Lang::En => &name.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::kinds::Payer;

    #[test]
    fn values_are_filled_in_without_direction_marks() {
        let text = Messages::new(Lang::Zh).with("problem-not-a-day", &[("value", &"2026-02-30")]);
        assert_eq!(text, "日历上没有这一天：2026-02-30");
    }

    #[test]
    fn kinds_have_words_and_unknown_keys_stay_as_they_are() {
        let messages = Messages::new(Lang::Zh);
        assert_eq!(messages.kind("payer", Payer::Household), "农户");
        assert_eq!(messages.member("payer", "martian"), "martian");
        assert_eq!(messages.text("no-such-key"), "no-such-key");
    }
}
