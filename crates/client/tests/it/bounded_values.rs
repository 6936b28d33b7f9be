//! Values with a range: inside travels, outside is refused with words that help.

use serde_json::json;
use workers_ai_client::{Base64, ByteArray, Integer, List, Media, Number, OneOrMany, Text, lit};

type Temperature = Number<0, 5000>;
type Penalty = Number<-2000, 2000>;
type Fraction = Number<1, 999>;
type AtLeastOne = Integer<1, { i64::MAX }>;
type TopK = Integer<1, 50>;
type Words = List<Text<1, 5>, 1, 2>;

#[track_caller]
fn refused<T, E: std::fmt::Display>(result: Result<T, E>, text: &str) {
    assert_eq!(result.err().map(|error| error.to_string()).as_deref(), Some(text));
}

#[test]
fn ends_of_a_range_belong_to_it_exactly() {
    for inside in [0.0, 5.0, 0.7] {
        assert_eq!(Temperature::try_from(inside).unwrap().get(), inside);
    }
    for outside in [-0.000_000_1, 5.000_000_1] {
        assert!(Temperature::try_from(outside).is_err());
    }
    // Every thousandth compares as it is written.
    for milli in 1..=999_i32 {
        let written: f64 = format!("0.{milli:03}").parse().unwrap();
        assert!(Fraction::try_from(written).is_ok(), "{written}");
    }
    refused(Fraction::try_from(0.000_999_999_999), "0.000999999999 is outside 0.001 to 0.999");
    assert_eq!((Penalty::MIN, Penalty::MAX), (-2.0, 2.0));
}

#[test]
fn a_float_keeps_its_decimal_meaning() {
    assert_eq!(Temperature::try_from(0.7_f32).unwrap().get(), 0.7);
    assert!(Number::<0, 100>::try_from(0.1_f32).is_ok());
    assert_eq!(Temperature::try_from(2).unwrap().to_string(), "2");
}

#[test]
fn refusals_name_value_and_range() {
    refused(Temperature::try_from(5.1), "5.1 is outside 0 to 5");
    refused(Temperature::try_from(f64::NAN), "NaN is not a finite number");
    refused("warm".parse::<Temperature>(), "\"warm\" is not a number");
    refused(TopK::try_from(0_i64), "0 is outside 1 to 50");
    refused(TopK::try_from(u64::MAX), "18446744073709551615 is outside 1 to 50");
    refused(AtLeastOne::try_from(-3), "-3 is below 1");
    refused(Number::<{ i64::MIN }, 1500>::try_from(1.6), "1.6 is above 1.5");
    refused(Text::<1, 5>::from("too long").check(), "text of 8 characters is outside 1 to 5");
    refused(Text::<1, { usize::MAX }>::from("").check(), "text of 0 characters is below 1");
    refused(Words::from(["a", "b", "c"]).check(), "list of 3 items is outside 1 to 2");
}

#[test]
fn literals_are_checked_while_compiling() {
    assert_eq!(lit!(Penalty, -1.5).get(), -1.5);
    assert_eq!(lit!(TopK, 50).get(), 50);
    assert_eq!(lit!(Text<1, 5>, "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}").as_str(), "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}");
    let inferred: Temperature = lit!(0.25);
    assert_eq!(inferred.get(), 0.25);
}

#[test]
fn json_outside_the_range_is_neither_read_nor_written() {
    refused(serde_json::from_value::<Temperature>(json!(5.1)), "5.1 is outside 0 to 5");
    refused(serde_json::from_value::<TopK>(json!(51)), "51 is outside 1 to 50");
    refused(serde_json::from_value::<Words>(json!([])), "list of 0 items is outside 1 to 2");
    refused(serde_json::to_string(&Text::<1, 5>::from("")), "text of 0 characters is outside 1 to 5");
    refused(serde_json::to_string(&Words::from(["a", "abcdef"])), "text of 6 characters is outside 1 to 5");
    assert_eq!(serde_json::from_value::<TopK>(json!(4.0)).unwrap().get(), 4);
    assert!(serde_json::from_value::<TopK>(json!(4.5)).is_err());
    assert_eq!(serde_json::from_value::<Temperature>(json!(1)).unwrap().get(), 1.0);
    assert_eq!(serde_json::to_string(&lit!(Temperature, 0.7)).unwrap(), "0.7");
}

#[test]
fn lists_come_from_whatever_is_at_hand() {
    let owned = vec!["a".to_owned()];
    let borrowed: &[&str] = &["a"];
    for words in [Words::from(["a"]), Words::from(&owned), Words::from(borrowed), Words::from(owned.clone())] {
        assert_eq!(words.first().unwrap(), &"a");
    }
    assert_eq!(Words::from_iter(["a", "b"]).into_iter().map(String::from).collect::<Vec<_>>(), ["a", "b"]);
    let mut words = Words::default();
    words.push("a");
    words.extend(["b"]);
    assert_eq!(words.len(), 2);
}

#[test]
fn one_or_many_takes_both() {
    type Texts = OneOrMany<Text<1, 5>, Words>;
    assert_eq!(serde_json::to_value(Texts::from("a")).unwrap(), json!("a"));
    assert_eq!(serde_json::to_value(Texts::from(vec!["a", "b"])).unwrap(), json!(["a", "b"]));
    assert_eq!(serde_json::from_value::<Texts>(json!(["a"])).unwrap(), Texts::from(["a"]));
    // The words are about what was meant: the bare value, or the list.
    let error = |value| serde_json::from_value::<OneOrMany<bool, Vec<bool>>>(value).unwrap_err().to_string();
    assert_eq!(error(json!(7)), "invalid type: integer `7`, expected a boolean");
    assert_eq!(error(json!([7])), "invalid type: integer `7`, expected a boolean");
    assert_eq!(error(json!("a")), "invalid type: string \"a\", expected a boolean");
}

#[test]
fn bytes_travel_in_three_forms() {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let picture = Media::from(PNG);
    assert_eq!((picture.content_type(), picture.extension()), ("image/png", "png"));
    assert!(serde_json::to_string(&picture).unwrap().starts_with(r#""data:image/png;base64,iVBORw0KGgo"#));
    assert_eq!(serde_json::from_value::<Media>(json!(picture.data_url())).unwrap(), picture);
    assert_eq!(serde_json::to_value(Base64::from(&picture)).unwrap(), json!("iVBORw0KGgoAAAANSUhEUg=="));
    assert_eq!(serde_json::from_value::<Base64>(json!("iVBORw0KGgoAAAANSUhEUg")).unwrap().as_bytes(), PNG);
    assert!(serde_json::from_value::<Base64>(json!("not base64!")).is_err());
    assert_eq!(serde_json::to_value(ByteArray::from(b"\x89PNG")).unwrap(), json!([137, 80, 78, 71]));
    assert_eq!(serde_json::from_value::<ByteArray>(json!([137, 80])).unwrap().as_bytes(), b"\x89P");
    assert!(serde_json::from_value::<ByteArray>(json!([256])).is_err());
    assert_eq!(format!("{picture:?}"), "Media(image/png, 16 bytes)");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("picture.png");
    picture.save(&path).unwrap();
    assert_eq!(Media::from_file(&path).unwrap(), picture);
}
