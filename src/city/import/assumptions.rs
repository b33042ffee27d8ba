//! What street data does not say, assumed by street kind. Every number here is an assumption and is noted in the file that it makes.

/// What is assumed of one kind of street.
pub(super) struct StreetKind {
    /// OpenStreetMap highway value.
    pub kind: &'static str,
    /// Effective width for walkers, both sides together, m.
    pub width_m: f64,
    /// Distance of lamp posts and parked vans from the centre line, m.
    pub kerb_m: f64,
    /// Persons who walk in over the edge of the box on such a street, per Monday-to-Thursday day.
    pub persons_per_day: f64,
    /// Shops per metre relative to a main road, where shops are not known.
    pub shop_weight: f64,
    /// Least distance between van bays of one street, m; 0 where no van stands.
    pub bay_spacing_m: f64,
}

const fn kind(
    kind: &'static str,
    width_m: f64,
    kerb_m: f64,
    persons_per_day: f64,
    shop_weight: f64,
    bay_spacing_m: f64,
) -> StreetKind {
    StreetKind {
        kind,
        width_m,
        kerb_m,
        persons_per_day,
        shop_weight,
        bay_spacing_m,
    }
}

const KINDS: [StreetKind; 18] = [
    kind("pedestrian", 8.0, 3.0, 3000.0, 1.5, 80.0),
    kind("living_street", 6.0, 3.0, 800.0, 0.7, 80.0),
    kind("footway", 2.5, 1.5, 300.0, 0.0, 0.0),
    kind("path", 2.0, 1.5, 300.0, 0.0, 0.0),
    kind("steps", 2.0, 1.5, 300.0, 0.0, 0.0),
    kind("cycleway", 2.0, 1.5, 150.0, 0.0, 0.0),
    kind("track", 3.0, 1.5, 150.0, 0.0, 0.0),
    kind("service", 3.0, 3.0, 150.0, 0.1, 0.0),
    kind("residential", 4.0, 5.0, 600.0, 0.2, 150.0),
    kind("unclassified", 4.0, 5.0, 800.0, 0.4, 150.0),
    kind("tertiary", 5.0, 6.0, 1500.0, 0.6, 80.0),
    kind("tertiary_link", 4.0, 6.0, 800.0, 0.2, 0.0),
    kind("secondary", 6.0, 7.0, 2400.0, 0.8, 80.0),
    kind("secondary_link", 4.0, 7.0, 800.0, 0.2, 0.0),
    kind("primary", 7.0, 8.0, 3000.0, 1.0, 80.0),
    kind("primary_link", 4.0, 8.0, 800.0, 0.2, 0.0),
    kind("trunk", 7.0, 9.0, 2400.0, 0.6, 80.0),
    kind("trunk_link", 4.0, 9.0, 800.0, 0.1, 0.0),
];

/// The assumptions for an OpenStreetMap highway value, if people walk on it.
pub(super) fn street_kind(highway: &str) -> Option<&'static StreetKind> {
    KINDS.iter().find(|k| k.kind == highway)
}

/// The assumptions for a street that was imported.
pub(super) fn of(highway: &str) -> &'static StreetKind {
    street_kind(highway).unwrap_or(&KINDS[9])
}

/// Persons walking in per clock hour, in thousandths of a Monday-to-Thursday day, for Monday to Thursday, Friday, Saturday, Sunday.
///
/// Mean of eight high-street counters in Leeds, 2013 to 2016, weighted by their counts (Leeds City Council, Data Mill North). They count passers-by:
/// that people arrive over the edge of the box in the same pattern is an assumption.
pub(super) const HOURS: [[f64; 24]; 4] = [
    [
        3.5, 2.4, 2.2, 2.2, 1.7, 2.3, 5.3, 15.0, 34.9, 36.6, 52.8, 79.3, 133.5, 137.2, 104.5, 94.8, 90.9, 81.2, 49.1,
        26.8, 16.7, 11.0, 9.6, 6.5,
    ],
    [
        5.6, 4.1, 3.7, 4.1, 2.8, 2.8, 5.3, 14.3, 32.9, 37.8, 57.5, 87.6, 139.6, 146.4, 121.6, 112.8, 107.0, 89.8, 53.5,
        33.5, 23.0, 18.0, 18.0, 14.8,
    ],
    [
        11.5, 9.0, 7.6, 6.1, 4.0, 2.8, 3.5, 5.5, 14.5, 35.6, 69.3, 117.1, 156.4, 182.3, 196.7, 190.6, 150.0, 102.0,
        56.3, 34.1, 23.4, 18.6, 20.3, 19.1,
    ],
    [
        12.9, 13.1, 11.2, 8.2, 5.1, 2.7, 2.1, 2.9, 4.9, 9.5, 27.3, 62.4, 91.7, 107.0, 112.7, 101.2, 71.8, 34.5, 16.6,
        11.7, 8.6, 6.9, 6.4, 4.4,
    ],
];

/// Persons per day at a station entrance of the street data, where no station counts are given.
pub(super) const ENTRANCE_PERSONS_PER_DAY: f64 = 5000.0;
/// Persons per day at a station without mapped entrances, where no station counts are given.
pub(super) const STATION_PERSONS_PER_DAY: f64 = 10_000.0;
/// Persons alighting per day at a bus stop of the street data.
pub(super) const BUS_STOP_PERSONS_PER_DAY: f64 = 400.0;
/// Share of a station's exits that enter over the edge of the box if the station lies on it.
pub(super) const OUTSIDE_STATION_SHARE: f64 = 0.5;
/// Distance over which that share falls to 1/e, m.
pub(super) const OUTSIDE_STATION_FADE_M: f64 = 300.0;
/// Farthest that an outside station counts, m.
pub(super) const OUTSIDE_STATION_REACH_M: f64 = 600.0;

pub(super) const WIDTH_NOTE: &str = "Assumption: effective widths for walkers by street kind (pedestrian 8 m, footway 2.5 m, residential 4 m, primary 7 m and so on), \
     not measured.";
pub(super) const OSM_ATTRIBUTION: &str = "© OpenStreetMap contributors";
pub(super) const HOURS_ATTRIBUTION: &str = "Hourly pattern of boundary gates: Leeds City Council, Data Mill North, Leeds City Centre Footfall Data, Open Government Licence v3.0.";
