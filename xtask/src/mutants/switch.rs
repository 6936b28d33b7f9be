//! Writes many mutants of a file into it at once, each behind a switch, so that one build is enough for all.
//!
//! Text is put between the tokens of the source, never in place of code with mutants of its own, so that nested ones work too.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::{Context, Result};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, Pat, UnOp};

use super::mutant::{Genre, Mutant, Place};

/// A file with switches.
pub(super) struct Switched {
    pub(super) text: String,
    /// Where the code of one mutant alone is: an error there is the mutant's own.
    pub(super) alternatives: Vec<(Range<usize>, usize)>,
    /// Where code was put around something: an error there speaks against switching these mutants.
    pub(super) wraps: Vec<(Range<usize>, Vec<usize>)>,
    /// Matches, and the mutants that take an arm away: without one, what is left may not cover everything.
    pub(super) matches: Vec<(Range<usize>, Vec<usize>)>,
    /// The numbers of the mutants in it.
    pub(super) numbers: BTreeSet<usize>,
}

/// Puts mutants of one file, each with its number, behind switches; constants and a few others cannot be.
pub(super) fn switch(text: &str, mutants: &[(usize, &Mutant)]) -> Result<Switched> {
    let parsed = syn::parse_file(text).context("not Rust that syn can read")?;
    let mut places: BTreeMap<Place, Vec<(usize, &Mutant)>> = BTreeMap::new();
    for (number, mutant) in mutants {
        places.entry(mutant.span.start).or_default().push((*number, mutant));
    }
    let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let mut writer =
        Writer { text, lines, places, edits: Vec::new(), numbers: BTreeSet::new(), arms: Vec::new(), constant: 0 };
    writer.visit_file(&parsed);
    Ok(writer.finish())
}

enum Mark {
    None,
    Alternative(usize),
    Open(Vec<usize>),
    Match(Vec<usize>),
    Close,
}

/// Text that takes the place of what is in the range.
struct Edit {
    range: Range<usize>,
    text: String,
    mark: Mark,
}

struct Writer<'a> {
    text: &'a str,
    /// Where each line starts.
    lines: Vec<usize>,
    places: BTreeMap<Place, Vec<(usize, &'a Mutant)>>,
    /// In the order in which they nest.
    edits: Vec<Edit>,
    numbers: BTreeSet<usize>,
    /// The mutants that take arms away, by the match that we are in.
    arms: Vec<Vec<usize>>,
    /// How many constants or constant functions we are in: no switch can be asked there.
    constant: usize,
}

fn on(number: usize) -> String {
    format!("crate::mutant_switch::on({number})")
}

/// Whether `let` is part of a condition, whose `&&` then is no operator.
fn has_let(expression: &Expr) -> bool {
    match expression {
        Expr::Let(_) => true,
        Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        _ => false,
    }
}

impl<'a> Writer<'a> {
    fn offset(&self, place: proc_macro2::LineColumn) -> usize {
        let start = self.lines.get(place.line.saturating_sub(1)).copied().unwrap_or_default();
        let line = self.text.get(start..).unwrap_or_default();
        start + line.char_indices().nth(place.column).map_or(line.len(), |(at, _)| at)
    }

    fn range(&self, span: proc_macro2::Span) -> Range<usize> {
        self.offset(span.start())..self.offset(span.end())
    }

    fn source(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// The mutants of one kind that begin where something begins, noted as switched.
    fn take(&mut self, span: proc_macro2::Span, genre: Genre) -> Vec<(usize, &'a Mutant)> {
        let start = span.start();
        let place = Place { line: start.line, column: start.column + 1 };
        if self.constant > 0 {
            return Vec::new();
        }
        let here = self.places.get(&place).into_iter().flatten();
        let found: Vec<_> = here.filter(|(_, mutant)| mutant.genre == genre).copied().collect();
        let fresh = found.into_iter().filter(|(number, _)| self.numbers.insert(*number));
        fresh.collect()
    }

    fn put(&mut self, range: Range<usize>, text: impl Into<String>, mark: Mark) {
        self.edits.push(Edit { range, text: text.into(), mark });
    }

    fn insert(&mut self, at: usize, text: impl Into<String>, mark: Mark) {
        self.put(at..at, text, mark);
    }

    fn constant(&mut self, is_constant: bool, inside: impl FnOnce(&mut Self)) {
        self.constant += usize::from(is_constant);
        inside(self);
        self.constant -= usize::from(is_constant);
    }

    /// The code of each mutant behind its switch, the original's last.
    fn choose(&mut self, at: usize, mutants: &[(usize, &Mutant)], code: impl Fn(&str) -> String, original: &str) {
        for (number, mutant) in mutants {
            self.insert(at, format!("if {} {{ ", on(*number)), Mark::None);
            self.insert(at, code(&mutant.replacement), Mark::Alternative(*number));
            self.insert(at, " } else ", Mark::None);
        }
        self.insert(at, format!("{{ {} }}", code(original)), Mark::None);
    }

    /// `a && b`: the right side is evaluated when the left one differs from the switch.
    fn lazily(&mut self, binary: &syn::ExprBinary, number: usize) {
        let (left, right, whole) =
            (self.range(binary.left.span()), self.range(binary.right.span()), self.range(binary.span()));
        let switch = on(number);
        let (between, after) = match binary.op {
            BinOp::And(_) => (format!(") != {switch} {{ "), format!(" }} else {{ {switch} }})")),
            _ => (format!(") == {switch} {{ "), format!(" }} else {{ !{switch} }})")),
        };
        self.insert(whole.start, "(if (", Mark::Open(vec![number]));
        self.visit_expr(&binary.left);
        self.put(left.end..right.start, between, Mark::None);
        self.visit_expr(&binary.right);
        self.insert(whole.end, after, Mark::Close);
    }

    fn operate(&mut self, binary: &syn::ExprBinary, mutants: &[(usize, &Mutant)]) {
        let (left, right, whole) =
            (self.range(binary.left.span()), self.range(binary.right.span()), self.range(binary.span()));
        let numbers = mutants.iter().map(|(number, _)| *number).collect();
        let operator = self.source(self.range(binary.op.span()));
        let compares = matches!(
            binary.op,
            BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_)
        );
        if operator.ends_with('=') && !compares {
            let target = self.source(left);
            self.put(whole.start..right.start, "{ match ", Mark::Open(numbers));
            self.visit_expr(&binary.right);
            self.insert(whole.end, " { right => { ", Mark::None);
            self.choose(whole.end, mutants, |operator| format!("{target} {operator} right"), operator);
            self.insert(whole.end, " } } }", Mark::Close);
            return;
        }
        // What is compared is not moved.
        let (borrow, follow) = if compares { ("&", "*") } else { ("", "") };
        self.insert(whole.start, format!("(match ({borrow}("), Mark::Open(numbers));
        self.visit_expr(&binary.left);
        self.put(left.end..right.start, format!("), {borrow}("), Mark::None);
        self.visit_expr(&binary.right);
        self.insert(whole.end, ")) { (left, right) => ", Mark::None);
        self.choose(whole.end, mutants, |operator| format!("{follow}left {operator} {follow}right"), operator);
        self.insert(whole.end, " })", Mark::Close);
    }

    fn finish(self) -> Switched {
        let mut edits = self.edits;
        // Stable: what is inserted at one place stays in order.
        edits.sort_by_key(|edit| edit.range.start);
        let mut switched = Switched {
            text: String::new(),
            alternatives: Vec::new(),
            wraps: Vec::new(),
            matches: Vec::new(),
            numbers: self.numbers,
        };
        let mut open = Vec::new();
        let mut at = 0;
        for edit in edits {
            switched.text.push_str(self.text.get(at..edit.range.start).unwrap_or_default());
            at = edit.range.end;
            let start = switched.text.len();
            switched.text.push_str(&edit.text);
            let end = switched.text.len();
            match edit.mark {
                Mark::None => {}
                Mark::Alternative(number) => switched.alternatives.push((start..end, number)),
                Mark::Open(numbers) => open.push((start, numbers, false)),
                Mark::Match(numbers) => open.push((start, numbers, true)),
                Mark::Close => {
                    let Some((start, numbers, is_match)) = open.pop() else { continue };
                    let closed = if is_match { &mut switched.matches } else { &mut switched.wraps };
                    closed.push((start..end, numbers));
                }
            }
        }
        switched.text.push_str(self.text.get(at..).unwrap_or_default());
        switched
    }
}

impl<'ast> Visit<'ast> for Writer<'_> {
    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.constant(true, |writer| visit::visit_item_const(writer, item));
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.constant(true, |writer| visit::visit_impl_item_const(writer, item));
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.constant(true, |writer| visit::visit_item_static(writer, item));
    }

    fn visit_expr_const(&mut self, block: &'ast syn::ExprConst) {
        self.constant(true, |writer| visit::visit_expr_const(writer, block));
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.constant(item.sig.constness.is_some(), |writer| visit::visit_item_fn(writer, item));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.constant(item.sig.constness.is_some(), |writer| visit::visit_impl_item_fn(writer, item));
    }

    fn visit_type(&mut self, _: &'ast syn::Type) {}

    fn visit_pat(&mut self, _: &'ast syn::Pat) {}

    fn visit_generic_argument(&mut self, _: &'ast syn::GenericArgument) {}

    fn visit_variant(&mut self, _: &'ast syn::Variant) {}

    fn visit_expr_repeat(&mut self, repeat: &'ast syn::ExprRepeat) {
        self.visit_expr(&repeat.expr);
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        if let Some(first) = block.stmts.first() {
            let at = self.range(first.span()).start;
            for (number, mutant) in self.take(first.span(), Genre::FnValue) {
                self.insert(at, format!("if {} {{ return ", on(number)), Mark::Open(vec![number]));
                self.insert(at, mutant.replacement.clone(), Mark::Alternative(number));
                self.insert(at, "; } ", Mark::Close);
            }
        }
        visit::visit_block(self, block);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if has_let(&binary.left) || has_let(&binary.right) {
            return visit::visit_expr_binary(self, binary);
        }
        let mutants = self.take(binary.op.span(), Genre::BinaryOperator);
        match (mutants.as_slice(), binary.op) {
            ([], _) => visit::visit_expr_binary(self, binary),
            ([(number, _)], BinOp::And(_) | BinOp::Or(_)) => self.lazily(binary, *number),
            (mutants, _) => self.operate(binary, mutants),
        }
    }

    fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
        let whole = self.range(unary.span());
        match (self.take(unary.op.span(), Genre::UnaryOperator).as_slice(), unary.op) {
            ([(number, _)], UnOp::Not(_)) => {
                self.put(whole.start..whole.start + 1, "((", Mark::Open(vec![*number]));
                self.visit_expr(&unary.expr);
                self.insert(whole.end, format!(") == {})", on(*number)), Mark::Close);
            }
            ([(number, _)], _) => {
                let without = self.source(self.range(unary.expr.span()));
                self.insert(whole.start, format!("(if {} {{ ", on(*number)), Mark::Open(vec![*number]));
                self.insert(whole.start, without, Mark::Alternative(*number));
                self.insert(whole.start, " } else { ", Mark::None);
                self.visit_expr(&unary.expr);
                self.insert(whole.end, " })", Mark::Close);
            }
            _ => self.visit_expr(&unary.expr),
        }
    }

    /// A field that is left to the rest: the whole expression again, without it.
    fn visit_expr_struct(&mut self, fields: &'ast syn::ExprStruct) {
        let whole = self.range(fields.span());
        let mut numbers = Vec::new();
        let mut text = String::new();
        for field in &fields.fields {
            for (number, _) in self.take(field.span(), Genre::StructField) {
                let without = self.range(field.span());
                let before = self.source(whole.start..without.start);
                let after = self.source(without.end..whole.end).trim_start().trim_start_matches(',');
                text.push_str(&format!("if {} {{ {before}{after} }} else ", on(number)));
                numbers.push(number);
            }
        }
        if numbers.is_empty() {
            return visit::visit_expr_struct(self, fields);
        }
        self.insert(whole.start, format!("({text}{{ "), Mark::Open(numbers));
        visit::visit_expr_struct(self, fields);
        self.insert(whole.end, " })", Mark::Close);
    }

    fn visit_expr_match(&mut self, matched: &'ast syn::ExprMatch) {
        let (whole, mark) = (self.range(matched.span()), self.edits.len());
        self.arms.push(Vec::new());
        self.insert(whole.start, "", Mark::None);
        visit::visit_expr_match(self, matched);
        let arms = self.arms.pop().unwrap_or_default();
        if let Some(edit) = self.edits.get_mut(mark) {
            edit.mark = Mark::Match(arms);
        }
        self.insert(whole.end, "", Mark::Close);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let deleted = self.take(arm.span(), Genre::MatchArm);
        if let Some(arms) = self.arms.last_mut() {
            arms.extend(deleted.iter().map(|(number, _)| *number));
        }
        let kept = deleted.iter().map(|(number, _)| format!("!{}", on(*number))).collect::<Vec<_>>().join(" && ");
        let mut numbers: Vec<usize> = deleted.iter().map(|(number, _)| *number).collect();
        let (pattern, guard) = match &arm.pat {
            Pat::Guard(guarded) => (&*guarded.pat, Some(&*guarded.guard)),
            pattern => (pattern, None),
        };
        match guard {
            Some(guard) => {
                let whole = self.range(guard.span());
                let guards = self.take(guard.span(), Genre::MatchArmGuard);
                if numbers.is_empty() && guards.is_empty() {
                    self.visit_expr(guard);
                    return self.visit_expr(&arm.body);
                }
                numbers.extend(guards.iter().map(|(number, _)| *number));
                let (yes, no): (Vec<_>, Vec<_>) =
                    guards.into_iter().partition(|(_, mutant)| mutant.replacement == "true");
                let any = |guards: &[(usize, &Mutant)]| {
                    guards.iter().map(|(number, _)| format!("{} || ", on(*number))).collect::<String>()
                };
                let kept = if kept.is_empty() { "true" } else { &kept };
                let text = format!("({kept} && ({}(!({}false) && (", any(&yes), any(&no));
                self.insert(whole.start, text, Mark::Open(numbers));
                self.visit_expr(guard);
                self.insert(whole.end, "))))", Mark::Close);
            }
            None if !kept.is_empty() => {
                let end = self.range(pattern.span()).end;
                self.insert(end, format!(" if {kept}"), Mark::Open(numbers));
                self.insert(end, "", Mark::Close);
            }
            None => {}
        }
        self.visit_expr(&arm.body);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

    use serde_json::json;

    use super::*;

    /// Switches mutants given by genre, column and replacement, all in the only line there is.
    #[track_caller]
    fn check(text: &str, mutants: &[(&str, usize, &str)], expected: &str) {
        let mutant = |(genre, column, replacement): &(&str, usize, &str)| -> Mutant {
            let place = json!({"line": 1, "column": column});
            let span = json!({"start": place, "end": place});
            let mutant = json!({"name": "", "file": "", "genre": genre, "span": span, "replacement": replacement});
            serde_json::from_value(mutant).unwrap()
        };
        let mutants: Vec<Mutant> = mutants.iter().map(mutant).collect();
        let numbered: Vec<_> = mutants.iter().enumerate().collect();
        let switched = switch(text, &numbered).unwrap();
        syn::parse_file(&switched.text).unwrap();
        assert_eq!(switched.text.replace("crate::mutant_switch::", ""), expected);
        assert_eq!(switched.numbers.len(), mutants.len());
    }

    #[test]
    fn the_right_side_stays_lazy() {
        check(
            "fn f() -> bool { a() && b() }",
            &[("BinaryOperator", 22, "||")],
            "fn f() -> bool { (if (a()) != on(0) { b() } else { on(0) }) }",
        );
    }

    #[test]
    fn mutants_nest() {
        check(
            "fn f() -> bool { !a() == b() }",
            &[("UnaryOperator", 18, ""), ("BinaryOperator", 23, "!=")],
            "fn f() -> bool { (match (&(((a()) == on(0))), &(b())) { (left, right) => \
             if on(1) { *left != *right } else { *left == *right } }) }",
        );
    }

    #[test]
    fn a_whole_body_and_an_arm_are_taken_out() {
        check(
            "fn f() -> u8 { match a { 1 => 2, _ => 3 } }",
            &[("FnValue", 16, "0"), ("MatchArm", 26, "")],
            "fn f() -> u8 { if on(0) { return 0; } match a { 1 if !on(1) => 2, _ => 3 } }",
        );
    }

    #[test]
    fn a_match_knows_which_arms_may_be_taken_out() {
        let text = "fn f() -> u8 { match a { 1 => match b { _ => 2 }, _ => 3 } }";
        let place = json!({"line": 1, "column": 26});
        let span = json!({"start": place, "end": place});
        let mutant = json!({"name": "", "file": "", "genre": "MatchArm", "span": span, "replacement": ""});
        let mutant: Mutant = serde_json::from_value(mutant).unwrap();
        let switched = switch(text, &[(7, &mutant)]).unwrap();
        let matches: Vec<_> =
            switched.matches.iter().map(|(range, arms)| (&switched.text[range.clone()], arms.clone())).collect();
        assert_eq!(
            matches,
            [
                ("match b { _ => 2 }", vec![]),
                ("match a { 1 if !crate::mutant_switch::on(7) => match b { _ => 2 }, _ => 3 }", vec![7]),
            ]
        );
    }
}
