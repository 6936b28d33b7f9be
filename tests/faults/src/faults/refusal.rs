//! What the service, or something before it, says instead of an answer.

use crate::{Fault, Step, reply::failure};

fn envelope(status: &str, headers: &[&str], code: u32, message: &str) -> Vec<Step> {
    let body = format!(
        r#"{{"errors":[{{"message":"AiError: AiError: {message} (cba15bde-5351-404a-bc9e-32094e768932)","code":{code}}}],"success":false,"result":{{}},"messages":[]}}"#
    );
    failure(status, "application/json", headers, &body)
}

pub(crate) const RATE_LIMIT: Fault =
    Fault::new("429, rate limit", "Code 3021: the model's requests of the minute are spent.", |_, _| {
        envelope("429 Too Many Requests", &[], 3021, "rate limiting: inference request per min rate reached")
    });

pub(crate) const DAILY_QUOTA: Fault =
    Fault::new("429, daily quota", "Code 4006: the day's free neurons are spent.", |_, _| {
        let message = "you have used up your daily free allocation of 10,000 neurons, please upgrade to Cloudflare's \
                       Workers Paid plan if you would like to continue usage.";
        envelope("429 Too Many Requests", &[], 4006, message)
    });

pub(crate) const CAPACITY: Fault =
    Fault::new("429, capacity", "Code 3040: all of the model's machines are busy.", |_, _| {
        envelope("429 Too Many Requests", &[], 3040, "Capacity temporarily exceeded, please try again.")
    });

pub(crate) const TIME_OUT: Fault =
    Fault::new("408", "Code 3046: the service has given up on the model, after two minutes.", |_, _| {
        envelope("408 Request Timeout", &[], 3046, "Request timeout")
    });

pub(crate) const INTERNAL: Fault = Fault::new("500", "A fault of the service, without a word.", |_, _| {
    failure("500 Internal Server Error", "application/json", &[], "")
});

pub(crate) const BAD_GATEWAY: Fault = Fault::new("502, HTML", "A page of HTML from a machine in between.", |_, _| {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
    failure("502 Bad Gateway", "text/html", &[], page)
});

pub(crate) const RETRY_AFTER_A_DATE: Fault = Fault::new(
    "503, Retry-After a date",
    "The service says when to come back, one second later by its own clock, which is years behind.",
    |_, _| {
        let headers = ["date: Thu, 01 Jan 2015 10:00:00 GMT", "retry-after: Thu, 01 Jan 2015 10:00:01 GMT"];
        failure("503 Service Unavailable", "application/json", &headers, "")
    },
);

pub(crate) const REDIRECT: Fault = Fault::new(
    "redirect to another host",
    "The answer is at another host, where the token must not go.",
    |_, around| {
        let location = format!("location: {}", around.elsewhere);
        failure("307 Temporary Redirect", "text/plain", &[&location], "")
    },
);
