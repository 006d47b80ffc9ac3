/// What `bucky deidentify --also` makes of released objects.
package enum ExportFormat: String, Sendable, CaseIterable {
  /// Windowed pictures of 8 bits, at full resolution.
  case png8
  /// Stored values without loss, where 16 bits hold them.
  case png16
  /// The tables of MIMIC-CXR-JPG and CheXpert.
  case csv
  /// The encoder's input, as `bucky preprocess` makes it.
  case safetensors
  /// Volumes of CT and MR series.
  case nifti

  /// Formats by name; each once.
  ///
  /// - Throws: ``BatchError/configuration(_:)`` that names the choices.
  static func named(_ names: [String]) throws(BatchError) -> Set<ExportFormat> {
    var formats: Set<ExportFormat> = []
    for name in names {
      guard let format = ExportFormat(rawValue: name) else {
        let choices = allCases.map(\.rawValue).joined(separator: ", ")
        throw .configuration("there is no export \(name); choose of \(choices)")
      }
      formats.insert(format)
    }
    return formats
  }
}
