//! Vectors as programs use them, and JSON read in one pass.

use std::borrow::Cow;

use workers_ai_client::{
    Vectors,
    wire::{Arm, Cursor, choose},
};

fn vectors(json: &str) -> Vectors {
    serde_json::from_str(json).unwrap()
}

#[test]
#[expect(clippy::indexing_slicing, reason = "it is what is tested")]
fn vectors_are_one_piece_of_memory_and_as_many_slices() {
    let two = vectors("[[0.5, -1], [2]]");
    assert_eq!((two.len(), two.is_empty(), two.dimensions()), (2, false, None));
    assert_eq!((&two[0], &two[1]), ([0.5, -1.0].as_slice(), [2.0].as_slice()));
    assert_eq!((two.first(), two.get(1), two.get(2)), (Some([0.5, -1.0].as_slice()), Some([2.0].as_slice()), None));
    assert_eq!(two.as_numbers(), [0.5, -1.0, 2.0]);
    assert_eq!(two.clone().into_numbers(), [0.5, -1.0, 2.0]);
    assert_eq!(two.iter().rev().map(<[f32]>::len).collect::<Vec<_>>(), [1, 2]);
    let none = vectors("[]");
    assert_eq!((none.len(), none.is_empty(), none.dimensions(), none.first()), (0, true, None, None));
    assert_eq!(vectors("[[1, 2], [3, 4]]").dimensions(), Some(2));
}

#[test]
#[expect(clippy::indexing_slicing, reason = "it is what is tested")]
fn vectors_are_made_from_lists_and_become_lists() {
    let lists = vec![vec![0.5, -1.0], Vec::new(), vec![2.0]];
    let made = Vectors::from(lists.clone());
    assert_eq!(made, vectors("[[0.5, -1], [], [2]]"));
    assert_eq!(made, [vec![0.5, -1.0], Vec::new(), vec![2.0]]);
    assert_ne!(made, [vec![0.5, -1.0], Vec::new(), vec![3.0]]);
    assert_eq!(Vec::<Vec<f32>>::from(made.clone()), lists);
    assert_eq!(made, lists);
    assert_ne!(made, vec![vec![0.5, -1.0]]);
    let mut more = made;
    more.extend([[7.0]]);
    assert_eq!((more.len(), &more[3]), (4, [7.0].as_slice()));
}

#[test]
fn what_is_no_list_of_lists_says_what_was_expected() {
    let refused = |json: &str| serde_json::from_str::<Vectors>(json).unwrap_err().to_string();
    assert!(refused("7").contains("expected a list of vectors"), "{}", refused("7"));
    assert!(refused("[7]").contains("expected a list of numbers"), "{}", refused("[7]"));
}

#[test]
fn a_cursor_walks_through_objects_and_lists() {
    let mut cursor = Cursor::new(" { \"a\" : \"x\", \"b\":null ,\"c\": [ 1 , [2] ] , \"d\": {} } ");
    assert!(cursor.begin_object().is_some());
    assert_eq!(cursor.next_name(), Some(Some("a")));
    // What has no escapes is lent, not copied.
    assert!(matches!(cursor.text(), Some(Cow::Borrowed("x"))));
    assert_eq!(cursor.next_name(), Some(Some("b")));
    assert!(cursor.null() && !cursor.null());
    assert_eq!(cursor.next_name(), Some(Some("c")));
    assert!(cursor.begin_object().is_none() && cursor.begin_list().is_some());
    assert_eq!((cursor.next_item(), cursor.value()), (Some(true), Some("1")));
    assert_eq!((cursor.next_item(), cursor.value()), (Some(true), Some("[2]")));
    assert_eq!(cursor.next_item(), Some(false));
    assert_eq!(cursor.next_name(), Some(Some("d")));
    assert!(cursor.begin_object().is_some());
    assert_eq!(cursor.next_name(), Some(None));
    assert!(cursor.end().is_none());
    assert_eq!(cursor.next_name(), Some(None));
    assert!(cursor.end().is_some());
}

#[test]
fn a_cursor_goes_no_further_than_the_json_is_right() {
    let after_the_first = |json: &'static str| {
        let mut cursor = Cursor::new(json);
        cursor.begin_list()?;
        cursor.next_item()?;
        cursor.value()?;
        cursor.next_item()
    };
    assert_eq!(after_the_first("[1,2]"), Some(true));
    assert_eq!(after_the_first("[1]"), Some(false));
    assert_eq!(after_the_first("[1 2]"), None);
    let name = |json: &'static str| {
        let mut cursor = Cursor::new(json);
        cursor.begin_object()?;
        cursor.next_name()
    };
    assert_eq!(name("{\"a\": 1}"), Some(Some("a")));
    for wrong in ["[\"a\"]", "{\"a\"}", "{,\"a\": 1}", "{a: 1}", "{\"a\\n\": 1}", "{"] {
        assert_eq!(name(wrong), None, "{wrong}");
    }
}

#[test]
fn more_keys_tell_more_and_a_tag_tells_everything() {
    let chosen = |json: serde_json::Value, arms: &[Arm]| choose(&json, arms);
    let one = serde_json::json!({"a": 1});
    assert_eq!(chosen(one.clone(), &[Arm::AnyKey(&["a"]), Arm::Keys(&["a"])]), Some(1));
    assert_eq!(chosen(one.clone(), &[Arm::Object, Arm::Keys(&[])]), Some(1));
    assert_eq!(chosen(one.clone(), &[Arm::Any, Arm::Object]), Some(1));
    // Of equals the first.
    assert_eq!(chosen(one, &[Arm::AnyKey(&["a"]), Arm::AnyKey(&["a", "b"])]), Some(0));
    let both = serde_json::json!({"a": "x", "b": 1});
    assert_eq!(chosen(both.clone(), &[Arm::Keys(&["a"]), Arm::Keys(&["a", "b"])]), Some(1));
    assert_eq!(chosen(both, &[Arm::Keys(&["a", "b"]), Arm::Tag("a", "x")]), Some(1));
}
