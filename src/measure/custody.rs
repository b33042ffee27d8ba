//! What the monthly searches of kept custody images come to, beside the deployments of a programme.

/// Counts of the people whom searches befell: everybody, or one level of the axis that the searches tell apart.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CustodyRow {
    /// People taken for somebody else by a search.
    pub candidates: u64,
    /// Those whom officers took for the person too.
    pub passed: u64,
    /// Those arrested.
    pub wrongful_arrests: u64,
    /// Those of them who had been arrested without further action before.
    pub second: u64,
    /// Those of them whom only images from such arrests kept in the gallery.
    pub second_by_kept: u64,
    /// Expectation of the last, given the gallery of each month.
    pub second_by_kept_expected: f64,
    /// Hours in custody of those arrested.
    pub custody_h: f64,
    /// Images of people arrested by mistake in the programme, by a live alert or a search, that are kept at its end.
    pub mistaken_images: u64,
}

impl CustodyRow {
    /// Takes in another group.
    pub fn sum(&mut self, other: &CustodyRow) {
        self.candidates += other.candidates;
        self.passed += other.passed;
        self.wrongful_arrests += other.wrongful_arrests;
        self.second += other.second;
        self.second_by_kept += other.second_by_kept;
        self.second_by_kept_expected += other.second_by_kept_expected;
        self.custody_h += other.custody_h;
        self.mistaken_images += other.mistaken_images;
    }
}

/// Counts of the searches of a programme.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CustodyYear {
    /// Searches.
    pub searches: u64,
    /// Searches that found the right person.
    pub found: u64,
    /// Images in the gallery at the end.
    pub images: f64,
    /// Of them, images of people arrested without further action.
    pub images_no_action: f64,
    /// Images deleted, at once or after a review.
    pub deleted: f64,
    /// Days for which images of people arrested without further action were kept, summed over images.
    pub image_days_no_action: f64,
    /// "all" first, then every level of every axis; nothing where searches do not tell people apart.
    pub groups: Vec<Option<CustodyRow>>,
}
