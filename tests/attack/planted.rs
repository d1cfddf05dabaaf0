//! Secrets planted wherever a user or a server can put one, then looked for in everything that is written or exported.
//!
//! A row is a step of the real engine against a server on loopback that answers as the row says. What was planted is then looked
//! for, in every spelling, in each file on disk as it lies there, in the journal's columns read as text, and in every export. The
//! last rows are the other side: what a reader of the record needs stays readable.

mod desk;
mod flows;
mod places;
mod readable;
mod said;
mod spelled;

use record::operation::Operation;

use crate::row::Attack;
use desk::{Answer, Desk};
use spelled::{Spelling, spellings};

/// The rows of this kind.
pub fn rows() -> Vec<Attack> {
    let mut rows = Vec::new();
    for (index, place) in places::ECHOES.iter().enumerate() {
        // Every spelling at a third of the places, every place with a third of the spellings.
        for (number, spelling) in spelled::ALL.iter().enumerate().filter(|(number, _)| (number + index) % 3 == 0) {
            rows.push(echoed(*place, *spelling, index * 100 + number));
        }
    }
    rows.extend(places::sent().into_iter().map(sent));
    rows.extend(said::said().into_iter().map(told));
    rows.extend(flows::flows());
    rows.extend(readable::readable().into_iter().map(legible));
    rows
}

/// What the run knows: which of its secrets a server echoes.
#[derive(Clone, Copy)]
enum Known {
    ClientSecret,
    Password,
    Token,
    Header,
    Assertion,
}

impl Known {
    fn of(number: usize) -> Self {
        [Known::ClientSecret, Known::Password, Known::Token, Known::Header, Known::Assertion][number % 5]
    }
}

/// A secret of the run, echoed in a spelling at a place of the answer.
fn echoed(place: places::Echo, spelling: Spelling, number: usize) -> Attack {
    let known = Known::of(number);
    let name = format!(
        "echo of {} in {} as {}",
        ["a client secret", "a password", "a token", "a header", "an assertion"][number % 5],
        place.name,
        spelling.name
    );
    Attack::new(name, async move {
        let secret = format!("Zq{number:04}-k9 /w~{}T+\"y&<é", number * 7919 % 9973);
        let opaque = format!("Zq{number:04}-k9_w~{}T.yV3nB8xR5mK2pL7sD4", number * 7919 % 9973);
        let plain = match known {
            // A header holds no such letters, and a token is found as one word.
            Known::Token | Known::Header | Known::Assertion => opaque,
            Known::ClientSecret | Known::Password => secret,
        };
        let mut desk = Desk::start(Answer::Fixed((place.answer)(&(spelling.write)(&plain)))).await;
        let draft = match known {
            Known::ClientSecret => {
                desk.secret(&plain);
                desk.draft(Operation::ClientCredentials, &[("client", "app")])
            }
            Known::Password => desk.draft(Operation::Password, &[("client", "app"), ("username", "alice"), ("password", &plain)]),
            Known::Token => {
                let token = desk.paste(&plain)?;
                desk.draft(Operation::CallApi, &[("url", &desk.url("/orders/1")), ("token", &token)])
            }
            Known::Header => {
                desk.draft(Operation::CallApi, &[("url", &desk.url("/orders/1")), ("headers", &format!("X-Mine: {plain}"))])
            }
            Known::Assertion => {
                let token = desk.paste(&plain)?;
                desk.draft(Operation::JwtBearer, &[("client", "app"), ("assertion", &token)])
            }
        };
        let written = desk.run(&draft).await?;
        written.has_none_of(&spellings(&plain))
    })
}

/// Something typed into the draft, which the server knows nothing of.
fn sent(sent: places::Sent) -> Attack {
    Attack::new(format!("typed: {}", sent.name), async move {
        let desk = Desk::start(Answer::Fixed(desk::json(200, "{\"ok\":true}"))).await;
        let draft = sent.draft(&desk);
        desk.run(&draft).await?.has_none_of(&spellings(sent.planted))?;
        // The same server shows what it was sent, as a debugging page does.
        let mirror = Desk::start(Answer::Mirror).await;
        let draft = sent.draft(&mirror);
        mirror.run(&draft).await?.has_none_of(&spellings(sent.planted))
    })
}

/// Something a server says that nobody here knows: told by its name or its looks.
fn told(said: said::Said) -> Attack {
    Attack::new(format!("said: {}", said.name), async move {
        let desk = Desk::start(Answer::Fixed(said.answer)).await;
        let draft = desk.draft(Operation::CallApi, &[("url", &desk.url("/orders/1"))]);
        let written = desk.run(&draft).await?;
        written.has_none_of(&spellings(&said.planted))
    })
}

/// What a reader needs.
fn legible(readable: readable::Readable) -> Attack {
    Attack::new(format!("readable: {}", readable.name), async move {
        let mut desk = Desk::start(Answer::Fixed(readable.answer)).await;
        desk.secret(readable.secret);
        let draft = match readable.api {
            true => desk.draft(
                Operation::CallApi,
                &[("url", &desk.url("/orders/1?page=2")), ("headers", "X-Request-Id: r-17\nX-Correlation-ID: c-18")],
            ),
            false => desk.draft(Operation::ClientCredentials, &[("client", "app"), ("scope", "orders:read")]),
        };
        desk.run(&draft).await?.has_all_of(readable.words)
    })
}
