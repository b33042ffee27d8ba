//! The main tables as LaTeX, for papers.

use super::odd::tex;
use super::rows::{self, Cell, Sheet};
use super::{Facts, answer};

/// Comparison, both error rates, differences and groups as tables with captions; a fragment to \input.
pub fn latex(facts: &Facts) -> String {
    let mut out = format!(
        "% {}\n% needs: \\usepackage{{booktabs}}\n",
        facts.stamp().replace('\n', " ")
    );
    for answer in answer::answers(facts) {
        out += &format!("{}\n\n", tex(&answer.paragraph()));
    }
    let mut sheets = vec![
        rows::first(facts),
        rows::both_rates(facts),
        rows::comparison(facts),
        rows::differences(facts),
    ];
    sheets.extend(rows::groups(facts));
    for sheet in sheets.iter().filter(|s| !s.rows.is_empty() && !s.columns.is_empty()) {
        out += &table(sheet, &facts.stamp());
    }
    out
}

fn table(sheet: &Sheet, stamp: &str) -> String {
    let columns = format!("l{}", "r".repeat(sheet.columns.len()));
    let heads: Vec<String> = sheet.columns.iter().map(|c| tex(c)).collect();
    let mut out = format!(
        "\\begin{{table}}\n\\caption{{{}. {}.}}\n\\begin{{tabular}}{{{columns}}}\n\\toprule\n & {} \\\\\n\\midrule\n",
        tex(&sheet.title),
        tex(stamp),
        heads.join(" & ")
    );
    for row in &sheet.rows {
        if let Some(section) = &row.section {
            out += &format!(
                "\\multicolumn{{{}}}{{l}}{{\\emph{{{}}}}} \\\\\n",
                sheet.columns.len() + 1,
                tex(section)
            );
        }
        let unit = if row.unit.is_empty() || row.unit == "per deployment" {
            String::new()
        } else {
            format!(", {}", row.unit)
        };
        let cells: Vec<String> = row.cells.iter().map(|c| tex(&shown(c))).collect();
        out += &format!(
            "{} & {} \\\\\n",
            tex(&format!("{}{unit}", row.label)),
            cells.join(" & ")
        );
    }
    out + "\\bottomrule\n\\end{tabular}\n\\end{table}\n\n"
}

fn shown(c: &Cell) -> String {
    if c.figure.is_empty() {
        c.words.clone()
    } else {
        c.figure.clone()
    }
}

#[cfg(test)]
mod tests {
    use crate::report::sample_answers::answered;

    #[test]
    fn a_users_text_stays_text_and_braces_balance() {
        let mut facts = answered();
        facts.summary.strategies[0].name = "50 % of {R&D}_x \\input{/etc/passwd} #$~^".into();
        let out = super::latex(&facts);
        let free = out.replace("\\\\", "").replace("\\{", "").replace("\\}", "");
        assert_eq!(free.matches('{').count(), free.matches('}').count());
        assert!(
            out.contains("50 \\% of \\{R\\&D\\}\\_x \\textbackslash{}input"),
            "{out}"
        );
        assert_eq!(
            out.matches("\\begin{tabular}").count(),
            out.matches("\\end{tabular}").count()
        );
    }
}
