internal import DICOMCore
internal import Foundation
internal import Reports

/// Writes the page of an output folder again from what lies in it, as it is or without identifiers.
package struct PageRun: Sendable {
  package let results: String
  /// Whether identifiers, dates and pictures of studies that are not de-identified are left out.
  package let isForResearch: Bool
  /// What pseudonyms follow from; `nil` for ranks alone.
  package let key: DeidentificationKey?

  package init(results: String, isForResearch: Bool = false, key: DeidentificationKey? = nil) {
    self.results = results
    self.isForResearch = isForResearch
    self.key = key
  }

  /// - Returns: The path of the page.
  /// - Throws: ``BatchError``, also where the folder holds no completed run or its files cannot be read.
  package func run() throws -> String {
    let list = results + "/worklist.json"
    guard FileManager.default.fileExists(atPath: list), FileManager.default.fileExists(atPath: results + "/run.json")
    else { throw BatchError.inputMissing(path: results + "/run.json") }
    let folder = try OutputFolder(creating: results)
    let worklist = try Self.decode(Reports.Worklist.self, from: list)
    var page = WorklistPageFile(folder: folder)
    if isForResearch {
      page.name = WorklistPageFile.researchName
      page.variant = .research(pseudonym: pseudonym)
    }
    try page.publish(worklist) { row in
      try Self.decode(TriageReport.self, from: "\(folder.path)/studies/\(row.studyInstanceUID)/report.json")
    }
    return folder.path + "/" + page.name
  }

  private var pseudonym: (@Sendable (String) -> String)? {
    key.map { KeyedDigest(key: $0.bytes) }.map { digest in
      { digest.hexadecimal("worklist-page", [$0], count: 8).uppercased() }
    }
  }

  /// Bytes of a JSON file at most; the longest report that a run can write has a hundredth of it.
  private static let largestFile = 1 << 28

  private static func decode<Value: Decodable>(_ type: Value.Type, from path: String) throws(BatchError) -> Value {
    let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
    guard let size, size <= largestFile else { throw .inputMissing(path: path) }
    let bytes: Data
    do { bytes = try Data(contentsOf: URL(filePath: path)) } catch { throw .inputMissing(path: path) }
    do { return try JSONDecoder().decode(type, from: bytes) } catch {
      // The decoder's own words may hold values of the file.
      throw .configuration("\(path) was not written by this version of Bucky")
    }
  }
}
