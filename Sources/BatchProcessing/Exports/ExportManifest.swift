internal import DICOMCore

/// A line of `exports.jsonl`: a file that was made, or what was not made and why.
struct ExportLine: Sendable, Encodable {
  /// A released object.
  struct Source: Sendable, Encodable {
    let sopInstanceUID: String
    let sha256: ContentDigest

    enum CodingKeys: String, CodingKey {
      case sha256
      case sopInstanceUID = "sop_instance_uid"
    }
  }

  let format: ExportFormat
  /// Relative to the output folder; `nil` for what was not made.
  var path: String?
  var sha256: ContentDigest?
  var bytes: Int?
  /// Why there is no file.
  var reason: String?
  /// What it was made from, in the order of use.
  var sources: [Source] = []
  /// Of a file made from all objects: where they are listed.
  var sourcesListedIn: String?
  /// From 1.
  var frame: Int?
  /// What was done, in order: enough to do it again.
  var steps: [ProcessingStep] = []

  enum CodingKeys: String, CodingKey {
    case format, path, sha256, bytes, reason, sources, frame, steps
    case sourcesListedIn = "sources_listed_in"
  }

  static func made(_ format: ExportFormat, _ path: String, _ content: [UInt8]) -> ExportLine {
    ExportLine(format: format, path: path, sha256: ContentDigest(of: content), bytes: content.count)
  }

  static func notMade(_ format: ExportFormat, _ reason: String, _ sources: [Source], frame: Int? = nil) -> ExportLine {
    ExportLine(format: format, reason: reason, sources: sources, frame: frame)
  }
}

extension ExportFormat: Encodable {}

/// What was made and what was not, by format: in `run.json`.
package struct ExportSummary: Sendable, Encodable, Equatable {
  package struct Counts: Sendable, Encodable, Equatable {
    package var files = 0
    package var notMade = 0
    /// Of what was not made.
    package var reasons: [String: Int] = [:]

    enum CodingKeys: String, CodingKey {
      case files, reasons
      case notMade = "not_made"
    }
  }

  package private(set) var formats: [String: Counts]

  init(_ formats: Set<ExportFormat>) {
    self.formats = Dictionary(uniqueKeysWithValues: formats.map { ($0.rawValue, Counts()) })
  }

  package subscript(_ format: ExportFormat) -> Counts { formats[format.rawValue] ?? Counts() }

  mutating func add(_ line: ExportLine) {
    formats[line.format.rawValue, default: Counts()].files += line.path == nil ? 0 : 1
    if let reason = line.reason { add(line.format, reason: reason) }
  }

  mutating func add(_ format: ExportFormat, reason: String, count: Int = 1) {
    formats[format.rawValue, default: Counts()].notMade += count
    formats[format.rawValue, default: Counts()].reasons[reason, default: 0] += count
  }

  package func encode(to encoder: any Encoder) throws { try formats.encode(to: encoder) }
}

/// `exports.jsonl` as it grows, and its counts.
final class ExportManifest {
  private let file: AppendingFile
  private let folder: OutputFolder
  var summary: ExportSummary

  init(_ formats: Set<ExportFormat>, in folder: OutputFolder) throws(BatchError) {
    self.folder = folder
    summary = ExportSummary(formats)
    file = try AppendingFile(creating: try folder.temporaryPath(for: ExportNames.manifest))
  }

  func add(_ line: ExportLine) throws {
    summary.add(line)
    try file.append(try JSONOutput.line(line))
  }

  /// Notes a file that is in its place; it is read again for its digest.
  func add(_ format: ExportFormat, file path: String, listedIn list: String) throws {
    let written = try WrittenFile(folder.path + "/" + path)
    var hasher = ContentHasher()
    var offset = 0
    while offset < written.size {
      let piece = try written.bytes(at: offset, count: 1 << 20)
      if piece.isEmpty { break }
      hasher.update(piece)
      offset += piece.count
    }
    try add(
      ExportLine(format: format, path: path, sha256: hasher.finish(), bytes: offset, sourcesListedIn: list))
  }

  func finish() throws {
    try file.flush()
    try folder.finish(try folder.temporaryPath(for: ExportNames.manifest), as: ExportNames.manifest)
  }
}
