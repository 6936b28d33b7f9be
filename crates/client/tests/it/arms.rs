//! How the bindings tell the arms of a union apart, which they do with functions of this crate.

use serde::Deserialize;
use serde_json::{Value, json};
use workers_ai_client::wire::{Arm, choose, decode, null_as_default};

#[track_caller]
fn check(value: Value, arms: &[Arm], expected: Option<usize>) {
    assert_eq!(choose(&value, arms), expected, "{value}");
}

#[test]
fn the_arm_that_knows_most_of_the_keys_is_taken() {
    let arms = [Arm::Object, Arm::Keys(&["a"]), Arm::Keys(&["a", "b"]), Arm::AnyKey(&["c", "d"])];
    check(json!({"a": 1, "b": 2}), &arms, Some(2));
    check(json!({"a": 1}), &arms, Some(1));
    check(json!({"d": 1}), &arms, Some(3));
    check(json!({"e": 1}), &arms, Some(0));
    check(json!([]), &arms, None);
}

#[test]
fn a_key_that_is_null_is_not_there() {
    check(json!({"a": null, "b": 1}), &[Arm::Keys(&["a"]), Arm::Keys(&["b"])], Some(1));
    check(json!({"a": null}), &[Arm::AnyKey(&["a"])], None);
}

#[test]
fn of_arms_that_know_as_much_the_first_is_taken() {
    check(json!({"a": 1, "b": 2}), &[Arm::Keys(&["b"]), Arm::Keys(&["a"])], Some(0));
    check(json!("text"), &[Arm::Any, Arm::Text, Arm::Text], Some(1));
}

#[test]
fn a_tag_decides_against_everything_else() {
    let arms = [Arm::Keys(&["type", "a", "b"]), Arm::Tag("type", "x"), Arm::Tag("type", "y")];
    check(json!({"type": "y", "a": 1, "b": 2}), &arms, Some(2));
    check(json!({"type": "z", "a": 1, "b": 2}), &arms, Some(0));
}

#[test]
fn each_kind_of_json_has_its_arm() {
    let arms = [Arm::Text, Arm::Number, Arm::Boolean, Arm::List, Arm::Object];
    for (index, value) in [json!("a"), json!(1), json!(true), json!([1]), json!({})].into_iter().enumerate() {
        check(value, &arms, Some(index));
    }
    check(Value::Null, &arms, None);
    check(Value::Null, &[Arm::Text, Arm::Any], Some(1));
}

#[test]
fn an_arm_that_does_not_fit_says_where() {
    #[derive(Debug, Deserialize)]
    struct Item {
        #[serde(rename = "number")]
        _number: u8,
    }
    let refused = |value| decode::<Vec<Item>, serde_json::Error>(value).unwrap_err().to_string();
    assert!(refused(json!([{"number": 1}, {"number": "x"}])).starts_with("[1].number: invalid type"));
    // The whole has no place to name.
    assert!(refused(json!(5)).starts_with("invalid type: integer `5`"));
    assert_eq!(decode::<Vec<u8>, serde_json::Error>(json!([1])).unwrap(), [1]);
}

#[test]
fn null_is_the_default() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Reply(#[serde(deserialize_with = "null_as_default")] Vec<u8>);
    assert_eq!(serde_json::from_value::<Reply>(json!(null)).unwrap(), Reply(Vec::new()));
    assert_eq!(serde_json::from_value::<Reply>(json!([1])).unwrap(), Reply(vec![1]));
}
