/// What the reports say about the program that wrote them.
package enum Product {
  package static let name = "Bucky"
  /// Manufacturer (0008,0070), also of the processing equipment and the device observer.
  package static let manufacturer = "Bucky project"
  /// Manufacturer's Model Name (0008,1090), which is also the algorithm's name.
  package static let modelName = "Bucky triage"
  /// Series Description (0008,103E) of the reports.
  package static let seriesDescription = "AI triage (research, not for diagnosis)"
  /// Series Number (0020,0011) of the reports: above those of scanners.
  package static let seriesNumber = 9001
  static let keyObjectSeriesNumber = 9002
  static let keyObjectSeriesDescription = "AI triage: flagged images (research, not for diagnosis)"
  static let summarySeriesNumber = 9003
  static let summarySeriesDescription = "AI triage: summary (research, not for diagnosis)"
  /// Manufacturer's Model Name of the part that gives new identifiers.
  static let deidentifierModelName = "Bucky de-identification"
}
