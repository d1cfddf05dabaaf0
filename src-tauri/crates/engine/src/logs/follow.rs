//! A log that grows is followed like `tail -F`: what a server appends is read, and when it begins a new file in place of the old
//! one, the old is read to its end and the new from its beginning; so is a file that was emptied.
//!
//! Nothing here waits: somebody calls [`OpenLog::poll`] as often as they like, and each call reads what has come.

use std::{
    fs::File,
    path::Path,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use record::logs::{LogFile, LogPhase};

use super::{
    OpenLog,
    fault::{LogFault, fault},
    reading::SourcePosition,
    source::{Bytes, Identity, MOST_FILES, Source, day_of},
};

/// What became of a file since it was last looked at.
#[derive(PartialEq, Eq)]
enum Fate {
    /// It is the same, perhaps longer.
    Same,
    /// It was emptied and is written from its beginning.
    Emptied,
    /// Another file stands in its place.
    Replaced,
}

impl OpenLog {
    /// Begins to follow the files of the log, and gives the ticket that [`Self::is_followed`] asks for. The fault says why it
    /// cannot be followed.
    pub fn follow(&self) -> Result<u64, LogFault> {
        if self.metrics.is_some() || self.sources().iter().all(|source| source.place.is_none()) {
            return Err(fault(
                "not-followed",
                "Only a log file can be followed.",
                "Open the file the server writes to, by its path or by dropping it on the window.",
            ));
        }
        self.stop.store(false, Ordering::Relaxed);
        let ticket = self.following.ticket.fetch_add(1, Ordering::Relaxed) + 1;
        self.following.on.store(true, Ordering::Relaxed);
        self.progress(|state| state.following = true);
        Ok(ticket)
    }

    /// Ends the following; what was read stays.
    pub fn unfollow(&self) {
        self.following.end();
        self.progress(|state| state.following = false);
    }

    /// Whether the log is still followed for who got this ticket.
    pub fn is_followed(&self, ticket: u64) -> bool {
        self.following.on.load(Ordering::Relaxed) && self.following.ticket.load(Ordering::Relaxed) == ticket
    }

    /// Reads what has come since the last look; whether anything did. Blocking.
    pub fn poll(&self) -> bool {
        let phase = self.state().phase;
        if !self.following.on.load(Ordering::Relaxed) || phase == LogPhase::Reading || phase == LogPhase::Broken {
            return false;
        }
        let before = self.state();
        let mut moved = false;
        for number in self.open_ends() {
            let Some(source) = self.sources().get(number).cloned() else { continue };
            match self.look(number, &source) {
                Ok(more) => moved |= more,
                Err(problem) => {
                    self.following.end();
                    self.progress(|state| {
                        (state.phase, state.problem, state.following) = (LogPhase::Broken, Some(problem), false);
                    });
                    break;
                }
            }
        }
        let after = self.state();
        let grew = moved || (after.records, after.attached) != (before.records, before.attached);
        if grew {
            self.store.write().unwrap_or_else(PoisonError::into_inner).sort();
            let remarks = self.remarks();
            self.progress(|state| {
                state.remarks = remarks;
                if state.phase == LogPhase::Stopped {
                    state.phase = LogPhase::Ready;
                }
            });
        }
        grew
    }

    /// Sources that may still grow.
    fn open_ends(&self) -> Vec<usize> {
        let readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        (0..readings.len()).filter(|at| !readings[*at].ended).collect()
    }

    /// Looks at one source; whether another file took its place.
    fn look(&self, number: usize, source: &Arc<Source>) -> Result<bool, String> {
        let Some(place) = &source.place else { return Ok(false) };
        let fate = self.fate(number, source, place);
        if fate != Fate::Emptied {
            // What was written before the server turned to the next file is read first.
            let length = source.bytes.length();
            let read_to = self.read_to(number);
            if length > read_to && !self.read_source(number, source, fate == Fate::Replaced)? {
                return Ok(false);
            }
        }
        if fate == Fate::Same {
            return Ok(false);
        }
        let Ok(next) = File::open(place) else {
            // Not there yet, or not to be read: looked for again with the next look.
            return Ok(false);
        };
        let Ok(about) = next.metadata() else { return Ok(false) };
        if !about.is_file() {
            return Ok(false);
        }
        if self.sources().len() >= MOST_FILES {
            return Err(format!(
                "{} was begun anew {} times, so it is followed no further. Open it again.",
                source.about.name,
                MOST_FILES - 1
            ));
        }
        self.end(number, source, fate);
        let next = Source {
            about: LogFile { bytes: about.len(), ..source.about.clone() },
            day_ms: day_of(&about),
            identity: Identity::of(&next),
            bytes: Bytes::File(std::sync::Mutex::new(next)),
            place: Some(place.clone()),
            gone: AtomicBool::new(false),
            layout: RwLock::new(source.layout()),
        };
        let next = Arc::new(next);
        let number = {
            let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
            let mut sources = self.sources.write().unwrap_or_else(PoisonError::into_inner);
            sources.push(Arc::clone(&next));
            readings.push(SourcePosition::default());
            sources.len() - 1
        };
        self.progress(|state| {
            state.files.push(next.about.clone());
            state.bytes_total += next.about.bytes;
        });
        self.read_source(number, &next, false)?;
        Ok(true)
    }

    fn read_to(&self, number: usize) -> u64 {
        self.readings.lock().unwrap_or_else(PoisonError::into_inner).get(number).map_or(0, |reading| reading.offset)
    }

    fn fate(&self, number: usize, source: &Source, place: &Path) -> Fate {
        let readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(reading) = readings.get(number) else { return Fate::Same };
        let begin = reading.offset - reading.tail.len() as u64;
        // Shorter than it was read, or with other bytes where the last ones were: written anew from its beginning.
        let same = source.bytes.at(begin, reading.tail.len()).is_ok_and(|bytes| bytes == reading.tail);
        if !same {
            return Fate::Emptied;
        }
        match std::fs::metadata(place) {
            Ok(about) if source.identity.as_ref().is_some_and(|known| *known != Identity::from(&about)) => Fate::Replaced,
            _ => Fate::Same,
        }
    }

    /// Takes the last line of a file nothing more comes of.
    fn end(&self, number: usize, source: &Source, fate: Fate) {
        let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(reading) = readings.get_mut(number) else { return };
        let mut store = self.store.write().unwrap_or_else(PoisonError::into_inner);
        (store.file, store.day_ms) = (u8::try_from(number).unwrap_or(u8::MAX), source.day_ms);
        reading.reader.finish(&mut *store);
        reading.ended = true;
        if fate == Fate::Emptied {
            source.gone.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs::{self, File, OpenOptions},
        io::Write as _,
        path::{Path, PathBuf},
        sync::Arc,
    };

    use record::logs::{LogPhase, LogQuery, LogSource};

    use super::super::{Logs, OpenLog, tests::tempfolder};

    fn line(at: u32, text: &str) -> String {
        format!("2026-11-30 14:{:02}:{:02},000 INFO  [a.B] (t) {text}\n", at / 60, at % 60)
    }

    fn append(path: &Path, text: &str) {
        let mut file = OpenOptions::new().append(true).create(true).open(path).expect("a file");
        file.write_all(text.as_bytes()).expect("written");
    }

    fn opened(name: &str, text: &str) -> (PathBuf, PathBuf, Logs, Arc<OpenLog>) {
        let folder = tempfolder(name);
        let path = folder.join("keycloak.log");
        fs::write(&path, text).expect("written");
        let logs = Logs::default();
        let log = logs.open(&LogSource::Files { paths: vec![path.display().to_string()] }).expect("it opens");
        log.read(|| ());
        log.follow().expect("it is followed");
        (folder, path, logs, log)
    }

    /// Texts of all rows, oldest first.
    fn texts(log: &OpenLog) -> Vec<String> {
        let page = log.page(&LogQuery { limit: 1000, ..LogQuery::default() }).expect("a page");
        page.rows.iter().rev().map(|row| row.text.clone()).collect()
    }

    #[test]
    fn what_is_appended_is_read_when_its_line_has_ended() {
        let (folder, path, _logs, log) = opened("follow-append", &line(0, "one"));
        assert!(!log.poll() && log.state().following, "nothing has come");
        append(&path, &line(1, "two"));
        append(&path, "2026-11-30 14:00:02,000 INFO  [a.B] (t) thr");
        assert!(log.poll());
        assert_eq!(texts(&log), ["one", "two"]);
        append(&path, "ee\n\tat a.B\n");
        assert!(log.poll());
        assert_eq!(texts(&log), ["one", "two", "three"]);
        assert_eq!(log.page(&LogQuery { limit: 1, ..LogQuery::default() }).map(|page| page.rows[0].lines), Ok(2));
        let state = log.state();
        assert_eq!((state.records, state.lines, state.bytes_read), (3, 4, fs::metadata(&path).expect("a file").len()));
        let _ = fs::remove_dir_all(folder);
    }

    #[test]
    fn a_last_line_that_was_not_written_to_its_end_goes_on() {
        let (folder, path, _logs, log) = opened("follow-open-end", "2026-11-30 14:00:00,000 INFO  [a.B] (t) one and");
        assert_eq!(texts(&log), ["one and"]);
        append(&path, &format!(" more\n{}", line(1, "two")));
        assert!(log.poll());
        assert_eq!(texts(&log), ["one and more", "two"]);
        let _ = fs::remove_dir_all(folder);
    }

    #[test]
    fn a_file_that_is_renamed_is_read_to_its_end_and_the_new_one_from_its_beginning() {
        let (folder, path, _logs, log) = opened("follow-rename", &line(0, "one"));
        append(&path, &line(1, "two"));
        fs::rename(&path, folder.join("keycloak.log.1")).expect("renamed");
        assert!(log.poll(), "the rest of the old one is read though no new one is there yet");
        append(&folder.join("keycloak.log.1"), &line(2, "three"));
        fs::write(&path, line(3, "four")).expect("written");
        assert!(log.poll());
        append(&path, &line(4, "five"));
        assert!(log.poll());
        assert_eq!(texts(&log), ["one", "two", "three", "four", "five"]);
        fs::rename(&path, folder.join("keycloak.log.2")).expect("renamed");
        fs::write(&path, "").expect("written");
        log.poll();
        append(&path, &line(5, "six"));
        assert!(log.poll());
        assert_eq!(texts(&log).last().map(String::as_str), Some("six"));
        assert_eq!(log.state().files.len(), 3);
        let _ = fs::remove_dir_all(folder);
    }

    #[test]
    fn a_file_that_is_emptied_is_read_from_its_beginning() {
        let (folder, path, _logs, log) = opened("follow-truncate", &format!("{}{}", line(0, "one"), line(1, "two")));
        File::create(&path).expect("emptied");
        append(&path, &line(2, "three"));
        assert!(log.poll());
        assert_eq!(texts(&log), [super::super::EMPTIED, super::super::EMPTIED, "three"]);
        // Emptied and longer than before when it is looked at again: other bytes stand where the last ones were.
        File::create(&path).expect("emptied");
        append(&path, &(3..9).map(|at| line(at, "again")).collect::<String>());
        assert!(log.poll());
        assert_eq!(texts(&log).len(), 9);
        assert_eq!(log.line(0).map_err(|fault| fault.id), Err("changed"));
        assert!(log.line(8).is_ok());
        let _ = fs::remove_dir_all(folder);
    }

    #[test]
    fn following_ends_when_it_is_told_and_goes_on_where_it_ended() {
        let (folder, path, logs, log) = opened("follow-stop", &line(0, "one"));
        let ticket = log.follow().expect("it is followed");
        log.unfollow();
        append(&path, &line(1, "two"));
        assert!(!log.poll() && !log.is_followed(ticket) && !log.state().following);
        let next = log.follow().expect("it is followed");
        assert!(log.poll() && log.is_followed(next) && !log.is_followed(ticket));
        assert_eq!(texts(&log), ["one", "two"]);
        log.stop();
        assert!(!log.is_followed(next));
        log.follow().expect("it is followed");
        logs.close();
        assert!(!log.state().following, "a log that is closed is followed no more");
        let text = logs.open(&LogSource::Text { text: line(0, "one") }).expect("it opens");
        assert_eq!(text.follow().map_err(|fault| fault.id), Err("not-followed"));
        let _ = fs::remove_dir_all(folder);
    }

    #[test]
    fn how_often_a_file_is_begun_anew_is_bounded() {
        let (folder, path, _logs, log) = opened("follow-bound", &line(0, "one"));
        for at in 0..300 {
            fs::remove_file(&path).expect("removed");
            fs::write(&path, line(at, "again")).expect("written");
            log.poll();
        }
        let state = log.state();
        assert_eq!((state.phase, state.following, state.files.len()), (LogPhase::Broken, false, super::MOST_FILES));
        assert!(state.problem.is_some_and(|text| text.contains("begun anew")));
        let _ = fs::remove_dir_all(folder);
    }

    #[test]
    fn a_layout_that_was_learned_reads_what_comes() {
        let text: String = (0..20).map(|at| format!("INFO;30.11.2026 14:00:{at:02};a.B;t;one\n")).collect();
        let (folder, path, _logs, log) = opened("follow-layout", &text);
        append(
            &path,
            "WARN;30.11.2026 14:01:00;org.keycloak.events;t;type=\"LOGIN_ERROR\", realmId=\"r\", clientId=\"web\", error=\"e\"\n",
        );
        assert!(log.poll());
        let page = log.page(&LogQuery { limit: 1, ..LogQuery::default() }).expect("a page");
        let row = &page.rows[0];
        assert_eq!(
            (row.event_type.as_str(), row.client.as_deref(), row.error.as_deref()),
            ("LOGIN_ERROR", Some("web"), Some("e"))
        );
        assert!(log.state().remarks.iter().any(|text| text.starts_with("The layout was learned")), "{:?}", log.state().remarks);
        let _ = fs::remove_dir_all(folder);
    }
}
