//! Changes bytes: takes some out, puts words of the formats in, joins two inputs.

use mutatis::{Candidates, Context, Mutate, Result};

/// What the formats are made of.
const WORDS: &[&[u8]] = &[
    b"\n",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"data:",
    b"data: ",
    b"data",
    b": ping\n\n",
    b"event: error\n",
    b"event:\n",
    b"id: 1\n",
    b"retry: 0\n",
    b"data: [DONE]\n\n",
    b"[DONE]",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b",",
    b":",
    b"\"error\":",
    b"\"errors\":[{\"code\":3040}],",
    b"\"success\":false,",
    b"null",
    b"1e999",
    b"-1",
    b"18446744073709551615",
    b"content-length: 99999999999\r\n",
    b"content-length: 0\r\n",
    b"transfer-encoding: chunked\r\n",
    b"expect: 100-continue\r\n",
    b"content-type: multipart/form-data; boundary=x\r\n",
    b"--x\r\n",
    b"--x--\r\n",
    b"x-workers-ai-sandbox: s\r\n",
    b"upgrade: websocket\r\n",
    b"GET ",
    b"POST ",
    b"HEAD ",
    b"OPTIONS ",
    b"/",
    b"//",
    b"/..",
    b"%00",
    b"%2f",
    b"%",
    b"?",
    b"&",
    b"=",
    b"@cf/",
    b"#",
    b"queueRequest=true",
    b"userInputs={}",
    b"mf-url: https://workers-binding.ai/run\r\n",
    b"retry-after: 1e400\r\n",
    b"retry-after-ms: -0\r\n",
];

/// The shortest stretch that is taken out or doubled is one byte, the longest this.
const LONGEST: usize = 64;

/// Splices words and pieces of other inputs in.
pub(super) struct Splices<'a> {
    pub(super) donors: &'a [&'a [u8]],
}

impl Mutate<Vec<u8>> for Splices<'_> {
    fn mutate(&mut self, candidates: &mut Candidates<'_>, bytes: &mut Vec<u8>) -> Result<()> {
        // Most of the chances for what changes most.
        if !bytes.is_empty() {
            candidates.mutation_group(4, |context, _| {
                let (start, end) = stretch(context, bytes);
                bytes.drain(start..end);
                Ok(())
            })?;
        }
        if candidates.shrink() {
            return Ok(());
        }
        candidates.mutation_group(5, |context, _| {
            let word = context.rng().choose(WORDS).copied().unwrap_or_default();
            insert(context, bytes, word);
            Ok(())
        })?;
        if bytes.is_empty() {
            return Ok(());
        }
        candidates.mutation_group(2, |context, _| {
            let (start, end) = stretch(context, bytes);
            let copy =
                bytes.get(start..end).unwrap_or_default().repeat(1 + context.rng().gen_index(8).unwrap_or_default());
            insert(context, bytes, &copy);
            Ok(())
        })?;
        candidates.mutation_group(2, |context, _| {
            let flipped = context.rng().gen_u8();
            let place = context.rng().gen_index(bytes.len()).unwrap_or_default();
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= flipped;
            }
            Ok(())
        })?;
        candidates.mutation_group(2, |context, _| {
            let donor = context.rng().choose(self.donors).copied().unwrap_or_default();
            let from = context.rng().gen_index(donor.len()).unwrap_or_default();
            let place = context.rng().gen_index(bytes.len()).unwrap_or_default();
            bytes.truncate(place);
            bytes.extend_from_slice(donor.get(from..).unwrap_or_default());
            Ok(())
        })
    }
}

fn stretch(context: &mut Context, bytes: &[u8]) -> (usize, usize) {
    let start = context.rng().gen_index(bytes.len()).unwrap_or_default();
    let length = 1 + context.rng().gen_index(LONGEST).unwrap_or_default();
    (start, bytes.len().min(start + length))
}

fn insert(context: &mut Context, bytes: &mut Vec<u8>, word: &[u8]) {
    let place = context.rng().gen_index(bytes.len() + 1).unwrap_or_default();
    bytes.splice(place..place, word.iter().copied());
}
