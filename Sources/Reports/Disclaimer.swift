/// The research-use statement that every output carries.
package enum Disclaimer {
  /// The full statement: in report.json, in the SR's comment and in the JSON worklist.
  package static let text =
    "Research use only. Not for diagnosis. Scores are uncalibrated image-text similarities of a machine learning "
    + "model and have not been confirmed by a physician. Absence of a flag does not mean absence of disease."

  /// One line of the same content, for tables and CSV rows.
  package static let line =
    "Research use only, not for diagnosis. Absence of a flag does not mean absence of disease."
}
