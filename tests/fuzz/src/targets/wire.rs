//! A reply as an input: `STATUS`, headers, an empty line, the body.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// One reply.
#[derive(Clone, Debug)]
pub(super) struct Wire<'a> {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: &'a [u8],
}

impl<'a> Wire<'a> {
    /// Reads an input; what is not understood of its head is as if it were not there.
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        let end = bytes.windows(2).position(|pair| pair == b"\n\n");
        let (head, body) = end.map_or((bytes, [].as_slice()), |end| {
            let (head, rest) = bytes.split_at(end);
            (head, rest.get(2..).unwrap_or_default())
        });
        let mut lines = head.split(|byte| *byte == b'\n');
        let status = lines.next().and_then(|line| StatusCode::from_bytes(line.trim_ascii()).ok()).unwrap_or_default();
        let headers = lines.filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = line.split_at(colon);
            let value = HeaderValue::from_bytes(value.get(1..).unwrap_or_default().trim_ascii()).ok()?;
            Some((HeaderName::from_bytes(name).ok()?, value))
        });
        Self { status, headers: headers.collect(), body }
    }
}
