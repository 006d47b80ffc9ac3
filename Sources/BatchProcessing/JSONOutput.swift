internal import Foundation
internal import Reports

/// JSON for standard output and logs: sorted keys, no escaped slashes.
enum JSONOutput {
  static func text(_ value: some Encodable) throws -> String {
    try String(decoding: encode(value, [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]), as: UTF8.self)
  }

  /// One line, for JSON Lines.
  static func line(_ value: some Encodable) throws -> [UInt8] {
    try Array(encode(value, [.sortedKeys, .withoutEscapingSlashes])) + [UInt8(ascii: "\n")]
  }

  private static func encode(_ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    return try encoder.encode(value)
  }
}

extension TriagePreview {
  package func json() throws -> String { try JSONOutput.text(self) }
}

extension PreprocessSummary {
  package func json() throws -> String { try JSONOutput.text(self) }
}

extension Diagnosis {
  package func json() throws -> String { try JSONOutput.text(self) }
}

extension TriageResult {
  /// The run record and the worklist in one object.
  package func json() throws -> String {
    struct Output: Encodable {
      let output: String
      let run: RunRecord
      let worklist: Reports.Worklist
    }
    return try JSONOutput.text(Output(output: output, run: record, worklist: worklist))
  }
}
