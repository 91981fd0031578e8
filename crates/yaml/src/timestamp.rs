//! Plain dates and times, which go-yaml turns into RFC 3339 text (yaml-output-semantics section 2).

/// The RFC 3339 form of `YYYY-M-D`, `YYYY-M-D[Tt]h:m:s[.f](Z|±hh:mm)` and `YYYY-M-D h:m:s[.f]`; `None` for anything else
/// and for dates that do not exist.
pub(super) fn parse(text: &str) -> Option<String> {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(index) => (&text[..index], Some((text.as_bytes()[index], &text[index + 1..]))),
        None => (text, None),
    };
    let date = parse_date(date)?;
    match time {
        None => Some(format!("{date}T00:00:00Z")),
        Some((b' ', clock)) => Some(format!("{date}T{}Z", parse_clock(clock.trim_start())?)),
        Some((_, rest)) => {
            let zone_start = rest.find(['Z', '+', '-'])?;
            let (clock, zone) = rest.split_at(zone_start);
            Some(format!("{date}T{}{}", parse_clock(clock)?, parse_zone(zone)?))
        }
    }
}

fn parse_date(text: &str) -> Option<String> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days).contains(&day).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

fn parse_clock(text: &str) -> Option<String> {
    let (clock, fraction) = text.split_once('.').map_or((text, None), |(clock, fraction)| (clock, Some(fraction)));
    let mut parts = clock.split(':');
    let (hour, minute, second) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let fraction = match fraction {
        Some(fraction) if fraction.is_empty() || !fraction.chars().all(|c| c.is_ascii_digit()) => return None,
        Some(fraction) => fraction.chars().take(9).collect::<String>().trim_end_matches('0').to_owned(),
        None => String::new(),
    };
    let dot = if fraction.is_empty() { "" } else { "." };
    Some(format!("{hour:02}:{minute:02}:{second:02}{dot}{fraction}"))
}

fn parse_zone(text: &str) -> Option<String> {
    if text == "Z" {
        return Some("Z".to_owned());
    }
    let (hour, minute) = text.get(1..)?.split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    let (hour, minute) = (digits(hour, 2)?, digits(minute, 2)?);
    let zone = format!("{}{hour:02}:{minute:02}", text.get(..1)?);
    (hour <= 24 && minute <= 59).then(|| if hour == 0 && minute == 0 { "Z".to_owned() } else { zone })
}

fn digits(text: &str, most: usize) -> Option<u32> {
    let fits = !text.is_empty() && text.len() <= most && text.chars().all(|c| c.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}
