//! What stands on the virtual display, read from the display's own memory: Xvfb keeps it in a file (`-fbdir`, XWD format),
//! so a start can be watched without asking the app, the toolkit or X for anything.
//!
//! The *first usable frame* of a start is the first picture in which what can be read is already there: of all points
//! that are edges in the settled picture (letters, borders, icons), at least 95 in 100 have their final colour. An empty
//! window in the right background colour does not count, and a caret that blinks later does not matter.

use std::{
    fs::File,
    os::unix::fs::FileExt,
    path::Path,
    time::{Duration, Instant},
};

use crate::Result;

/// Every so many rows one is looked at.
const ROW_STEP: u32 = 4;

/// How often the screen is looked at: the resolution of the figure.
const LOOK: Duration = Duration::from_millis(4);

/// A picture is settled when nothing changed for so long.
const SETTLED: Duration = Duration::from_millis(1500);

/// A picture of the screen is taken when nothing changed for so long; a spinner is no reason to wait for ever.
const STILL: Duration = Duration::from_millis(60);
const STILL_LIMIT: Duration = Duration::from_secs(20);

/// No start takes longer.
const LIMIT: Duration = Duration::from_secs(30);

/// Share of edge points that must have their final colour.
const USABLE: f64 = 0.95;

/// The display's memory.
pub struct Screen {
    file: File,
    width: u32,
    height: u32,
    line: u32,
    pixels: u64,
}

/// Some rows of the screen, one value per point.
type Picture = Vec<u32>;

impl Screen {
    /// Opens the file Xvfb writes. Only 32 bits per pixel are read, which is what depth 24 has.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let mut head = [0; 80];
        file.read_exact_at(&mut head, 0).map_err(|e| format!("{}: {e}", path.display()))?;
        // XWDFile.h: big-endian 32-bit words.
        let word =
            |index: usize| u32::from_be_bytes([head[index * 4], head[index * 4 + 1], head[index * 4 + 2], head[index * 4 + 3]]);
        let (size, width, height, bits, line, colours) = (word(0), word(4), word(5), word(11), word(12), word(19));
        if word(1) != 7 || bits != 32 {
            return Err(format!("{} is no XWD picture with 32 bits per pixel", path.display()));
        }
        Ok(Self { file, width, height, line, pixels: u64::from(size) + u64::from(colours) * 12 })
    }

    /// Watches a start that began at `start` until the picture settles: the time to the first usable frame.
    pub fn watch(&self, start: Instant) -> Result<Duration> {
        let before = self.picture()?;
        let mut seen: Vec<(Duration, Picture)> = Vec::new();
        let mut changed = Instant::now();
        loop {
            let now = self.picture()?;
            let last = seen.last().map_or(&before, |(_, picture)| picture);
            if now != *last {
                seen.push((start.elapsed(), now));
                changed = Instant::now();
            }
            if !seen.is_empty() && changed.elapsed() > SETTLED {
                return first_usable(&seen, self.width as usize).ok_or_else(|| "the window shows nothing to read".into());
            }
            if start.elapsed() > LIMIT {
                return Err(format!("no settled picture within {} s", LIMIT.as_secs()));
            }
            std::thread::sleep(LOOK);
        }
    }

    /// What stands in a part of the screen (left, top, width, height in points) as PNG, once it stands still.
    pub fn png(&self, part: [u32; 4]) -> Result<Vec<u8>> {
        let [left, top, width, height] = part;
        if left + width > self.width || top + height > self.height {
            return Err(format!("{width} x {height} at {left},{top} is not on the screen of {} x {}", self.width, self.height));
        }
        let end = Instant::now() + STILL_LIMIT;
        let mut colours = self.colours(part)?;
        loop {
            std::thread::sleep(STILL);
            let again = self.colours(part)?;
            if again == colours {
                break;
            }
            if Instant::now() > end {
                return Err("the screen does not stand still".into());
            }
            colours = again;
        }
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::High);
        let written = encoder.write_header().and_then(|mut writer| {
            writer.write_image_data(&colours)?;
            writer.finish()
        });
        written.map(|()| file).map_err(|e| format!("a picture of the screen: {e}"))
    }

    /// Red, green and blue of each point of a part.
    fn colours(&self, [left, top, width, height]: [u32; 4]) -> Result<Vec<u8>> {
        let mut colours = Vec::with_capacity((width * height * 3) as usize);
        let mut row = vec![0; width as usize * 4];
        for y in top..top + height {
            let at = self.pixels + u64::from(y) * u64::from(self.line) + u64::from(left) * 4;
            self.file.read_exact_at(&mut row, at).map_err(|e| format!("the display's memory: {e}"))?;
            colours.extend(row.chunks_exact(4).flat_map(|p| [p[2], p[1], p[0]]));
        }
        Ok(colours)
    }

    fn picture(&self) -> Result<Picture> {
        let mut picture = Vec::with_capacity((self.width * self.height / ROW_STEP) as usize);
        let mut row = vec![0; self.width as usize * 4];
        for y in (0..self.height).step_by(ROW_STEP as usize) {
            let at = self.pixels + u64::from(y) * u64::from(self.line);
            self.file.read_exact_at(&mut row, at).map_err(|e| format!("the display's memory: {e}"))?;
            picture.extend(row.chunks_exact(4).map(|p| u32::from_le_bytes([p[0], p[1], p[2], 0])));
        }
        Ok(picture)
    }
}

/// Time of the first picture that has what can be read in the last one.
fn first_usable(seen: &[(Duration, Picture)], width: usize) -> Option<Duration> {
    let (_, settled) = seen.last()?;
    let is_edge = |index: &usize| !index.is_multiple_of(width) && settled[*index] != settled[index - 1];
    let edges: Vec<usize> = (1..settled.len()).filter(is_edge).collect();
    if edges.is_empty() {
        return None;
    }
    let share = |picture: &Picture| edges.iter().filter(|i| picture[**i] == settled[**i]).count() as f64 / edges.len() as f64;
    // Backwards, so that a picture that was right once and was covered again is not taken.
    let wrong = seen.iter().rposition(|(_, picture)| share(picture) < USABLE);
    seen.get(wrong.map_or(0, |index| index + 1)).map(|(time, _)| *time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_window_is_not_usable() {
        let at = Duration::from_millis;
        let seen = [(at(10), vec![1; 8]), (at(20), vec![1, 1, 0, 1, 1, 1, 1, 1]), (at(30), vec![1, 1, 0, 1, 1, 0, 0, 1])];
        assert_eq!(first_usable(&seen, 4), Some(at(30)));
        assert_eq!(first_usable(&seen[..1], 4), None);
    }
}
