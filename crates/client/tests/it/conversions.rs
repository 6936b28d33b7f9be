//! What values with a range give back: the same value as a plain one, as text and as JSON.

use serde_json::json;
use workers_ai_client::{Always, Digits, Integer, List, Number, Text};

type Temperature = Number<0, 5000>;
type TopK = Integer<1, 50>;
type Word = Text<1, 5>;
type Words = List<Word, 1, 2>;

#[test]
fn numbers_are_plain_numbers_again() {
    let warm = Temperature::try_from(0.7).unwrap();
    assert_eq!((f64::from(warm), warm.to_string().as_str()), (0.7, "0.7"));
    let few = TopK::try_from(7).unwrap();
    assert_eq!((i64::from(few), few.to_string().as_str()), (7, "7"));
    assert_eq!(Integer::<-50, 50>::try_from(-7).unwrap().get(), -7);
}

#[test]
fn negative_whole_numbers_are_read_from_json() {
    assert_eq!(serde_json::from_value::<Integer<-50, 50>>(json!(-7)).unwrap().get(), -7);
    let error = serde_json::from_value::<TopK>(json!("seven")).unwrap_err().to_string();
    assert_eq!(error, "invalid type: string \"seven\", expected a whole number");
}

#[test]
fn an_open_end_of_a_range_is_endless() {
    type Above = Number<1000, { i64::MAX }>;
    type Below = Number<{ i64::MIN }, 1000>;
    assert_eq!((Above::MIN, Above::MAX), (1.0, f64::INFINITY));
    assert_eq!((Below::MIN, Below::MAX), (f64::NEG_INFINITY, 1.0));
    assert!(Above::try_from(1e300).is_ok() && Above::try_from(0.5).is_err());
    assert!(Below::try_from(-1e300).is_ok() && Below::try_from(1.5).is_err());
    assert!(Above::try_from(f64::INFINITY).is_err());
}

#[test]
fn text_is_used_like_text() {
    let word = Word::from("hello");
    assert_eq!((word.len(), word.as_ref(), word.to_string().as_str()), (5, "hello", "hello"));
    assert_eq!(format!("{word:?}"), "\"hello\"");
    let plain: &str = "hello";
    assert!(word == *plain && word == plain);
    assert!(word != *"other" && word != "other");
    assert_eq!(word.into_string(), "hello");
}

#[test]
fn lists_are_used_like_lists() {
    let words = Words::from(&["a", "b"]);
    let mut joined = String::new();
    for word in &words {
        joined.push_str(word);
    }
    assert_eq!(joined, "ab");
    assert_eq!(format!("{words:?}"), r#"["a", "b"]"#);
    assert_eq!(words.into_vec(), [Word::from("a"), Word::from("b")]);
}

#[test]
fn a_refusal_counts_as_people_do() {
    let says = |text: &str| Text::<2, 5>::from(text.to_owned()).check().unwrap_err().to_string();
    assert_eq!(says("a"), "text of 1 character is outside 2 to 5");
    assert_eq!(says(""), "text of 0 characters is outside 2 to 5");
    // Characters are counted, not bytes.
    assert_eq!(says("\u{6d77}\u{6d77}\u{6d77}\u{6d77}\u{6d77}\u{6d77}"), "text of 6 characters is outside 2 to 5");
    assert_eq!(Text::<0, 1>::from("ab").check().unwrap_err().to_string(), "text of 2 characters is above 1");
}

#[test]
fn numbers_that_travel_as_text_are_digits_only() {
    let digits = Digits::from(42_u32);
    assert_eq!((digits.as_str(), digits.to_string().as_str()), ("42", "42"));
    assert_eq!(serde_json::to_value(&digits).unwrap(), json!("42"));
    assert_eq!(serde_json::from_value::<Digits>(json!("42")).unwrap(), digits);
    for wrong in ["", "4a", "-4", "4.0"] {
        assert!(serde_json::from_value::<Digits>(json!(wrong)).is_err(), "{wrong:?}");
    }
}

#[test]
fn a_switch_with_one_position_has_no_other() {
    assert!(serde_json::from_value::<Always<true>>(json!(true)).is_ok());
    assert!(serde_json::from_value::<Always<false>>(json!(false)).is_ok());
    let error = serde_json::from_value::<Always<true>>(json!(false)).unwrap_err().to_string();
    assert_eq!(error, "only true is accepted");
    assert_eq!(serde_json::to_value(Always::<true>).unwrap(), json!(true));
}
