//! What was worked out lately, for whoever asks for the same again.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// How many are kept. Programs call a handful of models.
const KEPT: usize = 16;

/// Values by their keys, the newest first. What has been pushed out is worked out again.
pub(crate) struct Recent<K, V>(Mutex<VecDeque<(K, V)>>);

impl<K, V: Clone> Recent<K, V> {
    pub(crate) fn get<Q: ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: PartialEq<Q>,
    {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone())
    }

    pub(crate) fn keep(&self, key: K, value: V) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(KEPT - 1);
        kept.push_front((key, value));
    }
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept() {
        let recent = Recent::default();
        for number in 0..3 * KEPT {
            recent.keep(number.to_string(), number);
        }
        let found = |number: usize| recent.get(number.to_string().as_str());
        assert_eq!(found(2 * KEPT), Some(2 * KEPT));
        assert_eq!(found(3 * KEPT - 1), Some(3 * KEPT - 1));
        assert_eq!(found(2 * KEPT - 1), None);
        assert_eq!(found(0), None);
    }
}
