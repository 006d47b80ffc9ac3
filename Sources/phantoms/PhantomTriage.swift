internal import BatchProcessing
internal import DICOMCore
internal import DICOMFiles
internal import Foundation
internal import PhantomStudies
internal import Reports

/// Phantoms that went through triage as DICOM files, with what was drawn and what was scored.
enum PhantomTriage {
  /// One phantom; both lists in the order of `FindingKind.allCases`.
  struct Case {
    let scores: [Double]
    let truth: [Bool]
  }

  /// Writes the set to a folder of its own, triages it, and pairs scores with truth.
  static func run(_ set: PhantomSet, configuration: TriageConfiguration) async throws -> [Case] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bucky-evaluate-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder + "/in", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let truth = TruthTable(try await set.write(to: folder + "/in"))
    let result = try await TriageRun(
      inputs: [folder + "/in"], output: folder + "/out", configuration: configuration,
      threads: ProcessInfo.processInfo.activeProcessorCount, decoder: .children(DecoderPool(DecoderConfiguration()))
    ).run()
    return try result.reports.map { report in
      Case(
        scores: try FindingKind.allCases.map { kind in
          guard let score = report.findings.first(where: { $0.label == kind.label })?.scores.softmax else {
            throw PhantomTriageError.notScored(study: report.subject.studyInstanceUID, finding: kind.label)
          }
          return score
        },
        truth: try truth.findings(of: report.subject.studyInstanceUID))
    }
  }
}

/// A phantom that should have been scored and was not: a mistake in the phantoms or in triage.
enum PhantomTriageError: Error {
  case notScored(study: UID, finding: String)
  case unknownStudy(UID)
}

extension FindingKind {
  /// The name of the finding in `Pipelines/labels/phantom-demo.yaml`.
  var label: String { self == .lungNodule ? "lung-lesion" : rawValue }
}

/// The ground truth of a phantom set by study.
private struct TruthTable {
  private var rows: [String: [String: String]] = [:]

  /// - Parameter table: The header first.
  init(_ table: [[String]]) {
    guard let header = table.first else { return }
    for row in table.dropFirst() {
      let fields = Dictionary(zip(header, row)) { first, _ in first }
      if let study = fields["study_instance_uid"] { rows[study] = fields }
    }
  }

  func findings(of study: UID) throws -> [Bool] {
    guard let row = rows[study.value] else { throw PhantomTriageError.unknownStudy(study) }
    return FindingKind.allCases.map { row[$0.rawValue.replacingOccurrences(of: "-", with: "_")] == "1" }
  }
}
