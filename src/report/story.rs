//! One alert's story in words, for the terminal, the page and Markdown.

use super::words::number;
use crate::experiment::explain::{Elsewhere, HeldStory, LookStory, Missed, ReviewStory, StopStory, Story, Why};
use crate::stats::frequency_among;
use serde::Serialize;

/// A story ready to print.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StoryText {
    /// What it is.
    pub title: String,
    /// Said first: nobody real is described.
    pub simulated: String,
    /// Headings with what is told under each.
    pub parts: Vec<(String, String)>,
    /// What stands above the other strategies.
    pub others: String,
    /// The same person under every other strategy.
    pub elsewhere: Vec<(String, String)>,
}

/// Said before every story.
const SIMULATED: &str = "A simulated person on a simulated day: nobody real is described, and no real place, camera or list is shown to have done this.";

/// The story in words.
pub fn text(story: &Story) -> StoryText {
    let mut parts: Vec<(String, String)> = Vec::new();
    let mut tell = |head: &str, text: Option<String>| {
        if let Some(text) = text {
            parts.push((head.to_owned(), text));
        }
    };
    tell("Which deployment", story.held.as_ref().map(|h| deployment(h, story)));
    tell("Who", Some(who(story)));
    let missed = story.missed.as_ref();
    tell("Why no alert", missed.map(not_alerted));
    tell("The look", story.look.as_ref().map(|l| look(l, missed.is_some())));
    tell("Why it fired", story.why.as_ref().map(|w| why(w, story)));
    tell("The operator", story.review.as_ref().map(|r| review(r, story)));
    tell("The officers", officers(story));
    tell("The stop", story.stop.as_ref().map(stop));
    tell("How rare", rare(story));
    tell("Another threshold", another_threshold(story));
    tell("Another list", another_list(story));
    tell("Others who were missed", missed.map(others_missed));
    StoryText {
        title: title(story),
        simulated: SIMULATED.to_owned(),
        others: others_head(story).to_owned(),
        parts,
        elsewhere: story.elsewhere.iter().map(|e| (e.strategy.clone(), under(e))).collect(),
    }
}

/// The story on a terminal, `width` columns wide.
pub fn terminal(story: &Story, width: usize) -> String {
    let told = text(story);
    let width = width.clamp(60, 120);
    let mut out = String::new();
    let mut paragraph = |indent: usize, text: &str| {
        for line in super::lines::wrap(text, width - indent) {
            out.push_str(&" ".repeat(indent));
            out.push_str(&line);
            out.push('\n');
        }
    };
    paragraph(0, &told.title);
    paragraph(0, &told.simulated);
    for (head, text) in &told.parts {
        paragraph(0, head);
        paragraph(2, text);
    }
    if !told.elsewhere.is_empty() {
        paragraph(0, &told.others);
        for (name, what) in &told.elsewhere {
            paragraph(2, &format!("{name}: {what}"));
        }
    }
    paragraph(0, &format!("({})", story.label));
    out
}

/// The story as Markdown.
pub fn markdown(story: &Story) -> String {
    let told = text(story);
    let mut out = format!("## {}\n\n*{}*\n\n", told.title, told.simulated);
    for (head, text) in &told.parts {
        out += &format!("- **{head}.** {text}\n");
    }
    if !told.elsewhere.is_empty() {
        out += &format!("\n{}:\n\n", told.others);
        for (name, what) in &told.elsewhere {
            out += &format!("- {name}: {what}\n");
        }
    }
    out + &format!("\n*{}*\n", story.label)
}

fn title(story: &Story) -> String {
    let what = match &story.alert {
        Some(alert) => format!("Alert {alert}: {}", story.ending),
        None => "A sought person who was missed".to_owned(),
    };
    let on = story
        .held
        .as_ref()
        .map_or(String::new(), |h| format!(", {} at {}", h.date, h.site));
    format!(
        "{what} (strategy {}, replication {}{on})",
        story.strategy, story.replication
    )
}

/// What stands above the other strategies.
fn others_head(story: &Story) -> &'static str {
    if story.held.is_some() {
        "The same day at the same place under the other strategies"
    } else {
        "The same person, the same walk, under the other strategies"
    }
}

/// One deployment of a programme.
fn deployment(h: &HeldStory, story: &Story) -> String {
    let streets = if h.sketch { "; its streets are a sketch" } else { "" };
    format!(
        "Number {} of replication {} of {}: {} from {} to {}, {} at {} ({}){streets}. Threshold {} that day, and a list of {} entries drawn up for it. Earlier deployments of the replication were repeated with it: they decide who is still sought and where vans go.",
        h.number,
        story.replication,
        story.strategy,
        h.date,
        &h.open[..h.open.len().min(5)],
        &h.close[..h.close.len().min(5)],
        if h.mount == "van" { "a van" } else { "lamp-post cameras" },
        h.site,
        h.borough,
        number(h.threshold, 2),
        number(h.list_size as f64, 0)
    )
}

fn who(story: &Story) -> String {
    let sort = match (&story.sought, story.truth.as_str()) {
        (Some(_), _) => "a sought person",
        (None, "false") => "a person not sought",
        _ => "a person",
    };
    let company = match story.party {
        0 | 1 => String::new(),
        n => format!(", walking with {} other{}", n - 1, if n == 2 { "" } else { "s" }),
    };
    let entry = story.sought.as_ref().map_or(String::new(), |s| {
        let stale = if s.stale { "; the entry is out of date" } else { "" };
        let age = number(s.photo_age_y, 1);
        format!(
            " On the list for the reason \"{}\", with a photograph {age} years old{stale}.",
            s.reason
        )
    });
    format!("{sort} ({}){company}.{entry}", story.group)
}

fn look(l: &LookStory, missed: bool) -> String {
    let place = if l.street.is_empty() {
        "an unnamed way"
    } else {
        &l.street
    };
    let capture = number(100.0 * l.capture, 0);
    let covered = if l.covered { " The face was covered." } else { "" };
    let seen = format!(
        "{} on {place}, camera on the {} \"{}\" (hypothetical), {} m away, walking {}° off its direction; a usable face was to be expected in {capture} of 100 such passes.{covered}",
        l.time,
        l.mount,
        l.camera,
        number(l.range_m, 0),
        number(l.yaw_deg, 0)
    );
    if missed && l.searches == 0 {
        return seen;
    }
    format!(
        "{seen} Quality {} of 1. Search number {} of this visit: score {} against the threshold {}.",
        number(l.quality, 2),
        l.searches,
        number(l.score, 3),
        number(l.threshold, 2)
    )
}

fn why(why: &Why, story: &Story) -> String {
    match why {
        Why::LookAlike {
            matched_group,
            relative: true,
            mean_chance,
            ..
        } => format!(
            "False: this person is a close relative of an entry of the list ({matched_group}) and looks like it. Such a face is taken for the relative at every search; a search of the average face of the same group raises a false alert {}.",
            frequency_among(*mean_chance, "searches"),
        ),
        Why::LookAlike {
            matched_group,
            own_chance,
            mean_chance,
            ..
        } => format!(
            "False: this face happens to look like that of an entry of the list ({matched_group}). A search of this face is expected to do so {}; a search of the average face of the same group, {}. Look-alike luck belongs to the person: the same face would be taken for the same entry again.",
            frequency_among(*own_chance, "searches"),
            frequency_among(*mean_chance, "searches"),
        ),
        Why::Genuine { parts } => {
            let shown = parts.iter().filter(|(_, x)| *x != 0.0);
            let list: Vec<String> = shown
                .map(|(name, x)| format!("{name} {}", super::words::signed(*x, 3)))
                .collect();
            let stale = story.sought.as_ref().is_some_and(|s| s.stale);
            let note = if stale {
                " The entry should no longer have been on the list."
            } else {
                ""
            };
            format!(
                "True: the face was compared with its own photograph. The score is made of: {}.{note}",
                list.join(", ")
            )
        }
    }
}

fn review(r: &ReviewStory, story: &Story) -> String {
    let (Some(waited), Some(took)) = (r.waited_s, r.took_s) else {
        return match story.ending.as_str() {
            "entry already engaged" => "Closed without review: the entry had already been stopped that day.".into(),
            _ => "No operator began in time; the alert was dropped.".into(),
        };
    };
    let way = if r.passed_on {
        "passed it on"
    } else {
        "judged it to be somebody else"
    };
    let mut text = format!(
        "Waited {} s, looked for {} s and {way}.",
        number(waited, 0),
        number(took, 0)
    );
    if let Some([evidence, criterion]) = r.evidence {
        text += &format!(
            " Evidence {} against a criterion of {}, in standard deviations of the operator's judgement.",
            super::words::signed(evidence, 2),
            super::words::signed(criterion, 2)
        );
    }
    if let Some(second) = &r.second {
        text += if second.passes {
            " A second person found it credible too."
        } else if r.passed_on {
            ""
        } else {
            " The second person, whose word is needed too, did not find it credible."
        };
    }
    if let Some(chance) = r.chance {
        text += &format!(
            " Of 100 alerts like this one, this operator passes on about {}.",
            number(100.0 * chance, 0)
        );
    }
    text
}

fn officers(story: &Story) -> Option<String> {
    let passed = story.review.as_ref().is_some_and(|r| r.passed_on);
    let Some(o) = &story.officers else {
        return passed.then(|| "No pair was free in time.".to_owned());
    };
    let way = o
        .distance_m
        .map_or(String::new(), |m| format!(" {} m away", number(m, 0)));
    let wait = if o.waited_s >= 0.5 {
        format!("After {} s without a free pair, a", number(o.waited_s, 0))
    } else {
        "A".into()
    };
    let end = match (o.reached_s, story.ending.as_str()) {
        (Some(s), "already stopped") => format!("and found the person already stopped after {} s", number(s, 0)),
        (Some(s), "fled") => format!("and was there after {} s; the person ran and got away", number(s, 0)),
        (Some(s), _) => format!("and reached the person after {} s", number(s, 0)),
        (None, _) => "and lost the person".into(),
    };
    Some(format!("{wait} pair{way} was sent {end}."))
}

fn stop(s: &StopStory) -> String {
    let mut text = format!(
        "{}; {} minutes in the street",
        capital(&s.outcome),
        number(s.minutes, 0)
    );
    if s.handcuffed {
        text += ", in handcuffs";
    }
    if s.custody_h > 0.0 {
        text += &format!(", then {} hours in custody", number(s.custody_h, 1));
    }
    text += ".";
    if s.charged {
        text += " A charge or caution followed.";
    }
    match s.outcome.as_str() {
        "wrongful stop" => text += &format!(" (A wrongful stop is {}.)", super::words::WRONGFUL_STOP),
        "wrongful arrest" => text += " (A wrongful arrest is an arrest after a false alert; not a legal finding.)",
        _ => {}
    }
    text + &format!(" Minutes lost: {}.", number(s.minutes_lost, 0))
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or(String::new(), |c| c.to_uppercase().chain(letters).collect())
}

fn rare(story: &Story) -> Option<String> {
    let r = story.rarity.as_ref()?;
    let faces = r.faces_for_each.map_or(String::new(), |f| {
        format!(": {}", frequency_among(1.0 / f.max(1.0), "faces seen"))
    });
    Some(format!(
        "{} like it under {}, in {} simulated deployments; {}{faces}.",
        number(r.like_it as f64, 0),
        story.strategy,
        number(r.deployments as f64, 0),
        r.per_deployment
    ))
}

fn another_threshold(story: &Story) -> Option<String> {
    let score = number(story.score_that_decides?, 3);
    Some(if story.missed.is_some() {
        format!("A threshold of {score} or lower would have raised an alert about this person.")
    } else {
        format!("At any threshold above {score} this search raises no alert.")
    })
}

fn another_list(story: &Story) -> Option<String> {
    let list = story.list.as_ref()?;
    let size = number(list.size, 0);
    let least = number(libm::ceil(list.least), 0);
    Some(if story.truth == "false" {
        format!("With fewer than {least} entries chosen the same way, instead of {size}, this search raises no alert.")
    } else {
        format!(
            "A list of fewer than {least} entries chosen the same way, instead of {size}, would not hold this person."
        )
    })
}

fn not_alerted(m: &Missed) -> String {
    format!("{}.", capital(&m.reason))
}

fn others_missed(m: &Missed) -> String {
    let missed: u64 = m.reasons.iter().map(|(_, n)| n).sum();
    let list: Vec<String> = m.reasons.iter().map(|(why, n)| format!("{n} {why}")).collect();
    format!(
        "Of {} sought people present in {} deployments, {missed} raised no alert: {}.",
        number(m.present as f64, 0),
        m.deployments,
        list.join(", ")
    )
}

fn under(e: &Elsewhere) -> String {
    let mut text = e.what.clone();
    if e.searches > 0 {
        text += &format!("; {} search{}", e.searches, if e.searches == 1 { "" } else { "es" });
        if let (Some(score), Some(threshold)) = (e.score, e.threshold) {
            text += &format!(", highest score {} against {}", number(score, 3), number(threshold, 2));
        }
    }
    if e.minutes_lost > 0.0 {
        text += &format!("; {} minutes lost", number(e.minutes_lost, 0));
    }
    text
}
