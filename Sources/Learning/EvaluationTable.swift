/// Areas under the ROC curve of several findings over several sets of cases, as a table for people.
package struct EvaluationTable: Sendable {
  /// The areas of one set of cases.
  package struct Row: Sendable {
    package let name: String
    package let caseCount: Int
    /// One per finding; `nil` where a set has only one kind of case.
    package let areas: [AUROC?]

    /// The mean over the findings that have an area; `nil` when none has.
    package var mean: Double? {
      let values = areas.compactMap { $0?.value }
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
  }

  package let findings: [String]
  package private(set) var rows: [Row] = []

  package init(findings: [String]) {
    self.findings = findings
  }

  /// Adds a set of cases.
  ///
  /// - Parameters:
  ///   - name: Of the set, in the first column.
  ///   - scores: For each case the score of each finding, in the order of ``findings``.
  ///   - truth: For each case whether each finding is present.
  package mutating func add(_ name: String, scores: [[Double]], truth: [[Bool]]) {
    let areas = findings.indices.map { finding -> AUROC? in
      guard scores.allSatisfy({ finding < $0.count }), truth.allSatisfy({ finding < $0.count }) else { return nil }
      return AUROC(scores: scores.map { $0[finding] }, truth: truth.map { $0[finding] })
    }
    rows.append(Row(name: name, caseCount: scores.count, areas: areas))
  }

  /// The lowest area of all findings in all rows.
  package var lowest: Double? { rows.flatMap { $0.areas.compactMap { $0?.value } }.min() }

  /// A Markdown table: a row per set of cases, a column per finding, areas with three decimals.
  package var markdown: String {
    let header = ["variant", "n"] + findings + ["mean"]
    let lines = rows.map { row in
      [row.name, String(row.caseCount)] + row.areas.map { Self.text($0?.value) } + [Self.text(row.mean)]
    }
    let rule = header.indices.map { $0 == 0 ? "---" : "---:" }
    return ([header, rule] + lines).map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  private static func text(_ value: Double?) -> String {
    guard let value else { return "-" }
    let thousandths = Int((value * 1000).rounded())
    let fraction = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
  }
}
