internal import Foundation

/// Files that carry a marker of their own in every place where DICOM can hold identity: what a de-identified export is searched for.
///
/// Everything is made up and drawn here, and is the same in every run.
package struct IdentityCorpus: Sendable {
  package struct File: Sendable {
    /// Relative to the folder of the inputs.
    package let path: String
    package let bytes: [UInt8]
    /// Why it may be withheld; `nil` for an object that should come out.
    package let refusal: String?
  }

  package let files: [File]
  package let markers: [CorpusMarker]

  package init() throws {
    var builder = CorpusBuilder()
    builder.addTableObjects()
    try builder.addStructures()
    builder.addIdentifiers()
    builder.addDates()
    builder.addCharacterSets()
    builder.addReports()
    builder.addOtherFiles()
    try builder.addPixels()
    try builder.addCodeStreams()
    (files, markers) = (builder.files, builder.markers)
  }

  /// Writes `in` with the files, and `markers.json`.
  package func write(to folder: String) throws {
    let root = URL(fileURLWithPath: folder, isDirectory: true)
    for file in files {
      let place = root.appendingPathComponent("in").appendingPathComponent(file.path)
      try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.bytes).write(to: place)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let list = try markers.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
    let text = "{\"schema\":\"bucky-identity-corpus/1\",\"markers\":[\n" + list.joined(separator: ",\n") + "\n]}\n"
    try Data(text.utf8).write(to: root.appendingPathComponent("markers.json"))
  }
}
