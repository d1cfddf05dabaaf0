//! Reading events page by page, joining them to steps, keeping them.

use std::collections::HashMap;

use oauth::{
    events::{self, EventFilter, EventSettings, PAGE, Purpose, SettingAdvice},
    profile::{Profile, ServerRole},
};
use record::{
    audit::{Event, JoinedBy},
    join::{self, ReadingLogin, StepKey},
    operation::FieldFault,
};

use super::{
    reader::{self, Blocked, EventsAccess, refusal},
    readers::Reader,
    reread,
};
use crate::{ground::Ground, http::HttpAnswer, journal::JournalFault, judge, lasting, tokens};

/// How far back the first reading goes, milliseconds.
const FIRST_MS: i64 = 15 * 60 * 1000;
/// Overlap of two readings, milliseconds: a server may save an event late.
const OVERLAP_MS: i64 = 10_000;
/// Clock difference and saving delay allowed when steps for an event are looked up, milliseconds.
const AROUND_MS: i64 = 60_000;
/// Most pages one regular reading takes; what is older is asked for by a search.
const REGULAR_PAGES: usize = 10;
/// Most pages a search takes: ten thousand events.
const SEARCH_PAGES: usize = 50;

/// What one reading gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventsRead {
    /// How many events were new.
    pub new: u32,
    /// How many were read, new or not, that fit what was asked for.
    pub read: u32,
    /// Whether all of the range asked for was read.
    pub covered: bool,
    /// Time of the oldest event that was read, epoch milliseconds.
    pub oldest_ms: Option<i64>,
    /// When, epoch milliseconds.
    pub read_ms: i64,
    /// Who read, in words; empty when nobody could.
    pub reader: String,
    /// Why they cannot be read, and what would help.
    pub problem: Option<String>,
    /// Stable id of the problem, as in [`Blocked::id`].
    pub problem_id: Option<&'static str>,
}

impl EventsRead {
    /// A reading that gave nothing, and why.
    pub fn nothing(read_ms: i64, blocked: Blocked) -> Self {
        Self {
            new: 0,
            read: 0,
            covered: false,
            oldest_ms: None,
            read_ms,
            reader: String::new(),
            problem: Some(blocked.message),
            problem_id: Some(blocked.id),
        }
    }
}

/// Why a search was not sent, or could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum SearchFault {
    /// What was typed cannot be asked for.
    #[error("The filter is not complete.")]
    Fields(Vec<FieldFault>),
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalFault),
}

/// All pages of one reading.
struct Pages {
    events: Vec<Event>,
    covered: bool,
    who: String,
}

/// Reads new events of a profile's provider, joins them to steps and keeps them.
pub(crate) async fn read_events(ground: &Ground, profile: &Profile) -> Result<EventsRead, JournalFault> {
    let read = lasting::until_cancelled(ground, &lasting::events(&profile.id), read_new_events(ground, profile)).await;
    read.unwrap_or_else(|| Ok(stopped_reading(ground)))
}

async fn read_new_events(ground: &Ground, profile: &Profile) -> Result<EventsRead, JournalFault> {
    let read_ms = ground.world.now_ms();
    let before = ground.readers.of(&profile.id);
    let mut reader = before.clone();
    if reader.from_ms == 0 {
        reader.from_ms = read_ms - FIRST_MS;
    }
    let filter = EventFilter { from_ms: Some(reader.from_ms), ..EventFilter::default() };
    let pages = read_pages(ground, profile, &mut reader, &filter, REGULAR_PAGES).await;
    ground.readers.keep(&profile.id, &before, &reader);
    let pages = match pages {
        Ok(pages) => pages,
        Err(blocked) => return Ok(EventsRead::nothing(read_ms, blocked)),
    };
    let read = keep_pages(ground, profile, pages, read_ms).await?;
    let id = profile.id.clone();
    if let Some(newest) = ground.journal.on(move |rows| rows.newest_event(&id)).await? {
        // A server's clock may be years ahead; what it says tomorrow is to be read all the same.
        let newest = newest.min(read_ms);
        ground.readers.change(&profile.id, |reader| reader.from_ms = reader.from_ms.max(newest.saturating_sub(OVERLAP_MS)));
    }
    Ok(read)
}

fn stopped_reading(ground: &Ground) -> EventsRead {
    EventsRead::nothing(ground.world.now_ms(), stopped())
}

/// Reads the events that fit a filter, page by page until its range is covered, joins them to steps and keeps them.
pub(crate) async fn search_events(ground: &Ground, profile: &Profile, filter: &EventFilter) -> Result<EventsRead, SearchFault> {
    let faults = filter.faults();
    if !faults.is_empty() {
        return Err(SearchFault::Fields(faults));
    }
    let read_ms = ground.world.now_ms();
    let mut filter = filter.clone();
    // The server filters by id only; a name that is on the shelf has one.
    if !filter.user.trim().is_empty() && !events::is_user_id(&filter.user) {
        let named = judge::views(ground).into_iter().find(|token| token.who == filter.user.trim());
        if let Some(id) = named.and_then(|token| token.subject).filter(|id| events::is_user_id(id)) {
            filter.user = id;
        }
    }
    let search = async {
        let before = ground.readers.of(&profile.id);
        let mut reader = before.clone();
        let pages = read_pages(ground, profile, &mut reader, &filter, SEARCH_PAGES).await;
        ground.readers.keep(&profile.id, &before, &reader);
        match pages {
            Ok(pages) => Ok(keep_pages(ground, profile, pages, read_ms).await?),
            Err(blocked) => Ok(EventsRead::nothing(read_ms, blocked)),
        }
    };
    let found = lasting::until_cancelled(ground, &lasting::events(&profile.id), search).await;
    found.unwrap_or_else(|| Ok(stopped_reading(ground)))
}

/// What the realm saves, and what to point out of it.
pub(crate) async fn event_settings(ground: &Ground, profile: &Profile) -> Result<(EventSettings, Vec<SettingAdvice>), Blocked> {
    let before = ground.readers.of(&profile.id);
    let mut reader = before.clone();
    let asking = async {
        let mut door = reader::open_door(ground, profile, &mut reader, None).await?;
        let address = format!("{}/events/config", door.at.api);
        let answer = reader::ask_admin(ground, profile, &mut reader, &mut door, &address, None).await?;
        Ok((door, answer))
    };
    let asked = lasting::until_cancelled(ground, &lasting::events(&profile.id), asking).await;
    ground.readers.keep(&profile.id, &before, &reader);
    let (door, answer) = asked.unwrap_or_else(|| Err(stopped()))?;
    if answer.status != 200 {
        return Err(refusal(&answer, &door.who, &events::rights_help(profile, Purpose::Events).role));
    }
    let settings =
        events::read_settings(&String::from_utf8_lossy(&answer.body)).map_err(|message| Blocked::new("unreadable", message))?;
    let advice = settings.advice(&door.at);
    Ok((settings, advice))
}

/// Asks for page after page, from the newest event on, until the range is covered or `most` pages were read. Events that
/// arrive meanwhile push others to the next page, so that one may come twice; none is lost.
async fn read_pages(
    ground: &Ground,
    profile: &Profile,
    reader: &mut Reader,
    filter: &EventFilter,
    most: usize,
) -> Result<Pages, Blocked> {
    let mut door = reader::open_door(ground, profile, reader, None).await?;
    let path = if filter.admin { "admin-events" } else { "events" };
    let mut pages = Pages { events: Vec::new(), covered: false, who: door.who.clone() };
    let mut days = false;
    let mut page = 0;
    while page < most {
        let address = format!("{}/{path}?{}", door.at.api, filter.query(page * PAGE, days));
        let answer = reader::ask_admin(ground, profile, reader, &mut door, &address, None).await?;
        // Keycloak before 26.2 takes days only.
        if answer.status == 400 && !days && wants_days(&answer) {
            days = true;
            continue;
        }
        if answer.status != 200 {
            return Err(page_refusal(&answer, &door, filter, profile));
        }
        let text = String::from_utf8_lossy(&answer.body);
        let read = if filter.admin {
            events::read_admin_events(&text, &profile.place(ServerRole::Provider))
        } else {
            join::read_events(&text, &profile.place(ServerRole::Provider))
        };
        let read = read.map_err(|message| Blocked::new("unreadable", message))?;
        let (full, oldest) = (read.len() >= PAGE, read.iter().map(|event| event.time_ms).min());
        pages.events.extend(read.into_iter().filter(|event| filter.keeps(event)));
        page += 1;
        // Where days were asked for, the pages go back beyond the moment that is meant.
        let beyond = filter.from_ms.zip(oldest).is_some_and(|(from, oldest)| oldest < from);
        if !full || beyond {
            pages.covered = true;
            break;
        }
    }
    let mut seen = std::collections::HashSet::new();
    pages.events.retain(|event| seen.insert(event.id.clone()));
    Ok(pages)
}

fn page_refusal(answer: &HttpAnswer, door: &EventsAccess, filter: &EventFilter, profile: &Profile) -> Blocked {
    let unknown = filter.unknown_types();
    if answer.status >= 400 && answer.status != 403 && !filter.admin && !unknown.is_empty() {
        return Blocked::new(
            "unknown-type",
            format!("The server answered {}: this version does not know the event type {}.", answer.status, unknown.join(", ")),
        );
    }
    refusal(answer, &door.who, &events::rights_help(profile, Purpose::Events).role)
}

async fn keep_pages(ground: &Ground, profile: &Profile, pages: Pages, read_ms: i64) -> Result<EventsRead, JournalFault> {
    let read = u32::try_from(pages.events.len()).unwrap_or(u32::MAX);
    let oldest_ms = pages.events.iter().map(|event| event.time_ms).min();
    let new = take_events(ground, profile, pages.events).await?;
    let turn = ground.readers.turn(&profile.id);
    let _turn = turn.lock().await;
    reread::read_again(ground, profile, oldest_ms.unwrap_or(read_ms).saturating_sub(AROUND_MS)).await?;
    Ok(EventsRead { new, read, covered: pages.covered, oldest_ms, read_ms, reader: pages.who, problem: None, problem_id: None })
}

/// Joins events to steps and keeps them; events read before their step was written are joined now.
pub(crate) async fn take_events(ground: &Ground, profile: &Profile, mut events: Vec<Event>) -> Result<u32, JournalFault> {
    let now_ms = ground.world.now_ms();
    let oldest = events.iter().map(|event| event.time_ms).min().unwrap_or(now_ms).min(now_ms - AROUND_MS);
    let (id, from_ms) = (profile.id.clone(), oldest.saturating_sub(10 * AROUND_MS));
    let keys = ground.journal.on(move |rows| rows.marks(&id, from_ms, now_ms + AROUND_MS)).await?;
    // Some event types carry only the user's id; another event of the same user often has the name.
    let names: HashMap<String, String> =
        events.iter().filter_map(|event| Some((event.user_id.clone()?, event.username.clone()?))).collect();
    let logins = ground.readers.logins(&profile.id);
    for event in &mut events {
        set_join(event, &keys, &logins);
        if event.username.is_none() {
            event.username = event.user_id.as_ref().and_then(|id| names.get(id)).cloned();
        }
    }
    let known = tokens::known_here(ground);
    events.iter_mut().for_each(|event| record::redact::event(event, &known));
    let id = profile.id.clone();
    let joined = ground.journal.on(move |rows| {
        let new = rows.add_events(&id, &events)?;
        for mut event in rows.loose_events(&id, oldest.saturating_sub(AROUND_MS))? {
            set_join(&mut event, &keys, &logins);
            if event.joined_by.is_some() {
                rows.join_event(&id, &event)?;
            }
        }
        Ok(new)
    });
    joined.await
}

fn stopped() -> Blocked {
    Blocked::new("cancelled", "You stopped the reading. What was read before is kept.")
}

/// Whether a 400 is an older server's complaint about a date that is no day.
fn wants_days(answer: &HttpAnswer) -> bool {
    let text = String::from_utf8_lossy(&answer.body);
    text.contains("yyyy-MM-dd") && !text.contains("Epoch")
}

fn set_join(event: &mut Event, keys: &[StepKey], logins: &[ReadingLogin]) {
    if join::names_reading(event, logins) {
        event.joined_by = Some(JoinedBy::Reading);
    } else if let Some((step, by)) = join::join(event, keys) {
        event.step = Some(step);
        event.joined_by = Some(by);
    } else if join::looks_like_reading(event, logins) {
        event.joined_by = Some(JoinedBy::Reading);
    }
}
