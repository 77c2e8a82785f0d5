//! Archives from before Docker 1.10: `repositories`, and a folder for every layer whose `json`
//! names the layer below.

use std::collections::BTreeSet;

use super::{Archive, Image, Layer, Platform};
use crate::gap::Trouble;
use crate::json::{Json, Shape};

impl Archive<'_> {
    /// Finds the images by their names. Says whether there is one.
    pub(super) fn legacy_images(&mut self) -> bool {
        let Some(text) = self.text("repositories") else { return false };
        let mut tops: Vec<(Box<str>, Box<str>)> = Vec::new();
        for (name, tags) in Json::first(&text).into_iter().flat_map(Json::members) {
            for (tag, id) in tags.members() {
                let (Some(name), Some(tag), Some(id)) = (name.string(), tag.string(), id.string())
                else {
                    continue;
                };
                tops.push((
                    format!("{}:{}", name.as_str(), tag.as_str()).into(),
                    id.as_str().into(),
                ));
            }
        }
        for (name, id) in tops.into_iter().take(1000) {
            let image = self.legacy_image(name, &id);
            self.images.extend(image);
        }
        !self.images.is_empty()
    }

    fn legacy_image(&mut self, name: Box<str>, top: &str) -> Option<Image> {
        let mut image = Image { names: vec![name], ..Image::default() };
        let mut seen = BTreeSet::new();
        let mut next = Some(Box::<str>::from(top));
        while let Some(id) = next.take() {
            if !seen.insert(id.clone()) {
                self.say(&id, Trouble::IndexCycle(id.clone()));
                break;
            }
            if image.layers.len() as u64 >= self.limits.layers {
                self.say(&id, Trouble::TooManyLayers(self.limits.layers));
                break;
            }
            image.layers.push(self.legacy_layer(&id));
            let file = format!("{id}/json");
            let Some(text) = self.text(&file) else {
                self.say(&file, Trouble::Absent(file.as_str().into()));
                break;
            };
            let root = Json::first(&text).filter(|it| it.shape() == Shape::Object);
            let parent = root.and_then(|it| it.get("parent")).and_then(Json::string);
            next = parent.filter(|it| !it.is_empty()).map(|it| it.as_str().into());
            if image.config.is_none() {
                image.platform = root.and_then(Platform::read);
                image.config = Some(text);
                image.config_name = file.into();
            }
        }
        image.layers.reverse();
        Some(image)
    }

    fn legacy_layer(&self, id: &str) -> Layer {
        let name = format!("{id}/layer.tar");
        let blob = self.members.find(&name);
        let trouble = match blob {
            Some(it) if it.length == 0 => Some(Trouble::EmptyLayer),
            Some(_) => None,
            None => Some(Trouble::Absent(name.as_str().into())),
        };
        let blob = blob.filter(|_| trouble.is_none());
        Layer {
            name: name.into(),
            size: blob.map(|it| it.length),
            trouble,
            blob,
            ..Layer::default()
        }
    }
}
