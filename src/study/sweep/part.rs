//! What a slice of a sweep adds to the whole, as bytes: its totals, and which chunks of
//! which sweep they are of. From those of all slices comes what one run gives.

use super::execute::{Failure, Finished, Job, PART};
use crate::folder::{Entry, Problem};
use jianpai_core::text::Text;
use jianpai_sweep::engine::part as engine;
use jianpai_sweep::engine::run::Totals;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::ops::Range;

/// The first bytes of a part, with the version of what follows.
const MAGIC: &[u8] = b"jianpai part 1\n";
/// Bytes of the hash at the end.
const SEAL: usize = 32;

/// What a part is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    /// The fingerprint of the sweep: program, data, scenario, design.
    sweep: String,
    /// Draws of a chunk.
    draws: u64,
    /// Its chunks.
    chunks: Range<u64>,
}

/// A part, as it was written: whole, and of what it says.
#[derive(Clone, Debug)]
pub struct Part {
    head: Head,
    bytes: Vec<u8>,
    /// Where the totals begin.
    from: usize,
}

/// Why bytes are no part.
fn damaged() -> Text {
    Text::new(
        "不是本版本写出的汇总，或已损坏",
        "no totals as this version writes them, or damaged",
    )
}

impl Part {
    /// Looks at bytes.
    ///
    /// # Errors
    /// They are no part, or not as they were written.
    pub fn of(bytes: Vec<u8>) -> Result<Self, Text> {
        let end = bytes.len().checked_sub(SEAL).ok_or_else(damaged)?;
        let (body, seal) = bytes.split_at(end);
        let inside = body.strip_prefix(MAGIC).ok_or_else(damaged)?;
        if Sha256::digest(body)[..] != *seal {
            return Err(damaged());
        }
        let (head, rest) = postcard::take_from_bytes(inside).map_err(|_| damaged())?;
        let from = end - rest.len();
        Ok(Self { head, bytes, from })
    }

    /// Its place among the parts of its sweep.
    pub fn place(&self) -> (u64, u64) {
        (self.head.chunks.start, self.head.chunks.end)
    }

    /// Its totals.
    fn totals(&self) -> Result<engine::Part, Text> {
        let own = &self.bytes[self.from..self.bytes.len() - SEAL];
        postcard::from_bytes(own).map_err(|_| damaged())
    }
}

impl Job<'_> {
    fn head(&self) -> Head {
        Head {
            sweep: self.fingerprint().to_string(),
            draws: self.swept().sweep.chunk(),
            chunks: self.range(),
        }
    }

    /// What its draws add to the whole: a part, as bytes.
    ///
    /// # Errors
    /// Never: memory is written to.
    pub fn part(&self, totals: Totals) -> Result<Vec<u8>, Problem> {
        let own = engine::Part::of(&self.swept().sweep, totals);
        let head = self.head();
        let mut bytes = MAGIC.to_vec();
        let written = postcard::to_extend(&head, bytes);
        let written = written.and_then(|bytes| postcard::to_extend(&own, bytes));
        bytes = written.map_err(|error| {
            Problem::new(
                format!("写不出汇总：{error}"),
                format!("no totals: {error}"),
            )
        })?;
        let seal = Sha256::digest(&bytes);
        bytes.extend_from_slice(&seal);
        Ok(bytes)
    }

    /// The file of a slice that [`Job::join`] reads; `None` of a whole sweep.
    ///
    /// # Errors
    /// As [`Job::part`].
    pub fn part_entry(&self, totals: &Totals) -> Result<Option<Entry>, Problem> {
        if !self.is_slice() {
            return Ok(None);
        }
        let bytes = self.part(totals.clone())?;
        Ok(Some((PART.to_string(), bytes)))
    }

    /// What a run of all draws would have come to, from the parts of its slices in order;
    /// `None` where only a run can tell. The draws that findings look at are run here.
    ///
    /// # Errors
    /// A part is of another sweep, or missing, or there twice; what reading one says;
    /// [`Failure::Stopped`] where `watch` says so.
    pub fn join(
        &self,
        parts: impl IntoIterator<Item = Result<Part, Problem>>,
        watch: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Option<Finished>, Failure> {
        let sweep = &self.swept().sweep;
        let own = self.head();
        let mut next = 0;
        let mut wrong = None;
        let mut take = |part: Result<Part, Problem>| -> Result<(u64, engine::Part), Problem> {
            let part = part?;
            let Range { start, end } = part.head.chunks;
            if (&part.head.sweep, part.head.draws) != (&own.sweep, own.draws) {
                return Err(Problem::new(
                    "汇总属于另一次抽样：情景、数据、程序、种子、次数或格式不同".into(),
                    "totals are of another sweep: scenario, data, program, seed, draws or format differ"
                        .into(),
                ));
            }
            if start != next || end < start || end > sweep.chunks() {
                return Err(missing(sweep.draws_in(&(0..next))));
            }
            next = end;
            let totals = part.totals().map_err(Problem)?;
            Ok((sweep.draws_in(&(start..end)), totals))
        };
        // The first thing that is wrong ends the parts.
        let parts = parts.into_iter().map_while(|part| match take(part) {
            Ok(part) => Some(part),
            Err(problem) => {
                wrong = Some(problem);
                None
            }
        });
        let joined = Totals::join(sweep, parts);
        if let Some(problem) = wrong {
            return Err(Failure::Write(problem));
        }
        let joined = joined.map_err(|error| match error {
            _ if next < sweep.chunks() => missing(sweep.draws_in(&(0..next))),
            _ => Problem(damaged()),
        });
        let Some(totals) = joined.map_err(Failure::Write)? else {
            return Ok(None);
        };
        let findings = Some(self.look(watch)?);
        Ok(Some(Finished {
            totals,
            findings,
            rows: None,
        }))
    }
}

/// Parts do not follow one another.
fn missing(draw: u64) -> Problem {
    Problem::new(
        format!("汇总不连续：第 {draw} 次抽样起缺一份，或有两份"),
        format!(
            "totals do not follow one another: from draw {draw} on one is missing, or there twice"
        ),
    )
}
